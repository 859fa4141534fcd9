import { addEntry, newId, newName, removeEntry } from '../../core/editEntries.ts';
import type { Endpoint } from '../../core/endpoint.ts';
import { joinModelRef } from '../../core/modelRef.ts';
import type { KeyStore } from '../../platform/secrets.ts';
import type { Settings } from '../../platform/settings.ts';

/** An endpoint that is complete and not stored yet; its id is given when it is stored. */
export interface NewEndpoint {
  readonly endpoint: Endpoint;
  readonly origin: string;
  readonly key: string | undefined;
  /** Model id; empty for none. */
  readonly model: string;
}

export interface SavePorts {
  readonly settings: Pick<Settings, 'endpoints' | 'changeEndpoints' | 'changeModel'>;
  readonly keys: Pick<KeyStore, 'store' | 'remove'>;
}

/**
 * Stores endpoint, key and default model: all of it or, raising the error, nothing. The default model stays as it is
 * where none was given.
 */
export async function saveEndpoint(added: NewEndpoint, { settings, keys }: SavePorts): Promise<Endpoint> {
  const name = newName(settings.endpoints, added.endpoint.name);
  const stored: { endpoint: Endpoint } = { endpoint: { ...added.endpoint, name } };
  await settings.changeEndpoints((raw) => {
    stored.endpoint = { ...stored.endpoint, id: newId(raw, name) };
    return addEntry(raw, stored.endpoint);
  });
  const { id } = stored.endpoint;
  try {
    // A key that a deleted entry of the same id left behind must not come back to life.
    await keys.remove(id);
    if (added.key !== undefined) await keys.store(id, added.origin, added.key);
    if (added.model !== '') await settings.changeModel(joinModelRef(id, added.model));
    return stored.endpoint;
  } catch (error) {
    await Promise.allSettled([keys.remove(id), settings.changeEndpoints((raw) => removeEntry(raw, id))]);
    throw error;
  }
}
