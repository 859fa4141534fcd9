/** What TLS to an endpoint is made with. Everything is read and checked; nothing here is a path. */
export interface TlsSettings {
  /** Certificate authorities (PEM) to trust, in place of Node's own list. */
  readonly ca?: readonly string[] | undefined;
  /** The client's certificate with its chain (PEM) and its private key (PEM, decrypted). */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** Certificate and key in one PKCS #12 file, in place of `cert` and `key`, and its passphrase. */
  readonly pfx?: Uint8Array | undefined;
  readonly passphrase?: string | undefined;
}
