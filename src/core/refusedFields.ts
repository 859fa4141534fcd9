import type { ServerError } from './readingError.ts';
import { repairRules } from './repairRules.ts';

/** Fields that are named in failures although nothing is ever changed about them. */
const shownOnly = [
  'tools',
  'response_format',
  'reasoning',
  'modalities',
  'audio',
  'web_search_options',
  'moderation',
  'messages',
];

interface FieldName {
  readonly field: string;
  readonly pattern: RegExp;
}

/** Names are recognised as the API writes them and in camel case, as xAI complains (`reasoningEffort`). */
const names: readonly FieldName[] = [...repairRules.keys(), ...shownOnly].map((field) => {
  const camel = field.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const spelt = camel === field ? field : `(?:${field}|${camel})`;
  const distinct = field.includes('_') || repairRules.get(field)?.unmistakable === true;
  // Prose ("stop sending") is no name: a word counts in quotes, around a colon, or where a list of names begins.
  const places = [
    `(?<=['"\`=])${spelt}(?![\\w-])`,
    `(?<![\\w-])${spelt}(?=['"\`:,])`,
    `(?<=: )${spelt}\\s*$`,
    `(?<=\\b(?:invalid|supplied:|parameter|argument|field) )${spelt}(?![\\w-])`,
  ];
  const pattern = distinct ? `(?<![\\w-])${spelt}(?![\\w-])` : places.join('|');
  // `role 'user'` is a role.
  return { field, pattern: new RegExp(`(?<!\\brole\\W{0,3})(?:${pattern})`) };
});

/** Words that say that a field, or this value of it, is not known or not taken here. A range is for the user to keep. */
const unsupportedWords =
  /not (?:be |yet |currently )?support|unsupported|n[o']t (?:allow|accept|support)|not (?:permitted|allowed|accepted|recognized|available)|cannot be (?:used|set|specified)|unknown|unrecognized|unexpected|incompatible|cannot find field|extra_forbidden|extra (?:inputs|fields)|additional propert|only (?!.{0,40}(?:\bbetween\b|\brange\b|\d ?(?:to|and|-|\.\.) ?\d)).{0,40}\b(?:allowed|supported|accepted)/i;
/** Words with which a field is refused for any reason, a wrong value of the user's among them. */
const refusalWords = new RegExp(`${unsupportedWords.source}|invalid|must not|too short`, 'i');

const missingWords = /required|missing/i;

/** More text than this explains nothing; it is the server's, so it may be of any length. */
const longestText = 4000;

/** The request fields that a refusal is about, for showing: `param`, or else those that its sentence names. */
export function refusedFields(error: ServerError): readonly string[] {
  return error.param === null ? namedFields(error, refusalWords) : [error.param];
}

/**
 * The fields that the server does not know or take, as they may be looked up in a request: from `param`, or else from
 * its sentence. A value that is wrong anywhere (out of range, of the wrong type) is the user's to put right: none.
 */
export function unsupportedFields(error: ServerError): readonly string[] {
  if (error.param === null) return namedFields(error, unsupportedWords);
  if (!saysUnsupported(error)) return [];
  // `stream_options.include_usage`, `body.seed`, `/seed`
  const path = error.param.replace(/^(?:\$\.|#?\/|body[./])/, '');
  return [/^[\w-]{1,64}(?=$|[.[/])/.exec(path)?.[0] ?? error.param];
}

/** The fields that the server misses. */
export function missingFields(error: ServerError): readonly string[] {
  if (!missingWords.test(error.message.slice(0, longestText))) return [];
  return error.param === null ? namedFields(error, missingWords) : [error.param];
}

/** Whether the refusal says that a field, or this value of it, is not taken here. */
export function saysUnsupported(error: ServerError): boolean {
  // A code is a sentence too: `not_supported`.
  const code = codeOf(error).replaceAll('_', ' ');
  return unsupportedWords.test(`${code} ${error.message.slice(0, longestText)}`);
}

/** Whether it is this value that is not taken, and others may be; not so where only the default is. */
export function saysValueUnsupported(error: ServerError): boolean {
  const text = `${codeOf(error)} ${error.message.slice(0, longestText)}`;
  return (
    /unsupported[_ ]value|n[o']t support ['"\d]/i.test(text) &&
    !/\bonly .{0,40}\b(?:allowed|supported|accepted)/i.test(text)
  );
}

function codeOf({ code }: ServerError): string {
  return String(code).slice(0, 100);
}

/**
 * Each clause that refuses names its fields first, in one list; what comes later in it is advice ("use ... instead").
 */
function namedFields({ message }: ServerError, refusal: RegExp): readonly string[] {
  const text = message.slice(0, longestText);
  const found = text.split(/[;\n]|\.(?=\s|$)/).flatMap((clause) => {
    if (!refusal.test(clause)) return [];
    const places = names
      .flatMap(({ field, pattern }) => {
        const match = pattern.exec(clause);
        return match === null ? [] : [{ field, start: match.index, end: match.index + match[0].length }];
      })
      .toSorted((a, b) => a.start - b.start);
    const end = places.findIndex(
      ({ start }, index) =>
        index > 0 &&
        !/^['"`\])]?(?:,|\s|and|or|&)*['"`[(]?$/.test(clause.slice(places[index - 1]?.end, start)),
    );
    return places.slice(0, end < 0 ? places.length : end).map(({ field }) => field);
  });
  return [...new Set(found)];
}
