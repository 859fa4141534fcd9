import assert from 'node:assert/strict';
import type {
  Answer,
  Choice,
  InputRequest,
  PickRequest,
  Prompts,
  WaitRequest,
} from '../../src/features/connect/prompts.ts';

/** What the person in front of the screen does at one question. */
export type Deed =
  /** Chooses the item with this label. */
  | { readonly choose: string }
  /** Types this text in place of what stands there, and Enter. */
  | { readonly type: string }
  | { readonly enter: true }
  | { readonly back: true; readonly typed?: string }
  | { readonly escape: true }
  | { readonly button: string; readonly typed?: string }
  /** Waits for the progress to end, or presses Cancel. */
  | { readonly wait: true }
  | { readonly cancelWait: true };

/** A question as it was asked. */
export interface Asked {
  readonly title: string;
  readonly step: string;
  readonly words: string;
  readonly value: string;
  readonly labels: readonly string[];
  readonly password: boolean;
}

/**
 * Answers questions from a list, holding every one to the rules of the real quick input: what the check refuses
 * cannot be accepted, and what is not offered cannot be chosen.
 */
export class ScriptedPrompts implements Prompts {
  readonly asked: Asked[] = [];
  readonly #deeds: Deed[];

  constructor(deeds: readonly Deed[]) {
    this.#deeds = [...deeds];
  }

  /** Deeds that no question came for. */
  get left(): readonly Deed[] {
    return this.#deeds;
  }

  async pick<T>(request: PickRequest<T>): Promise<Answer<T>> {
    const deed = this.#next(request.title);
    const typed = 'type' in deed ? deed.type : (request.typed ?? '');
    const choices = [...request.choices, ...(request.choicesFor?.(typed) ?? [])].flatMap((choice) =>
      'separator' in choice ? [] : [choice],
    );
    this.#remember(request, request.placeholder, typed, choices);
    if ('choose' in deed || 'type' in deed) {
      const found = choices.find(({ label, description }) =>
        'choose' in deed ? label === deed.choose : description === deed.type || label === deed.type,
      );
      assert.ok(
        found,
        `${JSON.stringify(deed)} is not offered: ${choices.map(({ label }) => label).join(', ')}`,
      );
      return { type: 'value', value: found.value };
    }
    if ('enter' in deed) {
      const active = choices.find(({ value }) => value === request.active) ?? choices[0];
      assert.ok(active);
      return { type: 'value', value: active.value };
    }
    return leave(deed, request, typed);
  }

  async input(request: InputRequest): Promise<Answer<string>> {
    const deed = this.#next(request.title);
    this.#remember(request, request.prompt, request.value, [], request.password === true);
    if ('type' in deed || 'enter' in deed) {
      const value = 'type' in deed ? deed.type : request.value;
      assert.equal(request.check(value), undefined, `${request.title} refuses what is entered`);
      return { type: 'value', value };
    }
    if ('button' in deed) {
      assert.ok(
        request.buttons?.some(({ id }) => id === deed.button),
        `no button ${deed.button}`,
      );
      return { type: 'button', button: deed.button, typed: deed.typed ?? request.value };
    }
    return leave(deed, request, request.value);
  }

  async wait<T>(request: WaitRequest, work: (signal: AbortSignal) => Promise<T>): Promise<Answer<T>> {
    const deed = this.#next(request.title);
    this.#remember(request, request.placeholder, '', []);
    const abort = new AbortController();
    const running = work(abort.signal);
    if ('wait' in deed) return { type: 'value', value: await running };
    abort.abort();
    await running.catch(() => undefined);
    return 'cancelWait' in deed ? { type: 'back', typed: '' } : leave(deed, request, '');
  }

  #next(title: string): Deed {
    const deed = this.#deeds.shift();
    assert.ok(deed, `nothing is said about the question "${title}"`);
    return deed;
  }

  #remember(
    request: Pick<InputRequest, 'title' | 'step' | 'totalSteps'>,
    words: string,
    value: string,
    choices: readonly Exclude<Choice<unknown>, { readonly separator: string }>[],
    password = false,
  ): void {
    const step = `${request.step ?? '-'}/${request.totalSteps ?? '-'}`;
    this.asked.push({
      title: request.title,
      step,
      words,
      value,
      labels: choices.map(({ label }) => label),
      password,
    });
  }
}

function leave(deed: Deed, request: { readonly canGoBack: boolean; readonly title: string }, typed: string) {
  if ('escape' in deed) return { type: 'cancelled' } as const;
  assert.ok('back' in deed, `${JSON.stringify(deed)} does not answer "${request.title}"`);
  assert.ok(request.canGoBack, `"${request.title}" has no way back`);
  return { type: 'back', typed: deed.typed ?? typed } as const;
}
