import type { Delta } from './completion.ts';
import type { ChoiceNews, TextChannel } from './readingChoice.ts';
import type { ToolCallPart } from './readingToolCalls.ts';

/** A delta whose text may still grow. */
type Growing =
  | { readonly type: TextChannel; readonly choice: number; text: string }
  | { readonly type: 'toolCall'; readonly choice: number; readonly index: number; text: string };

/** The deltas that nobody has taken yet. Neighbours that continue one text are joined. */
export class DeltaQueue implements ChoiceNews {
  #deltas: Delta[] = [];
  /** The last of them, while something may be joined to it. */
  #tail: Growing | undefined;

  take(): readonly Delta[] {
    const deltas = this.#deltas;
    this.#deltas = [];
    this.#tail = undefined;
    return deltas;
  }

  push(delta: Delta): void {
    this.#tail = undefined;
    this.#deltas.push(delta);
  }

  onText(type: TextChannel, choice: number, text: string): void {
    const tail = this.#tail;
    if (tail !== undefined && tail.type === type && tail.choice === choice) tail.text += text;
    else this.#grow({ type, choice, text });
  }

  onToolCall(choice: number, part: ToolCallPart): void {
    const tail = this.#tail;
    const isNews = part.id !== undefined || part.kind !== undefined || part.name !== undefined;
    if (!isNews && tail?.type === 'toolCall' && tail.choice === choice && tail.index === part.index) {
      tail.text += part.text;
    } else {
      this.#grow({ type: 'toolCall', choice, ...part });
    }
  }

  #grow(delta: Growing): void {
    this.#deltas.push(delta);
    this.#tail = delta;
  }
}
