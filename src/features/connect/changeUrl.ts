import * as vscode from 'vscode';
import { readBaseUrl } from '../../core/baseUrl.ts';
import { dialectFor } from '../../core/dialects.ts';
import { changeEntry } from '../../core/editEntries.ts';
import { originOf, type Endpoint } from '../../core/endpoint.ts';
import type { KeyEntry } from './addEndpointForm.ts';
import { Agreements } from './agreements.ts';
import type { ApiKeyPorts } from './apiKeys.ts';
import { askKey } from './askKey.ts';
import { plainLabel } from './plainLabel.ts';
import { urlWords } from './words.ts';

/**
 * Changes the base URL of an endpoint. With another origin the old key is of no use any more: a key is asked for anew
 * and the old one is deleted. Escape at any point leaves URL and key as they were.
 */
export async function changeUrl(endpoint: Endpoint, ports: ApiKeyPorts): Promise<void> {
  const agreements = new Agreements(ports.permissions, ports.confirm);
  const title = vscode.l10n.t('Change URL: {0}', plainLabel(endpoint.name));
  let text = withQuery(endpoint);
  // A variable is only a name, and asked about anew for the new origin; a typed key stays with the origin it was for.
  const entered: Record<string, KeyEntry> = {};
  const variable: KeyEntry | undefined =
    endpoint.apiKeyEnv === undefined ? undefined : { type: 'variable', name: endpoint.apiKeyEnv };
  for (;;) {
    const answer = await ports.prompts.input({
      title,
      canGoBack: true,
      prompt: vscode.l10n.t('Base URL: the address to which /chat/completions is appended'),
      value: text,
      check: (typed) => {
        const check = readBaseUrl(typed);
        return check.type === 'refused' ? urlWords(check.why) : undefined;
      },
    });
    if (answer.type !== 'value') return;
    text = answer.value;
    const check = readBaseUrl(text);
    if (check.type === 'refused') continue;
    const { href, origin, query, encrypted } = check.url;
    const changed = { baseUrl: href, query: Object.keys(query).length === 0 ? undefined : query };
    if (origin === originOf(endpoint.baseUrl)) {
      return ports.settings.changeEndpoints((raw) => changeEntry(raw, endpoint.id, changed));
    }
    if (!encrypted && !(await agreements.ask({ type: 'plainHttp', origin }))) continue;
    const dialect = dialectFor({ baseUrl: href, dialect: endpoint.dialect });
    const key = await askKey(
      {
        title,
        canGoBack: true,
        origin,
        required: false,
        entered: entered[origin] ?? variable,
        keyUrl: dialect.keyUrl,
      },
      { ...ports, allowVariable: (name, to) => agreements.ask({ type: 'variable', name, origin: to }) },
    );
    if (key.type === 'cancelled') return;
    if (key.type === 'back') {
      if (key.typed !== '') entered[origin] = { type: 'typed', text: key.typed };
      continue;
    }
    const apiKeyEnv = key.value?.type === 'variable' ? key.value.name : undefined;
    // An address that is known by itself needs no dialect, and the old one may be another server's.
    const known = dialectFor({ baseUrl: href }).id !== 'generic';
    const fields = { ...changed, apiKeyEnv, ...(known && { dialect: undefined }) };
    await ports.settings.changeEndpoints((raw) => changeEntry(raw, endpoint.id, fields));
    // Until here the old key was refused to the new address: it belongs to the old one.
    if (key.value?.type === 'typed') await ports.keys.store(endpoint.id, origin, key.value.text);
    else await ports.keys.remove(endpoint.id);
    return agreements.keep(origin);
  }
}

/** The URL with the query parameters in it, so that both can be changed in one place. */
function withQuery({ baseUrl, query = {} }: Endpoint): string {
  const pairs = Object.entries(query).map((pair) => pair.map(encodeURIComponent).join('='));
  return pairs.length === 0 ? baseUrl : `${baseUrl}?${pairs.join('&')}`;
}
