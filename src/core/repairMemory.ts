import type { Repair } from '../shared/conversation.ts';
import { asList, asRecord, asText, type JsonRecord } from './readingRecord.ts';
import { repairRules } from './repairRules.ts';

/** A change that helped once and is made up front from then on. */
export interface RememberedRepair {
  readonly repair: Repair;
  /** JSON of the value that was refused, where it was the value and not the field: other values are sent. */
  readonly value?: string;
}

/** What one request taught: repairs that it needed, and remembered ones that it did better without. */
export interface RepairLesson {
  readonly learnt: readonly RememberedRepair[];
  readonly unlearnt: readonly Repair[];
}

/** Where repairs are remembered, for each origin of an endpoint and each model of it. */
export interface RepairMemory {
  /** In the order in which they were learnt. */
  recall(origin: string, model: string): readonly RememberedRepair[];
  /** Told once the request has succeeded. */
  learn(origin: string, model: string, lesson: RepairLesson): void;
}

/** Remembers nothing. */
export const noRepairMemory: RepairMemory = { recall: () => [], learn: () => {} };

export function isSameRepair(a: Repair, b: Repair): boolean {
  switch (a.type) {
    case 'renamed':
      return b.type === 'renamed' && a.field === b.field && a.to === b.to;
    case 'dropped':
      return b.type === 'dropped' && a.field === b.field;
    case 'roleChanged':
      return b.type === 'roleChanged' && a.from === b.from && a.to === b.to;
    case 'contentJoined':
      return b.type === 'contentJoined';
  }
}

/** Whether `b` takes back what `a` did. */
export function isInverse(a: Repair, b: Repair): boolean {
  if (a.type === 'renamed') return b.type === 'renamed' && a.field === b.to && a.to === b.field;
  return a.type === 'roleChanged' && b.type === 'roleChanged' && a.from === b.to && a.to === b.from;
}

/** So many changes to one model's requests: more is a memory gone wrong. */
const mostRepairs = 50;

/** What is remembered once a lesson is added to it; of two that contradict each other the later one stands. */
export function afterLesson(
  known: readonly RememberedRepair[],
  { learnt, unlearnt }: RepairLesson,
): readonly RememberedRepair[] {
  const kept = known.filter(
    ({ repair, value }) =>
      !unlearnt.some((other) => isSameRepair(repair, other)) &&
      !learnt.some(
        (other) =>
          isInverse(repair, other.repair) ||
          // A field that is not taken at all is not taken with any value.
          (isSameRepair(repair, other.repair) && (other.value === undefined || other.value === value)),
      ),
  );
  return [...kept, ...learnt].slice(-mostRepairs);
}

/** What was kept somewhere, checked: nothing but what a repair may do comes back, whoever wrote it. */
export function readRemembered(kept: unknown): readonly RememberedRepair[] {
  return asList(kept).flatMap((item) => {
    const record = asRecord(item);
    const repair = readRepair(asRecord(record?.['repair']));
    const value = asText(record?.['value']);
    return repair === undefined ? [] : [{ repair, ...(value !== undefined && { value }) }];
  });
}

function readRepair(repair: JsonRecord | undefined): Repair | undefined {
  const field = asText(repair?.['field']);
  const rule = field === undefined ? undefined : repairRules.get(field);
  switch (repair?.['type']) {
    case 'dropped':
      return field === undefined || rule === undefined || rule.renamedTo !== undefined
        ? undefined
        : { type: 'dropped', field };
    case 'renamed':
      return field === undefined || rule?.renamedTo === undefined
        ? undefined
        : { type: 'renamed', field, to: rule.renamedTo };
    case 'roleChanged': {
      const { from } = repair;
      if (from === 'developer') return { type: 'roleChanged', from, to: 'system' };
      return from === 'system' ? { type: 'roleChanged', from, to: 'developer' } : undefined;
    }
    case 'contentJoined':
      return { type: 'contentJoined' };
    default:
      return undefined;
  }
}
