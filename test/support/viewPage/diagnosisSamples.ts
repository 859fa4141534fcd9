import type { Diagnosis, DiagnosisStage } from '../../../src/shared/diagnosis.ts';

/** Diagnoses for tests and pictures, in the words of the host. */

const begun: Diagnosis = {
  id: 'diagnosis-1',
  endpoint: 'OpenAI',
  origin: 'https://api.openai.com',
  model: 'gpt-5-mini',
  state: 'running',
  stages: [{ name: 'settings', state: 'running', found: '', ms: 0 }],
};

const settings: DiagnosisStage = {
  name: 'settings',
  state: 'passed',
  found: 'Endpoint and model are complete: https://api.openai.com/v1.',
  facts: [
    'Base URL: https://api.openai.com/v1',
    'Kind of server: OpenAI (by the address)',
    'Key: stored for this address',
    'Model: gpt-5-mini',
  ],
  ms: 0,
};

const passedStages: readonly DiagnosisStage[] = [
  settings,
  {
    name: 'dns',
    state: 'passed',
    found: 'The server api.openai.com has 2 addresses.',
    facts: ['162.159.140.245', '172.66.0.243'],
    ms: 12,
  },
  {
    name: 'proxy',
    state: 'skipped',
    found: 'Requests go to the server directly: no proxy is configured.',
    ms: 0,
  },
  {
    name: 'tcp',
    state: 'passed',
    found: 'api.openai.com takes connections on port 443.',
    facts: ['162.159.140.245: 18 ms', '172.66.0.243: 21 ms'],
    ms: 22,
  },
  {
    name: 'tls',
    state: 'passed',
    found: 'The certificate is trusted.',
    facts: [
      'TLSv1.3, TLS_AES_256_GCM_SHA384',
      'Certificate 1: "api.openai.com", issued by "WE1", valid 2026-10-02 to 2026-12-31',
      'Certificate 2: "WE1", issued by "GTS Root R4", valid 2023-12-13 to 2029-02-20',
    ],
    ms: 41,
  },
  { name: 'path', state: 'passed', found: 'The API answers at https://api.openai.com/v1/models.', ms: 312 },
  {
    name: 'key',
    state: 'passed',
    found: 'The server answered with the key (stored for this address).',
    ms: 0,
  },
  { name: 'models', state: 'passed', found: 'The server lists 84 models, "gpt-5-mini" among them.', ms: 0 },
  {
    name: 'completion',
    state: 'passed',
    found: 'A reply came, its first token after 870 ms.',
    facts: [
      'Answer began after 642 ms, first byte after 655 ms, first token after 870 ms',
      'Sent as a stream',
      'Token usage is told: 8 in, 1 out',
    ],
    ms: 884,
  },
];

const notTried = (name: DiagnosisStage['name'], found: string): DiagnosisStage => ({
  name,
  state: 'skipped',
  found,
  ms: 0,
});

const long = 'inference-gateway-for-the-research-department.eu-central-1.internal.example-corporation.com';

export const diagnoses = {
  begun,
  running: {
    ...begun,
    stages: [...passedStages.slice(0, 5), { name: 'path', state: 'running', found: '', ms: 0 }],
  },
  passed: { ...begun, state: 'finished', stages: passedStages },
  stopped: {
    ...begun,
    state: 'stopped',
    stages: [...passedStages.slice(0, 3), { name: 'tcp', state: 'skipped', found: 'Stopped.', ms: 2100 }],
  },
  failed: {
    ...begun,
    endpoint: 'LiteLLM',
    origin: 'http://localhost:4000',
    state: 'finished',
    stages: [
      { ...settings, found: 'Endpoint and model are complete: http://localhost:4000.' },
      {
        ...passedStages[1]!,
        found: 'The server localhost has 2 addresses.',
        facts: ['::1', '127.0.0.1'],
        ms: 1,
      },
      notTried('proxy', 'Requests go to the server directly: no proxy is used for this computer itself.'),
      {
        name: 'tcp',
        state: 'warning',
        found: 'localhost takes connections on port 4000, but not at every one of its addresses.',
        facts: ['::1: ECONNREFUSED', '127.0.0.1: 1 ms'],
        advice:
          'The IPv6 address does not answer and the IPv4 address does: requests work, but may begin late. Switch IPv6 off for this network, or use the IPv4 address in the base URL.',
        ms: 3,
      },
      notTried('tls', 'Not encrypted: the base URL begins with http://.'),
      {
        name: 'path',
        state: 'failed',
        found: 'http://localhost:4000/models answers HTTP 404. The API is at http://localhost:4000/v1.',
        advice:
          'Change the base URL to http://localhost:4000/v1 (Colloquy: Manage Endpoints..., Change URL...).',
        ms: 48,
      },
      notTried('key', 'Not known: the API was not found.'),
      notTried('models', 'Not known: no answer came.'),
      notTried('completion', 'Not tried: the API was not found.'),
    ],
  },
  long: {
    ...begun,
    endpoint: `The gateway of the research department ${'and of everybody else '.repeat(4)}`,
    origin: `https://${long}:8443`,
    model: `models/${'a-very-long-model-name-'.repeat(6)}`,
    state: 'finished',
    stages: [
      settings,
      {
        name: 'dns',
        state: 'passed',
        found: `The proxy ${long} has 6 addresses. The proxy looks up ${long} itself.`,
        facts: Array.from({ length: 6 }, (_, index) => `2001:db8:85a3:8d3:1319:8a2e:370:73${String(index)}0`),
        ms: 210,
      },
      {
        name: 'proxy',
        state: 'warning',
        found: `Requests go through http://${long}:3128 (from the environment variable HTTPS_PROXY). It wants a user name and a password (Negotiate, NTLM), and none is configured (407). VS Code signs in to it in place of Colloquy, where it can.`,
        advice:
          'Sign in the way the proxy wants: set colloquy.network.transport to "node", so that VS Code makes the requests and asks.',
        ms: 64,
      },
      notTried('tcp', 'The proxy connects to the server.'),
      {
        name: 'tls',
        state: 'failed',
        found: `The certificate authority "${'Example Corporation Internal Issuing Authority '.repeat(3)}" is not known on this machine (SELF_SIGNED_CERT_IN_CHAIN).`,
        facts: Array.from(
          { length: 9 },
          (_, index) =>
            `Certificate ${String(index + 1)}: "${long}", issued by "Example Corporation Internal Issuing Authority ${String(index)}", valid 2024-01-01 to 2027-01-01`,
        ),
        advice:
          'Get its certificate as a PEM file from whoever runs the server or the network, and name the file in "caFile" of the endpoint (setting colloquy.endpoints), or install it in the system and reload the window. An authority of your organization here means that a proxy or a virus scanner reads encrypted connections.',
        ms: 12_345,
      },
      notTried('path', 'Not tried: no request gets through.'),
      notTried('key', 'Not known: no answer came.'),
      notTried('models', 'Not known: no answer came.'),
      notTried('completion', 'Not tried: the API was not found.'),
    ],
  },
} as const satisfies Readonly<Record<string, Diagnosis>>;
