import { readdirSync, readFileSync } from 'node:fs';

/* Recorded habits of servers: each stream with the message that it stands for. */

const folder = new URL('../fixtures/streams/', import.meta.url);

export interface Fixture {
  readonly name: string;
  readonly request: { readonly n?: number };
  readonly http: { readonly headers: Readonly<Record<string, string>> };
  readonly expected: Readonly<Record<string, unknown>> & {
    readonly error: Readonly<Record<string, unknown>> | null;
  };
}

export const fixtureNames: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length));

export function loadFixture(name: string): { readonly fixture: Fixture; readonly bytes: Uint8Array } {
  // The fixtures are ours, and a wrong shape fails where they are read.
  const fixture = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as Fixture;
  return { fixture, bytes: readFileSync(new URL(`${name}.sse`, folder)) };
}
