import * as vscode from 'vscode';

/*
 * One question at a time in VS Code's quick input, with a way back. A question ends in exactly one answer; an answer
 * that leaves the question carries what was typed, so that nothing typed is lost.
 */

export type Answer<T> =
  | { readonly type: 'value'; readonly value: T }
  | { readonly type: 'back'; readonly typed: string }
  | { readonly type: 'button'; readonly button: string; readonly typed: string }
  /** Escape, or the input was taken over by another one. */
  | { readonly type: 'cancelled' };

interface Frame {
  readonly title: string;
  /** From 1; shown as "(2/5)". */
  readonly step?: number;
  readonly totalSteps?: number;
  readonly canGoBack: boolean;
}

export interface PromptButton {
  readonly id: string;
  /** Name of a codicon. */
  readonly icon: string;
  readonly tooltip: string;
}

export type Choice<T> =
  | { readonly separator: string }
  | {
      readonly label: string;
      readonly description?: string;
      readonly detail?: string;
      /** Name of a codicon. */
      readonly icon?: string;
      readonly value: T;
      /** Stays whatever is typed. */
      readonly always?: boolean;
    };

export interface PickRequest<T> extends Frame {
  readonly placeholder: string;
  readonly choices: readonly Choice<T>[];
  /** Which choice is highlighted at first. */
  readonly active?: T | undefined;
  /** The text in the filter at first. */
  readonly typed?: string;
  /**
   * Further choices for what is typed, shown last. Their labels should not repeat it: VS Code sorts by how well labels
   * match, and they would come before what the user is looking for.
   */
  readonly choicesFor?: (typed: string) => readonly Choice<T>[];
}

export interface InputRequest extends Frame {
  readonly prompt: string;
  readonly placeholder?: string;
  readonly value: string;
  /** Which part of the value is selected at first; all of it where this is missing. */
  readonly selection?: readonly [start: number, end: number] | undefined;
  readonly password?: boolean;
  readonly buttons?: readonly PromptButton[];
  /** What is wrong with the text; asked while typing and again on Enter. */
  readonly check: (typed: string) => string | undefined;
}

export interface WaitRequest extends Frame {
  readonly placeholder: string;
}

export interface Prompts {
  pick<T>(request: PickRequest<T>): Promise<Answer<T>>;
  input(request: InputRequest): Promise<Answer<string>>;
  /** Shows progress with Cancel, which goes back. Raises what the work raises; a stopped work's error is dropped. */
  wait<T>(request: WaitRequest, work: (signal: AbortSignal) => Promise<T>): Promise<Answer<T>>;
}

type Item<T> = vscode.QuickPickItem & { readonly value?: { readonly of: T } };

