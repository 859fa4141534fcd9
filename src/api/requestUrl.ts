import { type Dialect, dialectFor } from '../core/dialects.ts';
import { type Endpoint, originOf } from '../core/endpoint.ts';

/**
 * Where requests of this endpoint go; `undefined` where the base URL is no http(s) URL. A whole chat URL in place of
 * the base URL is understood.
 */
export function chatUrl(endpoint: Endpoint, model: string): URL | undefined {
  const dialect = dialectFor(endpoint);
  return urlOf(endpoint, dialect, (base) => {
    // The deployment may be part of the base URL already.
    const path = base.includes('/deployments/') ? '/chat/completions' : dialect.chatPath;
    return base + path.replace('{model}', encodeURIComponent(model));
  });
}

export function modelsUrl(endpoint: Endpoint): URL | undefined {
  const dialect = dialectFor(endpoint);
  return urlOf(endpoint, dialect, (base) => base.replace(/\/deployments\/.*$/, '') + dialect.modelsPath);
}

/** Stored completions: `path` are segments behind `/chat/completions`; they are encoded here. */
export function storedUrl(
  endpoint: Endpoint,
  path: readonly string[],
  query: Readonly<Record<string, string | number | undefined>> = {},
): URL | undefined {
  const segments = path.map((segment) => `/${encodeURIComponent(segment)}`).join('');
  const url = urlOf(
    endpoint,
    dialectFor(endpoint),
    (base) => `${base.replace(/\/deployments\/.*$/, '')}/chat/completions${segments}`,
  );
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url?.searchParams.set(name, String(value));
  }
  return url;
}

function urlOf(endpoint: Endpoint, dialect: Dialect, path: (base: string) => string): URL | undefined {
  if (originOf(endpoint.baseUrl) === undefined) return undefined;
  const url = new URL(endpoint.baseUrl);
  url.hash = '';
  url.pathname = path(url.pathname.replace(/\/+$/, '').replace(/\/chat\/completions$/, ''));
  for (const [name, value] of Object.entries(dialect.query ?? {})) {
    if (!url.searchParams.has(name)) url.searchParams.set(name, value);
  }
  for (const [name, value] of Object.entries(endpoint.query ?? {})) url.searchParams.set(name, value);
  return url;
}
