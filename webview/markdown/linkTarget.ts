/** Where a link or an image chip leads. The host decides again before anything is opened. */
export type LinkTarget =
  /** Absolute, `https:`, `http:` or `mailto:`, as `URL` spells it. */
  | { readonly type: 'address'; readonly href: string; readonly host: string }
  /** A relative path, as written: the host looks for it in the workspace. */
  | { readonly type: 'path'; readonly path: string };

const longestTarget = 4_000;

/**
 * Reads the destination of a link, character references already resolved. Nothing for what must not become a link:
 * other schemes, user names and passwords, addresses without a scheme (`//host`), UNC and absolute paths, paths that
 * climb, and whatever holds characters that a reader cannot see.
 */
export function linkTarget(destination: string): LinkTarget | undefined {
  if (destination.length > longestTarget || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\\]/u.test(destination))
    return undefined;
  if (/^(?:https?:\/\/[^/?#]|mailto:.)/iu.test(destination)) return address(destination);
  if (/^[a-z][a-z\d+.-]*:(?!\d)/iu.test(destination)) return undefined;
  return path(destination);
}

function address(destination: string): LinkTarget | undefined {
  if (!URL.canParse(destination)) return undefined;
  const url = new URL(destination);
  if (url.username !== '' || url.password !== '') return undefined;
  return { type: 'address', href: url.href, host: url.host === '' ? url.protocol : url.host };
}

function path(destination: string): LinkTarget | undefined {
  const written = /^[^#?]+/u.exec(destination)?.[0];
  if (written === undefined) return undefined;
  let decoded: string;
  try {
    decoded = decodeURIComponent(written);
  } catch {
    return undefined;
  }
  const segments = decoded
    .replace(/^\.\//u, '')
    .replace(/:\d+(?:[-:,].*)?$/u, '')
    .split('/');
  const isOdd = segments.some(
    (segment) => segment === '' || segment === '..' || /[\p{Cc}\p{Cf}\\:~<>"|*?`]/u.test(segment),
  );
  return isOdd ? undefined : { type: 'path', path: destination };
}
