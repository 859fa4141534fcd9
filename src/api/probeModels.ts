import { cleanText } from '../core/readingText.ts';
import { stageTitles } from '../shared/diagnosis.ts';
import type { Outcome } from './diagnosisStage.ts';
import { failureWords } from './diagnosisWords.ts';
import type { PathProbed } from './probePath.ts';

const mostNear = 3;
/** Longer lists are cut where they are read (`readModels`). */
const mostRead = 1000;

/** Whether the chosen model is among those that the server lists. Nothing is sent: the list has come already. */
export function probeModels(list: PathProbed['list'], modelId: string | undefined): Outcome {
  if (list.type === 'failed') {
    const { kind } = list.failure;
    if (kind === 'wrongPath' || kind === 'notAnApi' || kind === 'badRequest' || kind === 'modelNotFound') {
      return { state: 'skipped', found: 'This server gives no list of its models. Their ids can be typed.' };
    }
    if (kind === 'unauthorized' || kind === 'forbidden' || kind === 'noKey') {
      return { state: 'skipped', found: `The list is not given out: see ${stageTitles.key}.` };
    }
    return {
      state: 'warning',
      found: `The list of models did not come. ${failureWords(list.failure).found}`,
    };
  }
  const ids = list.models.map(({ id }) => id);
  const isCut = ids.length >= mostRead;
  const several = `${isCut ? 'at least ' : ''}${String(ids.length)} models`;
  const count = ids.length === 1 ? 'one model' : several;
  if (modelId === undefined) {
    return {
      state: ids.length === 0 ? 'warning' : 'passed',
      found: `The server lists ${ids.length === 0 ? 'no models' : count}. None is chosen.`,
      advice: 'Choose one: Colloquy: Select Model...',
    };
  }
  const named = `"${cleanText(modelId, [], 100)}"`;
  if (ids.includes(modelId))
    return { state: 'passed', found: `The server lists ${count}, ${named} among them.` };
  if (ids.length === 0) {
    return {
      state: 'warning',
      found: `The server lists no models at all, so not ${named} either.`,
      advice: 'Load or pull a model on the server, or check what the key may use.',
    };
  }
  const near = nearest(modelId, ids).map((id) => `"${cleanText(id, [], 100)}"`);
  return {
    state: 'warning',
    found: `The server lists ${count}, and ${named} is not among ${isCut ? 'those that are read' : 'them'}.`,
    advice:
      near.length === 0
        ? 'Choose one that is listed: Colloquy: Select Model...'
        : `Nearest: ${near.join(', ')}. Choose one that is listed: Colloquy: Select Model...`,
  };
}

/** The ids that look most like this one, likeliest first; none where none does. */
function nearest(wanted: string, ids: readonly string[]): readonly string[] {
  const plain = (id: string): string => id.toLowerCase().slice(0, 200);
  const goal = plain(wanted);
  return ids
    .map((id) => {
      const other = plain(id);
      const isPart = other.includes(goal) || goal.includes(other);
      // What stands before the last slash is an owner or a folder.
      const parts = [distance(goal, other), distance(lastPart(goal), lastPart(other))];
      const share = Math.min(...parts) / Math.max(lastPart(goal).length, 1);
      return { id, score: isPart ? Math.min(share, 0.2) : share };
    })
    .filter(({ score }) => score <= 0.5)
    .toSorted((a, b) => a.score - b.score)
    .slice(0, mostNear)
    .map(({ id }) => id);
}

function lastPart(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

/** Levenshtein's: how many characters must be put in, taken out or replaced. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
