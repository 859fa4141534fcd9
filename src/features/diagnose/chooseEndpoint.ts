import * as vscode from 'vscode';
import type { Endpoint } from '../../core/endpoint.ts';
import { splitModelRef } from '../../core/modelRef.ts';
import { plainName } from '../../core/visible.ts';
import type { ModelRef } from '../../shared/conversation.ts';

/** The endpoints, that of the model first, otherwise in the user's order. */
export function inOrder(endpoints: readonly Endpoint[], model: ModelRef | undefined): readonly Endpoint[] {
  const chosen = model === undefined ? undefined : splitModelRef(model)?.endpointId;
  return [...endpoints.filter(({ id }) => id === chosen), ...endpoints.filter(({ id }) => id !== chosen)];
}

/** The model of an endpoint to try: the chosen one where it is this endpoint's, else the first that it names. */
export function modelFor(endpoint: Endpoint, model: ModelRef | undefined): string | undefined {
  const parts = model === undefined ? undefined : splitModelRef(model);
  return parts?.endpointId === endpoint.id ? parts.modelId : endpoint.models?.[0];
}

/** Lets the user choose where there are several; `undefined` after Escape and where there is none. */
export async function chooseEndpoint(
  endpoints: readonly Endpoint[],
  title: string,
): Promise<Endpoint | undefined> {
  if (endpoints.length < 2) return endpoints[0];
  const items = endpoints.map((endpoint) => ({
    label: nameOf(endpoint),
    description: plainName(endpoint.baseUrl),
    endpoint,
  }));
  const placeHolder = vscode.l10n.t('Choose an endpoint');
  const chosen = await vscode.window.showQuickPick(items, { title, placeHolder, matchOnDescription: true });
  return chosen?.endpoint;
}

/** A name from the settings, without the `$(icon)` that VS Code would draw. */
export function nameOf({ name }: Endpoint): string {
  return plainName(name, 100).replaceAll('$(', '$\u200B(');
}
