import type { CreateChatCompletionRequest, Delta } from '../core/completion.ts';
import type { RequestBody } from '../core/dialectRequest.ts';
import { dialectFor } from '../core/dialects.ts';
import { originOf } from '../core/endpoint.ts';
import { inDialect } from '../core/inDialect.ts';
import { toJson } from '../core/readingRecord.ts';
import { noRepairMemory, type RepairLesson } from '../core/repairMemory.ts';
import { RequestRepairs } from '../core/requestRepairs.ts';
import { AttemptError, type Connection } from './attempt.ts';

/**
 * Sends one request in the form that its server takes. It is told before it is sent how that differs from what was
 * asked for; what a refusal teaches is tried at once, and remembered as soon as a reply begins.
 */
export class Repairing {
  readonly #repairs: RequestRepairs;
  readonly #remember: (lesson: RepairLesson) => void;
  #told = '[]';

  constructor(repairs: RequestRepairs, remember: (lesson: RepairLesson) => void) {
    this.#repairs = repairs;
    this.#remember = remember;
  }

  /**
   * One attempt, which is several requests where the server refuses fields: such a repetition needs no wait and is no
   * retry. Raises what `send` raises where nothing is left to repair.
   */
  async *attempt<Result>(
    send: (body: RequestBody) => AsyncGenerator<Delta, Result, undefined>,
  ): AsyncGenerator<Delta, Result, undefined> {
    let reply = send(this.#repairs.body);
    for (;;) {
      yield* this.#tell();
      let first: IteratorResult<Delta, Result>;
      try {
        first = await reply.next();
      } catch (error) {
        const words = error instanceof AttemptError && isVague(error) ? error.refusal : undefined;
        if (words === undefined || !this.#repairs.take(words)) throw error;
        reply = send(this.#repairs.body);
        continue;
      }
      const { lesson } = this.#repairs;
      if (lesson !== undefined) this.#remember(lesson);
      if (first.done === true) return first.value;
      let left = true;
      try {
        yield first.value;
        left = false;
      } finally {
        // A cast because nobody looks at the result of a generator that is left.
        if (left) await reply.return(undefined as Result);
      }
      // From here on nothing stands between the reply and its reader.
      return yield* reply;
    }
  }

  *#tell(): Generator<Delta, void, undefined> {
    const { told } = this.#repairs;
    const text = toJson(told) ?? '';
    if (text === this.#told) return;
    this.#told = text;
    yield { type: 'repair', repairs: told };
  }
}

/** Nothing better is known of the failure than what the server's words say of the request. */
function isVague({ failure: { kind } }: AttemptError): boolean {
  return kind === 'badRequest' || kind === 'errorInStream';
}

/** For one request: in the server's dialect, with what is remembered of the model. `bodyOf` writes the body. */
export function repairingFor(
  { endpoint, repairs = noRepairMemory }: Connection,
  request: CreateChatCompletionRequest,
  bodyOf: (request: CreateChatCompletionRequest) => RequestBody,
): Repairing {
  const origin = originOf(endpoint.baseUrl) ?? '';
  const asked = inDialect(request, dialectFor(endpoint), endpoint.extraBody);
  const remembered = repairs.recall(origin, request.model);
  return new Repairing(new RequestRepairs(bodyOf(asked.request), asked.repairs, remembered), (lesson) =>
    repairs.learn(origin, request.model, lesson),
  );
}
