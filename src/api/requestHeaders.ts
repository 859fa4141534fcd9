import { checkKey } from '../core/apiKey.ts';
import type { Dialect } from '../core/dialects.ts';
import type { Endpoint } from '../core/endpoint.ts';
import { headerProblem } from '../core/headerRules.ts';

/** Why a request cannot be sent as it is: names things and never holds a value. */
export type HeaderRefusal =
  | { readonly type: 'noKey' }
  | { readonly type: 'badKey'; readonly why: string }
  | { readonly type: 'badHeader'; readonly header: string };

export type HeaderResult =
  | { readonly type: 'headers'; readonly headers: Readonly<Record<string, string>> }
  | { readonly type: 'refused'; readonly refusal: HeaderRefusal };

const keyVariable = '${apiKey}';

/**
 * The headers of a request: `own` first, the key where the dialect wants it (unless the endpoint's own headers say
 * where it goes), the endpoint's headers last. Everything is checked here although it was checked on entry: undici's
 * complaint about a bad header repeats its value.
 */
export function requestHeaders(
  endpoint: Endpoint,
  dialect: Dialect,
  key: string | undefined,
  own: Readonly<Record<string, string>>,
): HeaderResult {
  const added = Object.entries(endpoint.headers ?? {});
  const placesKey = [...added.map(([, value]) => value), ...Object.values(own)].some((value) =>
    value.includes(keyVariable),
  );
  const checked = key === undefined ? undefined : checkKey(key);
  if (checked?.type === 'refused') {
    return refused(
      checked.why === 'empty' ? { type: 'noKey' } : { type: 'badKey', why: `the key: ${checked.why}` },
    );
  }
  if (checked === undefined && placesKey) return refused({ type: 'noKey' });
  const headers = new Map<string, string>();
  const set = (name: string, value: string): void => {
    headers.set(
      name.toLowerCase(),
      value.replaceAll(keyVariable, () => checked?.key ?? ''),
    );
  };
  for (const [name, value] of Object.entries(own)) set(name, value);
  if (checked !== undefined && !added.some(([, value]) => value.includes(keyVariable))) {
    set(dialect.keyHeader, dialect.keyHeader === 'authorization' ? `Bearer ${keyVariable}` : keyVariable);
  }
  for (const [name, value] of added) {
    if (headerProblem(name, value) === 'badHeader') return refused({ type: 'badHeader', header: name });
    set(name, value);
  }
  return { type: 'headers', headers: Object.fromEntries(headers) };
}

/** Texts of an endpoint's requests that must not appear in any message about them. */
export function secretsOf(endpoint: Endpoint, key: string | undefined): readonly string[] {
  const secretName = /key|token|secret|auth|sig|password|cookie/i;
  const values = [endpoint.headers, endpoint.query].flatMap((fields) =>
    Object.entries(fields ?? {}).flatMap(([name, value]) => (secretName.test(name) ? [value] : [])),
  );
  // `Bearer abc` hides `abc` as well.
  const parts = values.flatMap((value) => value.replaceAll(keyVariable, '').split(/\s+/));
  return key === undefined ? parts : [key, key.trim(), ...parts];
}

function refused(refusal: HeaderRefusal): HeaderResult {
  return { type: 'refused', refusal };
}
