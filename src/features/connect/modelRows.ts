import type { Endpoint } from '../../core/endpoint.ts';
import { isModelId, joinModelRef, splitModelRef } from '../../core/modelRef.ts';
import type { ModelRef } from '../../shared/conversation.ts';
import type { Failure } from '../../shared/failure.ts';
import type { ListState } from './modelCatalog.ts';

/** One line of the model picker. */
export type Row =
  | { readonly type: 'heading'; readonly group: 'typed' | 'favourites' | 'recent' }
  | { readonly type: 'endpointHeading'; readonly endpoint: Endpoint }
  | {
      readonly type: 'model';
      readonly ref: ModelRef;
      readonly modelId: string;
      readonly endpoint: Endpoint;
      readonly isFavourite: boolean;
      /** The model of the conversation that is shown. */
      readonly isCurrent: boolean;
      /** The model of new conversations. */
      readonly isDefault: boolean;
    }
  /** An id that no list has, to be used with this endpoint. */
  | { readonly type: 'typed'; readonly ref: ModelRef; readonly modelId: string; readonly endpoint: Endpoint }
  | { readonly type: 'failure'; readonly endpoint: Endpoint; readonly failure: Failure }
  | { readonly type: 'loading' | 'empty'; readonly endpoint: Endpoint }
  | { readonly type: 'leftOut'; readonly endpoint: Endpoint; readonly count: number };

export interface PickerState {
  readonly endpoints: readonly Endpoint[];
  readonly stateOf: (endpoint: Endpoint) => ListState;
  /** The newest first. */
  readonly recent: readonly ModelRef[];
  readonly favourites: readonly ModelRef[];
  readonly current: ModelRef | undefined;
  readonly default: ModelRef | undefined;
  readonly typed: string;
}

/**
 * Every model once: among the favourites, else among the recent ones, else below its endpoint. Favourites and recent
 * models need not be on a list (the list may still be loading, or never name them), but their endpoint must exist.
 */
export function buildRows(state: PickerState): readonly Row[] {
  const shown = new Set<ModelRef>();
  const rows: Row[] = [];
  const own = [state.current, state.default].filter((ref) => ref !== undefined);
  for (const [group, refs] of [
    ['favourites', state.favourites],
    ['recent', [...own, ...state.recent]],
  ] as const) {
    const models = refs.flatMap((ref) => {
      const row = shown.has(ref) ? undefined : modelRow(state, ref);
      shown.add(ref);
      return row === undefined ? [] : [row];
    });
    if (models.length > 0) rows.push({ type: 'heading', group }, ...models);
  }
  for (const endpoint of state.endpoints) rows.push(...endpointRows(state, endpoint, shown));
  const typed = typedRows(state);
  return typed.length === 0 ? rows : [...rows, { type: 'heading', group: 'typed' }, ...typed];
}

function endpointRows(state: PickerState, endpoint: Endpoint, shown: ReadonlySet<ModelRef>): readonly Row[] {
  const known = state.stateOf(endpoint);
  const rows: Row[] = [{ type: 'endpointHeading', endpoint }];
  // A failure stands first: below a thousand old entries nobody would see it.
  if (known.type === 'failed') rows.push({ type: 'failure', endpoint, failure: known.failure });
  if (known.type === 'loading') rows.push({ type: 'loading', endpoint });
  const list = listOf(known);
  for (const modelId of list?.ids ?? endpoint.models ?? []) {
    const row = modelRow(state, joinModelRef(endpoint.id, modelId));
    if (row !== undefined && !shown.has(row.ref)) rows.push(row);
  }
  if (known.type === 'listed' && known.list.ids.length === 0) rows.push({ type: 'empty', endpoint });
  if (list !== undefined && list.leftOut > 0) rows.push({ type: 'leftOut', endpoint, count: list.leftOut });
  // With everything of an endpoint shown further up, its heading alone would say nothing.
  return rows.length > 1 ? rows : [];
}

function listOf(state: ListState) {
  switch (state.type) {
    case 'unknown':
      return undefined;
    case 'listed':
      return state.list;
    case 'loading':
    case 'failed':
      return state.last;
  }
}

function modelRow(state: PickerState, ref: ModelRef): Extract<Row, { readonly type: 'model' }> | undefined {
  const parts = splitModelRef(ref);
  const endpoint = state.endpoints.find(({ id }) => id === parts?.endpointId);
  if (parts === undefined || endpoint === undefined) return undefined;
  return {
    type: 'model',
    ref,
    modelId: parts.modelId,
    endpoint,
    isFavourite: state.favourites.includes(ref),
    isCurrent: ref === state.current,
    isDefault: ref === state.default,
  };
}

/** For an id that was typed: one line per endpoint that does not list it, or only the endpoint that stands before it. */
function typedRows(state: PickerState): readonly Row[] {
  const text = state.typed.trim();
  const named = state.endpoints.find(({ id }) => text.startsWith(`${id}/`));
  const modelId = named === undefined ? text : text.slice(named.id.length + 1);
  if (!isModelId(modelId)) return [];
  const candidates = named === undefined ? state.endpoints : [named];
  return candidates.flatMap((endpoint) =>
    listOf(state.stateOf(endpoint))?.ids.includes(modelId) === true
      ? []
      : [{ type: 'typed', ref: joinModelRef(endpoint.id, modelId), modelId, endpoint } as const],
  );
}
