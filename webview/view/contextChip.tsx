import type { JSX } from 'preact';
import type { ContextItem } from '../../src/shared/conversation.ts';
import { plainLabel } from './plainLabel.ts';

const icons: Readonly<Record<ContextItem['kind'], string>> = { selection: 'list-selection', file: 'file' };

interface ContextChipProps {
  readonly item: ContextItem;
  readonly onOpen: () => void;
  /** Only in the composer: what was sent stays as it was sent. */
  readonly onRemove?: () => void;
}

/** A piece of context: where it comes from, and a click opens it there. */
export function ContextChip({ item, onOpen, onRemove }: ContextChipProps): JSX.Element {
  const { folder, name, range } = placeOf(item);
  const place = folder + name + range;
  const problems = item.problems?.length ?? 0;
  return (
    <li class="chip">
      <button
        type="button"
        class="chip-open"
        title={problems === 0 ? place : `${place}, with ${countOf(problems)}`}
        onClick={onOpen}
      >
        <span class={`codicon codicon-${icons[item.kind]}`} aria-hidden="true" />
        <span class="chip-label">
          <span class="chip-folder">{folder}</span>
          <span class="chip-name">{name}</span>
          <span class="chip-lines">{range}</span>
        </span>
        {problems > 0 && (
          <span class="chip-problems" role="img" aria-label={countOf(problems)}>
            <span class="codicon codicon-warning" />
            {problems}
          </span>
        )}
      </button>
      {onRemove && (
        <button
          type="button"
          class="chip-remove"
          aria-label={`Remove ${place}`}
          title="Remove"
          onClick={onRemove}
        >
          <span class="codicon codicon-close" aria-hidden="true" />
        </button>
      )}
    </li>
  );
}

function countOf(problems: number): string {
  return problems === 1 ? '1 problem' : `${String(problems)} problems`;
}

interface Place {
  readonly folder: string;
  readonly name: string;
  readonly range: string;
}

/** `src/`, `cart.ts` and `:3-9`: in a narrow view the folder gives way first, then the name, the lines never. */
function placeOf({ path, lines }: ContextItem): Place {
  const plain = plainLabel(path, 500);
  const cut = plain.lastIndexOf('/') + 1;
  const last = lines === undefined || lines.last === lines.first ? '' : `-${String(lines.last)}`;
  const range = lines === undefined ? '' : `:${String(lines.first)}${last}`;
  return { folder: plain.slice(0, cut), name: plain.slice(cut), range };
}
