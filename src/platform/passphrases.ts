import { originOf, type Endpoint } from '../core/endpoint.ts';
import type { FindPassphrase } from './certificateFiles.ts';
import type { KeyStore } from './secrets.ts';

/** Asks for the passphrase of a file; `again` where the last one did not open it. `undefined` for no answer. */
export type AskPassphrase = (endpoint: Endpoint, file: string, again: boolean) => Promise<string | undefined>;

/**
 * Passphrases of client keys: the one in SecretStorage that was typed for the endpoint's origin, otherwise its owner
 * is asked, once for however many requests wait, until one fits or the question is dismissed. One that fits is kept.
 */
export function createFindPassphrase(
  keys: Pick<KeyStore, 'readPassphrase' | 'storePassphrase'>,
  ask: AskPassphrase,
): FindPassphrase {
  const asking = new Map<string, Promise<string | undefined>>();

  const find: FindPassphrase = async (endpoint, file, opens) => {
    const origin = originOf(endpoint.baseUrl);
    if (origin === undefined) return undefined;
    const stored = await keys.readPassphrase(endpoint.id, origin);
    if (stored !== undefined && opens(stored)) return stored;
    for (let again = stored !== undefined; ; again = true) {
      const typed = await ask(endpoint, file, again);
      if (typed === undefined) return undefined;
      if (!opens(typed)) continue;
      await keys.storePassphrase(endpoint.id, origin, typed);
      return typed;
    }
  };

  return (endpoint, file, opens) => {
    const id = JSON.stringify([endpoint.id, endpoint.baseUrl, file]);
    const known = asking.get(id);
    if (known !== undefined) return known;
    const question = find(endpoint, file, opens).finally(() => asking.delete(id));
    asking.set(id, question);
    return question;
  };
}
