import { faults, findFault } from './faults.ts';
import type { Settings } from './settings.ts';

/** The model that a person or a test talks to when nothing shall go wrong. */
export const ordinaryModel = 'colloquy-demo';

/** How the models without a fault differ from the ordinary one. */
export interface Manner {
  readonly says: string;
  /** Milliseconds after each token, in place of the server's own. */
  readonly tokenDelayMs?: number;
  /** Knows edition A of the API only and refuses everything else. */
  readonly strict?: boolean;
  /** Says the user's last message back. */
  readonly echoes?: boolean;
}

const manners: ReadonlyMap<string, Manner> = new Map<string, Manner>([
  [ordinaryModel, { says: 'Answers about the code that was sent.' }],
  ['colloquy-demo-slow', { says: 'The same, about ten tokens per second.', tokenDelayMs: 100 }],
  [
    'colloquy-demo-strict',
    { says: 'The same, and refuses fields that the API description does not know.', strict: true },
  ],
  ['colloquy-echo', { says: 'Says your last message back.', echoes: true }],
]);

/** `Model` of the API description, with a sentence and the context size as several compatible servers add them. */
export interface ListedModel {
  readonly id: string;
  readonly object: 'model';
  readonly created: number;
  readonly owned_by: string;
  readonly description: string;
  readonly context_length: number;
}

/** Ordinary models first, then one entry for each fault. */
export function listModels(settings: Settings): readonly ListedModel[] {
  return [
    ...[...manners].map(([id, manner]) => listed(id, manner.says, settings)),
    ...settings.models.map((id) => listed(id, 'Answers about the code that was sent.', settings)),
    ...faults.map((fault) => listed(fault.example ?? fault.id, fault.says, settings)),
  ];
}

/** The entry of one model, also of an id with another number than the listed one. */
export function describeModel(id: string, settings: Settings): ListedModel | undefined {
  const fault = findFault(id)?.fault;
  if (fault !== undefined) return listed(id, fault.says, settings);
  return listModels(settings).find((model) => model.id === id);
}

/** Undefined for ids that are no ordinary model. */
export function mannerOf(id: string, settings: Settings): Manner | undefined {
  return manners.get(id) ?? (settings.models.includes(id) ? { says: '' } : undefined);
}

function listed(id: string, says: string, settings: Settings): ListedModel {
  return {
    id,
    object: 'model',
    created: 1_760_000_000,
    owned_by: 'colloquy-demo',
    description: says,
    context_length: settings.contextTokens,
  };
}
