/** What the conversation offers for filling in a value. */
export interface Hints {
  /** What the user asked, without code. */
  readonly question: string;
  /** Path of a file that was sent. */
  readonly path?: string;
  /** The code that was sent. */
  readonly code?: string;
}

const formats: Readonly<Record<string, string>> = {
  'date-time': '2026-03-14T09:30:00Z',
  date: '2026-03-14',
  time: '09:30:00Z',
  duration: 'PT90M',
  email: 'ada@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  uuid: '6f2d1c0e-8a3b-4f5d-9e7c-1b2a3c4d5e6f',
};

/** A text for a property, by its format and else by its name; items of an array differ by their number. */
export function exampleText(name: string, format: string, variant: number, hints: Hints): string {
  const formatted = formats[format];
  if (formatted !== undefined) return formatted;
  const text = byName(name.toLowerCase(), hints);
  return variant === 0 ? text : `${text} ${variant + 1}`;
}

function byName(name: string, hints: Hints): string {
  if (/path|file/u.test(name)) return hints.path ?? 'src/example.ts';
  if (/code|source|snippet/u.test(name)) return hints.code ?? 'console.log("Hello")';
  if (/location|city|place|address|country/u.test(name)) return placeIn(hints.question) ?? 'Lisbon';
  if (/query|question|prompt|input|text|message|search|request/u.test(name)) return shorten(hints.question);
  if (/date|day/u.test(name)) return '2026-03-14';
  if (/email/u.test(name)) return 'ada@example.com';
  if (/url|uri|link/u.test(name)) return 'https://example.com/';
  if (/title|name|subject/u.test(name)) return shorten(hints.question, 40);
  if (/language/u.test(name)) return 'English';
  if (/unit/u.test(name)) return 'celsius';
  return name === '' ? shorten(hints.question) : `an example of ${words(name)}`;
}

/** A capitalised name after "in", "at", "for", "of", "near" or "to", or anywhere but at the start of a sentence. */
function placeIn(question: string): string | undefined {
  return placesIn(question)[0];
}

/** All of them, in order, joined by commas or "and" as people write them. */
export function placesIn(question: string): readonly string[] {
  const name = String.raw`\p{Lu}[\p{L}'.-]*(?:\s\p{Lu}[\p{L}'-]*)*`;
  const run = new RegExp(
    String.raw`\b(?:in|at|for|of|near|to)\s+(${name}(?:(?:,\s*|\s+and\s+|,\s*and\s+)${name})*)`,
    'u',
  );
  const found = run.exec(question)?.[1];
  if (found === undefined) return [];
  return found.split(/,\s*and\s+|,\s*|\s+and\s+/u).map((place) => place.replace(/\.$/u, ''));
}

function shorten(text: string, length = 120): string {
  const line = text.trim().replace(/\s+/gu, ' ');
  if (line === '') return 'an example';
  return line.length <= length ? line : `${line.slice(0, length - 1).trimEnd()}…`;
}

function words(name: string): string {
  return name.replaceAll(/[_-]+/gu, ' ');
}
