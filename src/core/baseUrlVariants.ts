import { dialects } from './dialects.ts';

/** Ends of a complete request address, which are no part of a base URL. */
const requestPaths =
  /\/(?:chat\/completions|completions|chat|models|responses|embeddings|messages|api\/(?:chat|generate|tags))$/;

/** More are not tried. */
const mostVariants = 8;

/**
 * The base URLs that are usually meant by one at which nothing answers, likeliest first: without the end of a request
 * address, without a doubled version, with `/v1`, without it, and with the paths at which known servers have their
 * API. All have the origin of `baseUrl`, and none is `baseUrl` itself.
 */
export function baseUrlVariants(baseUrl: string): readonly string[] {
  let url: URL;
  try {
    url = new URL(baseUrl);
  } catch {
    return [];
  }
  const given = url.pathname.replace(/\/+$/, '');
  const base = withoutRepeats(withoutRequestPath(given));
  const withoutVersion = base.replace(/\/v\d+(?:beta)?$/, '');
  const paths = [
    base,
    ...(withoutVersion === base ? [`${base}/v1`] : [withoutVersion]),
    ...(withoutVersion === '' ? [] : [`${withoutVersion}/v1`]),
    ...new Set(Object.values(dialects).map((dialect) => pathOf(dialect.baseUrl))),
    '/api',
    '',
  ];
  return [...new Set(paths)]
    .filter((path) => path !== given)
    .slice(0, mostVariants)
    .map((path) => url.origin + path);
}

function withoutRequestPath(path: string): string {
  let shorter = path;
  for (let before = ''; before !== shorter;) {
    before = shorter;
    shorter = shorter.replace(requestPaths, '').replace(/\/+$/, '');
  }
  return shorter;
}

/** `/v1/v1` is `/v1`. */
function withoutRepeats(path: string): string {
  return path.replaceAll(/(\/v\d+(?:beta)?)(?:\1)+(?=\/|$)/g, '$1');
}

function pathOf(baseUrl: string): string {
  // Placeholders stand in hosts only.
  return new URL(baseUrl).pathname.replace(/\/+$/, '');
}
