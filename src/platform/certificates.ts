import { readFile } from 'node:fs/promises';
import * as tls from 'node:tls';
import * as vscode from 'vscode';
import { CompletionError } from '../core/completionError.ts';
import { originOf, type Endpoint } from '../core/endpoint.ts';

let systemList: readonly string[] | undefined;

/**
 * The certificate authorities to accept for an endpoint (PEM): Node's own with `NODE_EXTRA_CA_CERTS`, the system's
 * unless `http.systemCertificates` is off, and the endpoint's own file. Gathering them takes 0.1 to 0.6 s, so it is
 * done once, with the first request over https. Raises `CompletionError` (`certificate`) for a file that cannot be read.
 */
export async function certificatesFor(endpoint: Endpoint): Promise<readonly string[]> {
  const withSystem = vscode.workspace.getConfiguration('http').get('systemCertificates', true);
  if (withSystem) systemList ??= tls.getCACertificates('system');
  const usual = [...tls.getCACertificates('default'), ...(withSystem ? (systemList ?? []) : [])];
  const own = endpoint.caFile === undefined ? [] : [await readCaFile(endpoint, endpoint.caFile)];
  return [...new Set([...usual, ...own])];
}

async function readCaFile(endpoint: Endpoint, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const origin = originOf(endpoint.baseUrl);
    throw new CompletionError({
      kind: 'certificate',
      detail: `The certificate file ${file} cannot be read: ${error instanceof Error ? error.message : 'unknown reason'}`,
      ...(origin !== undefined && { origin }),
    });
  }
}
