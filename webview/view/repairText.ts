import type { Repair } from '../../src/shared/conversation.ts';
import { plainLabel } from './plainLabel.ts';

/** A piece of a sentence: words of ours, or the name of something in the API, shown as code. */
export type RepairPiece = string | { readonly code: string };

/** What was changed in a request, as one sentence. Names come from a server: cut, and everything in them visible. */
export function describeRepair(repair: Repair): readonly RepairPiece[] {
  switch (repair.type) {
    case 'renamed':
      return [name(repair.field), ' was sent as ', name(repair.to), '.'];
    case 'dropped':
      return [name(repair.field), ' was left out: this server does not take it.'];
    case 'roleChanged':
      return ['The role ', name(repair.from), ' was sent as ', name(repair.to), '.'];
    case 'contentJoined':
      return ['Content parts were joined to one text.'];
  }
}

function name(field: string): RepairPiece {
  return { code: plainLabel(field, 80) };
}
