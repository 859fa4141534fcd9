import { readBaseUrl } from '../core/baseUrl.ts';
import type { DiagnosisRequest } from '../core/diagnosisRequest.ts';
import { dialectFor } from '../core/dialects.ts';
import { needsKey } from '../core/endpointNeedsKey.ts';
import type { Outcome } from './diagnosisStage.ts';
import { modelsUrl } from './requestUrl.ts';
import { shownUrl } from './probePath.ts';

/** What the settings say, before anything is sent. `isUsable`: something may be sent to this address. */
export function probeSettings({ endpoint, key, modelId }: DiagnosisRequest): {
  readonly outcome: Outcome;
  readonly isUsable: boolean;
} {
  const dialect = dialectFor(endpoint);
  const check = readBaseUrl(endpoint.baseUrl);
  if (check.type === 'refused' || modelsUrl(endpoint) === undefined) {
    return {
      outcome: {
        state: 'failed',
        found: 'The base URL of the endpoint is not usable.',
        advice: 'Correct it: Colloquy: Manage Endpoints..., Change URL...',
      },
      isUsable: false,
    };
  }
  const { url } = check;
  const facts = [
    `Base URL: ${url.href}`,
    `Kind of server: ${dialect.displayName}${endpoint.dialect === undefined ? ' (by the address)' : ''}`,
    `Key: ${keyWords(key, endpoint.apiKeyEnv)}`,
    `Model: ${modelId ?? 'none chosen'}`,
    ...(endpoint.caFile === undefined
      ? []
      : ['Certificates: a file of the endpoint besides those of the system']),
  ];
  if (key.type === 'refused') {
    const outcome: Outcome = { state: 'failed', found: key.why, facts, advice: keyAdvice(key.blocks) };
    return { outcome, isUsable: !key.blocks };
  }
  if (key.type === 'none' && needsKey(endpoint)) {
    const found = `${dialect.displayName} wants a key, and none is stored for ${url.origin}.`;
    return { outcome: { state: 'failed', found, facts, advice: keyAdvice(false) }, isUsable: true };
  }
  if (modelId === undefined) {
    const found = 'The endpoint is complete, but no model of it is chosen.';
    return {
      outcome: { state: 'warning', found, facts, advice: 'Choose one: Colloquy: Select Model...' },
      isUsable: true,
    };
  }
  return {
    outcome: {
      state: 'passed',
      found: `Endpoint and model are complete: ${shownUrl(new URL(url.href))}.`,
      facts,
    },
    isUsable: true,
  };
}

function keyAdvice(blocks: boolean): string {
  return blocks
    ? 'Run this again and allow it, or change the address to https (Colloquy: Manage Endpoints..., Change URL...).'
    : 'Set the key: Colloquy: Set API Key...';
}

/** Where the key comes from; never any part of it. */
export function keyWords(key: DiagnosisRequest['key'], variable: string | undefined): string {
  switch (key.type) {
    case 'none':
      return 'none';
    case 'refused':
      return 'not used';
    case 'key':
      return key.from === 'stored'
        ? 'stored for this address'
        : `from the environment variable ${variable ?? ''}`;
  }
}
