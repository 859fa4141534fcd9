import type { ConnectionOptions } from 'node:tls';
import type { Route } from './sender.ts';

/**
 * The options for `tls.connect` to a server on its way: authorities, client certificate, and whether certificates
 * are checked. They are, except through a proxy for which the user's own `http.proxyStrictSSL` is off.
 */
export function tlsOptions({ proxy, tls }: Route): ConnectionOptions {
  return {
    ...proxyTlsOptions({ proxy, tls }),
    ...(tls?.cert !== undefined && { cert: tls.cert }),
    ...(tls?.key !== undefined && { key: tls.key }),
    ...(tls?.pfx !== undefined && { pfx: Buffer.from(tls.pfx) }),
    ...(tls?.passphrase !== undefined && { passphrase: tls.passphrase }),
  };
}

/** The same for a proxy that is spoken to by TLS itself: it is never shown the client certificate. */
export function proxyTlsOptions({ proxy, tls }: Route): ConnectionOptions {
  return {
    ...(tls?.ca !== undefined && { ca: [...tls.ca] }),
    rejectUnauthorized: proxy?.strictSsl !== false,
  };
}
