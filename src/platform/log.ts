import * as vscode from 'vscode';

/**
 * The log channel "Colloquy". It takes events and reasons, never the text of a message, a request body, a header or a
 * key; whatever comes from outside goes through `redact` first.
 */
export interface Log {
  readonly info: (text: string) => void;
  readonly warn: (text: string) => void;
  /** The stack of an unexpected error goes along. */
  readonly error: (text: string, error?: unknown) => void;
  readonly show: () => void;
}

export function createLog(redact: (text: string) => string): Log & vscode.Disposable {
  const channel = vscode.window.createOutputChannel('Colloquy', { log: true });
  return {
    info: (text) => channel.info(redact(text)),
    warn: (text) => channel.warn(redact(text)),
    error: (text, error) => {
      const reason = error instanceof Error ? (error.stack ?? error.message) : describe(error);
      channel.error(redact(reason === '' ? text : `${text}: ${reason}`));
    },
    show: () => channel.show(true),
    dispose: () => channel.dispose(),
  };
}

function describe(error: unknown): string {
  return typeof error === 'string' ? error : error === undefined ? '' : (JSON.stringify(error) ?? '');
}
