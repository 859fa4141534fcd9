import * as tls from 'node:tls';
import * as vscode from 'vscode';
import type { Endpoint } from '../core/endpoint.ts';
import type { TlsSettings } from '../core/tlsSettings.ts';
import { type FindPassphrase, readAuthorities, readClientCertificate } from './certificateFiles.ts';

let systemList: readonly string[] | undefined;

/**
 * What TLS to an endpoint is made with: Node's own authorities with `NODE_EXTRA_CA_CERTS`, the system's unless
 * `http.systemCertificates` is off, the endpoint's own file, and its client certificate. Gathering the lists takes
 * 0.1 to 0.6 s, so it is done once, with the first request over https. Raises `CompletionError` (`certificate`) that
 * names file and endpoint.
 */
export async function tlsFor(endpoint: Endpoint, findPassphrase: FindPassphrase): Promise<TlsSettings> {
  const found = vscode.workspace.getConfiguration('http').inspect('systemCertificates');
  const withSystem = (found?.globalValue ?? found?.defaultValue) !== false;
  if (withSystem) systemList ??= tls.getCACertificates('system');
  const usual = [...tls.getCACertificates('default'), ...(withSystem ? (systemList ?? []) : [])];
  const own = await readAuthorities(endpoint);
  const ca = [...new Set([...usual, ...(own === undefined ? [] : [own])])];
  return { ca, ...(await readClientCertificate(endpoint, findPassphrase)) };
}