export const quickInputPrompts: Prompts = {
  async pick<T>(request: PickRequest<T>): Promise<Answer<T>> {
    const quickPick = vscode.window.createQuickPick<Item<T>>();
    frame(quickPick, request);
    quickPick.placeholder = request.placeholder;
    quickPick.matchOnDescription = true;
    quickPick.matchOnDetail = true;
    quickPick.value = request.typed ?? '';
    const fixed = request.choices.map(itemOf);
    const show = () => {
      quickPick.items = [...fixed, ...(request.choicesFor?.(quickPick.value) ?? []).map(itemOf)];
    };
    show();
    const active = fixed.filter((item) => item.value !== undefined && item.value.of === request.active);
    if (active.length > 0) quickPick.activeItems = active.slice(0, 1);
    return answer<T>(quickPick, (end, listeners) => {
      listeners.push(
        quickPick.onDidChangeValue(() => {
          if (request.choicesFor !== undefined) show();
        }),
        quickPick.onDidTriggerButton(() => end({ type: 'back', typed: quickPick.value })),
        quickPick.onDidAccept(() => {
          const value = quickPick.selectedItems[0]?.value;
          if (value !== undefined) end({ type: 'value', value: value.of });
        }),
      );
    });
  },

  async input(request: InputRequest): Promise<Answer<string>> {
    const box = vscode.window.createInputBox();
    frame(box, request);
    box.prompt = request.prompt;
    box.placeholder = request.placeholder;
    box.password = request.password ?? false;
    box.value = request.value;
    box.valueSelection = request.selection === undefined ? undefined : [...request.selection];
    const own = (request.buttons ?? []).map((button) => ({
      id: button.id,
      button: { iconPath: new vscode.ThemeIcon(button.icon), tooltip: button.tooltip },
    }));
    box.buttons = [...box.buttons, ...own.map(({ button }) => button)];
    return answer<string>(box, (end, listeners) => {
      listeners.push(
        box.onDidChangeValue((typed) => {
          box.validationMessage = typed === '' ? undefined : request.check(typed);
        }),
        box.onDidTriggerButton((pressed) => {
          const found = own.find(({ button }) => button === pressed);
          if (found === undefined) end({ type: 'back', typed: box.value });
          else end({ type: 'button', button: found.id, typed: box.value });
        }),
        box.onDidAccept(() => {
          box.validationMessage = request.check(box.value);
          if (box.validationMessage === undefined) end({ type: 'value', value: box.value });
        }),
      );
    });
  },

  async wait<T>(request: WaitRequest, work: (signal: AbortSignal) => Promise<T>): Promise<Answer<T>> {
    const quickPick = vscode.window.createQuickPick();
    frame(quickPick, request);
    quickPick.placeholder = request.placeholder;
    quickPick.busy = true;
    quickPick.items = [
      { label: vscode.l10n.t('Cancel'), iconPath: new vscode.ThemeIcon('close'), alwaysShow: true },
    ];
    const abort = new AbortController();
    try {
      const ended = await answer<Outcome<T>>(quickPick, (end, listeners) => {
        const back = () => end({ type: 'back', typed: '' });
        listeners.push(quickPick.onDidTriggerButton(back), quickPick.onDidAccept(back));
        void outcomeOf(work(abort.signal)).then((value) => end({ type: 'value', value }));
      });
      if (ended.type !== 'value') return ended;
      if (ended.value.type === 'failed') throw ended.value.error;
      return { type: 'value', value: ended.value.value };
    } finally {
      abort.abort();
    }
  },
};

type Outcome<T> =
  | { readonly type: 'done'; readonly value: T }
  | { readonly type: 'failed'; readonly error: unknown };

async function outcomeOf<T>(work: Promise<T>): Promise<Outcome<T>> {
  try {
    return { type: 'done', value: await work };
  } catch (error) {
    return { type: 'failed', error };
  }
}

function frame(input: vscode.QuickPick<vscode.QuickPickItem> | vscode.InputBox, request: Frame): void {
  input.title = request.title;
  input.step = request.step;
  input.totalSteps = request.totalSteps;
  input.ignoreFocusOut = true;
  input.buttons = request.canGoBack ? [vscode.QuickInputButtons.Back] : [];
}

/** Shows the input until `end` is called or it disappears, and disposes of everything. */
async function answer<T>(
  input: vscode.QuickInput,
  listen: (end: (answer: Answer<T>) => void, listeners: vscode.Disposable[]) => void,
): Promise<Answer<T>> {
  const listeners: vscode.Disposable[] = [input];
  try {
    return await new Promise<Answer<T>>((resolve) => {
      listen(resolve, listeners);
      listeners.push(input.onDidHide(() => resolve({ type: 'cancelled' })));
      input.show();
    });
  } finally {
    for (const listener of listeners) listener.dispose();
  }
}

function itemOf<T>(choice: Choice<T>): Item<T> {
  if ('separator' in choice) return { label: choice.separator, kind: vscode.QuickPickItemKind.Separator };
  return {
    label: choice.label,
    value: { of: choice.value },
    ...(choice.description === undefined ? {} : { description: choice.description }),
    ...(choice.detail === undefined ? {} : { detail: choice.detail }),
    ...(choice.icon === undefined ? {} : { iconPath: new vscode.ThemeIcon(choice.icon) }),
    ...(choice.always === true ? { alwaysShow: true } : {}),
  };
}
