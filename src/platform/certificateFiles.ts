import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { CompletionError } from '../core/completionError.ts';
import { originOf, type Endpoint } from '../core/endpoint.ts';
import type { TlsSettings } from '../core/tlsSettings.ts';

/**
 * Finds the passphrase of an endpoint's encrypted key file; `undefined` where its owner does not tell it.
 *
 * @param opens whether a passphrase is the right one.
 */
export type FindPassphrase = (
  endpoint: Endpoint,
  file: string,
  opens: (passphrase: string) => boolean,
) => Promise<string | undefined>;

/**
 * The endpoint's own authorities, as PEM. Raises `CompletionError` (`certificate`) that names file and endpoint for
 * a file that cannot be read or holds no certificate.
 */
export async function readAuthorities(endpoint: Endpoint): Promise<string | undefined> {
  const { caFile } = endpoint;
  if (caFile === undefined) return undefined;
  const pem = (await read(endpoint, caFile)).toString('utf8');
  checkCertificate(endpoint, caFile, pem);
  return pem;
}

/**
 * The certificate and the key that the endpoint's files hold, checked and decrypted. Files are read each time: short
 * lived certificates are renewed on disk. Raises `CompletionError` (`certificate`) that names file and endpoint.
 */
export async function readClientCertificate(
  endpoint: Endpoint,
  findPassphrase: FindPassphrase,
): Promise<Pick<TlsSettings, 'cert' | 'key' | 'pfx' | 'passphrase'>> {
  const { clientCertFile, clientKeyFile = clientCertFile } = endpoint;
  if (clientCertFile === undefined || clientKeyFile === undefined) return {};
  const bytes = await read(endpoint, clientCertFile);
  const cert = bytes.toString('latin1');
  if (!cert.includes('-----BEGIN ')) return openPfx(endpoint, clientCertFile, bytes, findPassphrase);
  const certificate = checkCertificate(endpoint, clientCertFile, cert);
  const pem = clientKeyFile === clientCertFile ? cert : (await read(endpoint, clientKeyFile)).toString();
  const key = await openKey(endpoint, clientKeyFile, pem, findPassphrase);
  if (!certificate.checkPrivateKey(key)) {
    throw refused(endpoint, clientKeyFile, `does not belong to the certificate in ${clientCertFile}`);
  }
  return { cert, key: key.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

async function openKey(
  endpoint: Endpoint,
  file: string,
  pem: string,
  findPassphrase: FindPassphrase,
): Promise<KeyObject> {
  const block = /-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]*?-----END \1-----/.exec(pem)?.[0];
  if (block === undefined) throw refused(endpoint, file, 'holds no private key');
  const open = (passphrase?: string): KeyObject | undefined => {
    try {
      return createPrivateKey({ key: block, ...(passphrase !== undefined && { passphrase }) });
    } catch {
      return undefined;
    }
  };
  const isEncrypted = /BEGIN ENCRYPTED |Proc-Type: 4,ENCRYPTED/.test(block);
  const passphrase = isEncrypted
    ? await findPassphrase(endpoint, file, (text) => open(text) !== undefined)
    : undefined;
  if (isEncrypted && passphrase === undefined) throw refused(endpoint, file, 'needs its passphrase');
  const key = open(passphrase);
  if (key === undefined) throw refused(endpoint, file, 'holds a private key that cannot be read');
  return key;
}

async function openPfx(
  endpoint: Endpoint,
  file: string,
  pfx: Uint8Array,
  findPassphrase: FindPassphrase,
): Promise<Pick<TlsSettings, 'pfx' | 'passphrase'>> {
  const why = (passphrase?: string): string | undefined => {
    try {
      createSecureContext({ pfx: Buffer.from(pfx), ...(passphrase !== undefined && { passphrase }) });
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : 'unknown reason';
    }
  };
  const without = why();
  if (without === undefined) return { pfx };
  if (!/mac verify|password|passphrase/i.test(without)) {
    throw refused(endpoint, file, `is neither a PEM nor a PKCS #12 file: ${without}`);
  }
  const passphrase = await findPassphrase(endpoint, file, (text) => why(text) === undefined);
  if (passphrase === undefined) throw refused(endpoint, file, 'needs its passphrase');
  return { pfx, passphrase };
}

function checkCertificate(endpoint: Endpoint, file: string, pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw refused(endpoint, file, 'holds no certificate in PEM form');
  }
}

async function read(endpoint: Endpoint, file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw refused(endpoint, file, `cannot be read: ${why}`);
  }
}

function refused(endpoint: Endpoint, file: string, why: string): CompletionError {
  const origin = originOf(endpoint.baseUrl);
  return new CompletionError({
    kind: 'certificate',
    detail: `The file ${file} of the endpoint "${endpoint.name}" ${why}.`,
    ...(origin !== undefined && { origin }),
  });
}
