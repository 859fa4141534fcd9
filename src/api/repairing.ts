import type { CreateChatCompletionRequest, Delta } from '../core/completion.ts';
import type { RequestBody } from '../core/dialectRequest.ts';
import { dialectFor } from '../core/dialects.ts';
import { originOf } from '../core/endpoint.ts';
import { inDialect } from '../core/inDialect.ts';
import type { Reply } from '../core/reading.ts';
import { toJson } from '../core/readingRecord.ts';
import { noRepairMemory, type RepairLesson } from '../core/repairMemory.ts';
import { RequestRepairs } from '../core/requestRepairs.ts';
import { AttemptError, type Connection } from './attempt.ts';
import type { ReplyBatches } from './replyTo.ts';

/** A reply whose first deltas are here, or which ended without any: it is no longer asked for again. */
interface BegunReply {
  readonly first: IteratorResult<readonly Delta[], Reply | undefined>;
  /** What follows `first`. */
  readonly batches: ReplyBatches;
}

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
   * retry. Gives its notices, and returns the reply once it has begun. Raises what `send` raises where nothing is left
   * to repair.
   */
  async *attempt(send: (body: RequestBody) => ReplyBatches): AsyncGenerator<Delta, BegunReply, undefined> {
    for (;;) {
      yield* this.#tell();
      const batches = send(this.#repairs.body);
      try {
        const first = await batches.next();
        const { lesson } = this.#repairs;
        if (lesson !== undefined) this.#remember(lesson);
        return { first, batches };
      } catch (error) {
        const words = error instanceof AttemptError && isVague(error) ? error.refusal : undefined;
        if (words === undefined || !this.#repairs.take(words)) throw error;
      }
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
