import type { Repair } from '../shared/conversation.ts';
import type { RequestBody } from './dialectRequest.ts';
import type { ServerError } from './readingError.ts';
import { applyRepair, refusedValue, repairsFor, subjectOf } from './repair.ts';
import { isInverse, isSameRepair, type RememberedRepair, type RepairLesson } from './repairMemory.ts';
import { refusedContent } from './repairMessages.ts';
import { missingFields, saysValueUnsupported, unsupportedFields } from './refusedFields.ts';

/** More repairs than this in one request and the server is playing with us. */
export const maxRepairs = 5;

/** The repairs of one request, from what is remembered to what its refusals teach. */
export class RequestRepairs {
  /** The body as it is to be sent now. */
  body: RequestBody;
  readonly #plain: RequestBody;
  readonly #byDialect: readonly Repair[];
  #remembered: readonly RememberedRepair[];
  #learnt: readonly RememberedRepair[] = [];
  #unlearnt: readonly Repair[] = [];
  readonly #repaired = new Set<string>();

  /** `plain` has the dialect's changes in it already; `byDialect` names them. */
  constructor(plain: RequestBody, byDialect: readonly Repair[], remembered: readonly RememberedRepair[]) {
    this.#plain = plain;
    this.#byDialect = byDialect;
    this.#remembered = remembered;
    this.body = this.#compose();
  }

  /** Every change against what was asked for, to be told; what cancels out is none. */
  get told(): readonly Repair[] {
    const told: Repair[] = [];
    const remembered = this.#effective();
    for (const repair of [...this.#byDialect, ...remembered, ...this.#learnt.map((item) => item.repair)]) {
      const undone = told.findIndex((earlier) => isInverse(earlier, repair));
      if (undone >= 0) told.splice(undone, 1);
      else if (!told.some((earlier) => isSameRepair(earlier, repair))) told.push(repair);
    }
    return told;
  }

  /** What is to be remembered, or no longer, once the request has succeeded as it is now. */
  get lesson(): RepairLesson | undefined {
    if (this.#learnt.length === 0 && this.#unlearnt.length === 0) return undefined;
    return { learnt: this.#learnt, unlearnt: this.#unlearnt };
  }

  /**
   * Takes a refusal, and says whether the request was changed and can be sent again. Each parameter is repaired at
   * most once, and nothing is when the refusal asks for more than is left to do.
   */
  take(error: ServerError): boolean {
    return this.#undo(error) || this.#add(error);
  }

  #add(error: ServerError): boolean {
    const subjects = new Set(this.#repaired);
    const repairs = repairsFor(this.body, error).filter((repair) => {
      const isNew = !subjects.has(subjectOf(repair));
      subjects.add(subjectOf(repair));
      return isNew;
    });
    if (repairs.length === 0 || subjects.size > maxRepairs) return false;
    const byValue = saysValueUnsupported(error);
    for (const repair of repairs) {
      this.#repaired.add(subjectOf(repair));
      const value = byValue ? refusedValue(this.body, repair) : undefined;
      this.#learnt = [...this.#learnt, { repair, ...(value !== undefined && { value }) }];
    }
    this.body = this.#compose();
    return true;
  }

  /** A remembered change that the server objects to is taken back: the server has changed, or another one answers. */
  #undo(error: ServerError): boolean {
    const effective = this.#effective();
    const culprit = this.#remembered.find(
      ({ repair }) =>
        effective.includes(repair) && !this.#repaired.has(subjectOf(repair)) && objectsTo(error, repair),
    );
    if (culprit === undefined || this.#repaired.size >= maxRepairs) return false;
    this.#repaired.add(subjectOf(culprit.repair));
    this.#remembered = this.#remembered.filter((item) => item !== culprit);
    this.#unlearnt = [...this.#unlearnt, culprit.repair];
    this.body = this.#compose();
    return true;
  }

  /** Those of the remembered repairs that change this request. */
  #effective(): readonly Repair[] {
    const effective: Repair[] = [];
    let body = this.#plain;
    for (const { repair, value } of this.#remembered) {
      if (value !== undefined && refusedValue(body, repair) !== value) continue;
      const next = applyRepair(body, repair);
      if (next !== body) effective.push(repair);
      body = next;
    }
    return effective;
  }

  #compose(): RequestBody {
    const added = this.#learnt.map(({ repair }) => repair);
    return [...this.#effective(), ...added].reduce(applyRepair, this.#plain);
  }
}

/** Whether a refusal is about what a repair made of the request. */
function objectsTo(error: ServerError, repair: Repair): boolean {
  switch (repair.type) {
    case 'renamed':
      return unsupportedFields(error).includes(repair.to) || missingFields(error).includes(repair.field);
    case 'dropped':
      return missingFields(error).includes(repair.field);
    case 'roleChanged':
      // Changing it back is a repair like any other, and replaces this one.
      return false;
    case 'contentJoined':
      return refusedContent(error) === 'text';
  }
}
