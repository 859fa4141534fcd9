import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import tls from 'node:tls';
import * as vscode from 'vscode';
import { diagnose } from '../../src/api/diagnosis.ts';
import { createTransport, type TransportOptions } from '../../src/api/transport.ts';
import type { DiagnosisStage } from '../../src/shared/diagnosis.ts';

const folder = vscode.extensions.getExtension('colloquy.colloquy')?.extensionPath ?? '';

function pem(name: string): string {
  return readFileSync(join(folder, 'test', 'support', 'fixtures', 'tls', name), 'utf8');
}

/** The stage Encryption for a server on loopback, as VS Code's process sees it. */
async function encryption(ca: readonly string[] | undefined, certificate: string): Promise<DiagnosisStage> {
  const server = tls.createServer(
    { cert: pem(`${certificate}.pem`), key: pem(`${certificate}.key`) },
    (socket) => socket.on('error', () => undefined).end(),
  );
  server.on('tlsClientError', () => undefined);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const options: TransportOptions = {
    proxyFor: async () => undefined,
    certificates: async () => (ca === undefined ? undefined : { ca }),
  };
  const transport = createTransport(options);
  const endpoint = { id: 't', name: 'T', baseUrl: `https://localhost:${port}/v1` };
  const request = { endpoint, key: { type: 'none' }, modelId: undefined, parameters: {} } as const;
  const stop = new AbortController();
  try {
    for await (const stage of diagnose(request, { transport, options }, stop.signal)) {
      if (stage.name === 'tls' && stage.state !== 'running') return stage;
    }
    return assert.fail('there was no such stage');
  } finally {
    await transport.dispose();
    server.close();
  }
}

// VS Code changes `net`, `tls` and `https` in this process: the diagnosis must see what its own requests meet.
describe('a diagnosis in the extension host', () => {
  it('trusts the authorities of the endpoint', async () => {
    const { state, facts } = await encryption([pem('ca.pem')], 'good');
    assert.equal(state, 'passed');
    assert.match(facts?.[1] ?? '', /^Certificate 1: /);
  });

  it('names the authority that is missing', async () => {
    const { state, found } = await encryption(undefined, 'good');
    assert.equal(state, 'failed');
    assert.match(found, /The certificate authority ".+" is not known on this machine/);
  });

  it('says that a certificate has expired', async () => {
    const { state, found } = await encryption([pem('ca.pem')], 'expired');
    assert.equal(state, 'failed');
    assert.match(found, /expired on 2020-/);
  });
});
