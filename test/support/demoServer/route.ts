/** What a request is for. `deployment` is set on Azure's paths, where the model stands in the path. */
export type Route =
  | { readonly to: 'completions'; readonly azure: boolean; readonly deployment?: string }
  /** A stored completion, or the messages of one. */
  | { readonly to: 'stored' | 'messages'; readonly azure: boolean; readonly id: string }
  | { readonly to: 'models'; readonly azure: boolean }
  | { readonly to: 'model'; readonly azure: boolean; readonly id: string };

const methods: Readonly<Record<Route['to'], readonly string[]>> = {
  completions: ['POST', 'GET'],
  stored: ['GET', 'POST', 'DELETE'],
  messages: ['GET'],
  models: ['GET'],
  model: ['GET'],
};

/** Undefined for paths that lead nowhere; a query does not matter. */
export function findRoute(path: string): Route | undefined {
  const base = /^(?<prefix>\/v1|\/openai\/v1|\/openai)(?<rest>\/.*)$/u.exec(path)?.groups;
  if (base === undefined) return undefined;
  const { prefix = '', rest = '' } = base;
  const azure = prefix !== '/v1';
  const deployment =
    prefix === '/openai' ? /^\/deployments\/([^/]+)\/chat\/completions$/u.exec(rest)?.[1] : undefined;
  if (deployment !== undefined) return { to: 'completions', azure, deployment: decode(deployment) };
  if (rest === '/chat/completions' && prefix !== '/openai') return { to: 'completions', azure };
  const stored = /^\/chat\/completions\/([^/]+)(\/messages)?$/u.exec(prefix === '/openai' ? '' : rest);
  if (stored?.[1] !== undefined) {
    return { to: stored[2] === undefined ? 'stored' : 'messages', azure, id: decode(stored[1]) };
  }
  if (rest === '/models') return { to: 'models', azure };
  const id = /^\/models\/(.+)$/u.exec(rest)?.[1];
  return id === undefined ? undefined : { to: 'model', azure, id: decode(id) };
}

/** The methods that a path answers to; completions on Azure's older paths cannot be listed. */
export function methodsOf(route: Route): readonly string[] {
  return route.to === 'completions' && route.deployment !== undefined ? ['POST'] : methods[route.to];
}

/** Whether Azure wants `api-version` in the query: on every path of its older kind. */
export function needsVersion(path: string): boolean {
  return path.startsWith('/openai/') && !path.startsWith('/openai/v1/');
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
