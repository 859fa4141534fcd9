/** What a link in a reply leads to, decided in the host. Everything else about links is refused. */
export type LinkTarget =
  /** An address to be opened outside, in ASCII; `deceptive` hosts are shown and asked about first. */
  | { readonly type: 'external'; readonly url: string; readonly host: string; readonly deceptive: boolean }
  /** A path to look for in the workspace. */
  | { readonly type: 'file'; readonly path: string; readonly line: number | undefined }
  | { readonly type: 'refused' };

const refused: LinkTarget = { type: 'refused' };

/** Reads the target of a link as it stands in the reply's markdown. */
export function readLink(href: string): LinkTarget {
  if (/[\p{Cc}\\]/u.test(href) || href.trim() === '') return refused;
  if (/^(?:https?:\/\/[^/?#]|mailto:.)/iu.test(href)) return external(href);
  // Any other scheme, and addresses without one (`//host`): no.
  if (/^[a-z][a-z0-9+.-]*:(?!\d)/i.test(href) || href.startsWith('//')) return refused;
  return workspaceFile(href);
}

function external(href: string): LinkTarget {
  let url: URL;
  try {
    url = new URL(href);
  } catch {
    return refused;
  }
  if (url.username !== '' || url.password !== '') return refused;
  // A host with letters beyond ASCII can look like another one.
  const deceptive = url.hostname.split('.').some((label) => label.startsWith('xn--'));
  return { type: 'external', url: url.href, host: url.host, deceptive };
}

function workspaceFile(href: string): LinkTarget {
  const match = /^(?<path>[^#?]+?)(?:(?::|#L?)(?<line>\d{1,7})(?!\d).*|[#?].*)?$/.exec(href);
  let path: string;
  try {
    path = decodeURIComponent(match?.groups?.['path'] ?? '');
  } catch {
    return refused;
  }
  const segments = path.replace(/^\.\//, '').split('/');
  const odd = segments.some((segment) => segment === '..' || segment === '' || /[\p{Cc}\\:~]/u.test(segment));
  if (odd || path.startsWith('/')) return refused;
  const line = match?.groups?.['line'];
  return { type: 'file', path: segments.join('/'), line: line === undefined ? undefined : Number(line) };
}
