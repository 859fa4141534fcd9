import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';

/** Presses, in turn, until the answer is there: nothing tells an extension when its input is on the screen. */
export async function press<T>(commands: string | readonly string[], answer: Promise<T>): Promise<T> {
  const state = { isAnswered: false };
  const settled = answer.finally(() => (state.isAnswered = true));
  // Whoever waits for `settled` gets its error.
  settled.catch(() => undefined);
  while (!state.isAnswered) {
    await Promise.race([delay(100), settled.catch(() => undefined)]);
    for (const command of [commands].flat()) {
      if (!state.isAnswered) await vscode.commands.executeCommand(command);
    }
  }
  return settled;
}
