import type { Declaration } from './declaration.ts';

/** `maxRetryCount` and `max_retry_count` as words. */
export function spoken(name: string): string {
  return name
    .replace(/^[#_$]+/u, '')
    .replaceAll(/[_$-]+/gu, ' ')
    .replaceAll(/(?<=[a-z\d])(?=[A-Z])/gu, ' ')
    .replaceAll(/(?<=[A-Z])(?=[A-Z][a-z])/gu, ' ')
    .split(' ')
    .map((word) => (/^[A-Z]{2,}$/u.test(word) ? word : word.toLowerCase()))
    .join(' ')
    .trim();
}

const verbs = new Set(
  'add apply append build calculate call check clear clone close collect compare compute convert copy count create decode delete detect dispatch download draw emit encode ensure execute extract fetch fill filter find flatten format generate get group handle import init initialize insert join list listen load log make map merge move normalize notify open parse pick print process pull push put read receive reduce refresh register reject remove render replace report request reset resize resolve restore return reverse round run save scan schedule search select send serialize set show shuffle sort split start stop store submit subscribe sum swap sync test toggle transform translate trim truncate try update upload validate verify visit wait walk watch wrap write'.split(
    ' ',
  ),
);

/** One sentence about what a declaration is for, taken from its name. */
export function sentenceFor(declaration: Declaration): string {
  const [first = '', ...rest] = spoken(declaration.name).split(' ');
  const object = rest.join(' ');
  switch (declaration.kind) {
    case 'function':
    case 'method':
      break;
    case 'class':
    case 'struct':
    case 'interface':
    case 'type':
    case 'enum':
    case 'trait':
      return `Describes ${article(spoken(declaration.name))}.`;
  }
  if (['constructor', 'init', 'new'].includes(first) && object === '') {
    return `Sets up ${article(spoken(declaration.owner ?? 'new value'))}.`;
  }
  if (['is', 'has', 'can', 'should', 'are', 'was', 'will'].includes(first) && object !== '') {
    return `Tells whether something ${first} ${object}.`;
  }
  if (first === 'on' && object !== '') return `Reacts to ${object}.`;
  if (first === 'to' && object !== '') return `Converts to ${object}.`;
  if (first === 'from' && object !== '') return `Builds a value from ${object}.`;
  if (first === 'main') return 'Runs the program.';
  if (verbs.has(first)) {
    const owner = declaration.owner === undefined ? '' : ` of ${article(spoken(declaration.owner))}`;
    return `${conjugated(first)} ${object === '' ? subject(declaration) : `the ${object}`}${object === '' ? '' : owner}.`;
  }
  if (declaration.kind === 'method' && object === '' && declaration.parameters.length > 0) {
    return `${conjugated(first)} ${subject(declaration)}.`;
  }
  return `Works out the ${spoken(declaration.name)}${subjectPhrase(declaration)}.`;
}

/** What a verb without an object acts on: the first parameter, or the object a method belongs to. */
function subject(declaration: Declaration): string {
  const [parameter] = declaration.parameters;
  const name = parameter?.name.replace(/^(?:\.{3}|\*+)/u, '');
  if (name !== undefined && /^\w+$/u.test(name)) return `the ${spoken(name)}`;
  return declaration.owner === undefined ? 'its input' : `the ${spoken(declaration.owner)}`;
}

function subjectPhrase(declaration: Declaration): string {
  const names = declaration.parameters
    .map((parameter) => parameter.name)
    .filter((name) => /^\w+$/u.test(name));
  return names[0] === undefined ? '' : ` of the ${spoken(names[0])}`;
}

function conjugated(verb: string): string {
  const third = /(?:s|sh|ch|x|z|o)$/u.test(verb)
    ? `${verb}es`
    : /[^aeiou]y$/u.test(verb)
      ? `${verb.slice(0, -1)}ies`
      : `${verb}s`;
  return third.slice(0, 1).toUpperCase() + third.slice(1);
}

function article(noun: string): string {
  return `${/^[aeiou]/iu.test(noun) ? 'an' : 'a'} ${noun}`;
}
