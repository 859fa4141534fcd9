import * as vscode from 'vscode';
import {
  addFileToChat,
  askSelection,
  sendPrompt,
  type AskPorts,
} from './features/askSelection/askSelection.ts';
import type { Panel } from './panel/panel.ts';
import type { Log } from './platform/log.ts';

/** What the commands act on, made by `activate()`. */
export interface CommandPorts {
  readonly panel: Panel;
  readonly ask: AskPorts;
  readonly connect: {
    readonly addEndpoint: () => Promise<unknown>;
    readonly manageEndpoints: () => Promise<unknown>;
    readonly setApiKey: () => Promise<unknown>;
    readonly removeApiKey: () => Promise<unknown>;
    readonly selectModel: () => Promise<unknown>;
  };
  readonly forgetRepairs: () => Promise<void>;
  readonly diagnose: {
    readonly testConnection: () => Promise<void>;
    readonly diagnoseConnection: () => Promise<void>;
  };
  readonly log: Log;
}

/**
 * Every command by its id. Other extensions and links can run commands too, so a handler takes nothing from its
 * arguments but what it checks, and none returns anything.
 */
export function commandTable({ panel, ask, connect, diagnose, forgetRepairs, log }: CommandPorts) {
  return {
    'colloquy.newChat': () => panel.startNew(),
    'colloquy.focusChat': () => panel.focus(),
    'colloquy.stop': async () => panel.sessions.current.stop(),
    'colloquy.addEndpoint': async () => void (await connect.addEndpoint()),
    'colloquy.manageEndpoints': async () => void (await connect.manageEndpoints()),
    'colloquy.setApiKey': async () => void (await connect.setApiKey()),
    'colloquy.removeApiKey': async () => void (await connect.removeApiKey()),
    'colloquy.selectModel': async () => void (await connect.selectModel()),
    'colloquy.testConnection': () => diagnose.testConnection(),
    'colloquy.diagnoseConnection': () => diagnose.diagnoseConnection(),
    'colloquy.askSelection': () => askSelection(ask),
    'colloquy.explainSelection': () => sendPrompt('explainSelection', ask),
    'colloquy.fixSelection': () => sendPrompt('fixSelection', ask),
    'colloquy.documentSelection': () => sendPrompt('documentSelection', ask),
    'colloquy.testSelection': () => sendPrompt('testSelection', ask),
    'colloquy.reviewSelection': () => sendPrompt('reviewSelection', ask),
    'colloquy.addSelectionToChat': () => askSelection(ask),
    'colloquy.addFileToChat': (...args) => addFileToChat(chosenUris(args), ask),
    'colloquy.forgetRepairs': () => forgetRepairs(),
    'colloquy.showLog': async () => log.show(),
  } as const satisfies Record<`colloquy.${string}`, (...args: readonly unknown[]) => Promise<void>>;
}

/** A menu hands over one URI and then all that are selected. */
function chosenUris([one, all]: readonly unknown[]): readonly vscode.Uri[] {
  const many = Array.isArray(all) ? all.filter((uri) => uri instanceof vscode.Uri) : [];
  if (many.length > 0) return many;
  return one instanceof vscode.Uri ? [one] : [];
}
