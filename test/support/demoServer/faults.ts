import { contentFaults } from './contentFaults.ts';
import type { Fault } from './fault.ts';
import { refusalFaults } from './refusalFaults.ts';
import { socketFaults } from './socketFaults.ts';

/** Everything that this server can do wrong, by the model id that asks for it. */
export const faults: readonly Fault[] = [...refusalFaults, ...contentFaults, ...socketFaults];

const largest = 100_000_000;

/** The fault that a model id asks for, with the number or name in it. */
export function findFault(model: string): { readonly fault: Fault; readonly argument: string } | undefined {
  for (const fault of faults) {
    if (fault.id === model && fault.example === undefined) return { fault, argument: '' };
    if (fault.example === undefined) continue;
    const stem = fault.id.replace(/N(?:AME)?$/u, '');
    const argument = model.startsWith(stem) ? model.slice(stem.length) : '';
    const fits = fault.id.endsWith('NAME') ? /^[a-z]\w*$/u.test(argument) : /^\d{1,9}$/u.test(argument);
    if (fits && !(Number(argument) > largest)) return { fault, argument };
  }
  return undefined;
}
