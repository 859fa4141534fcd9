import { readBaseUrl, splitDeployment, type BaseUrl } from '../../core/baseUrl.ts';
import { dialectFor, dialects, type Dialect } from '../../core/dialects.ts';
import type { DialectId, Endpoint } from '../../core/endpoint.ts';
import { needsKey } from '../../core/endpointNeedsKey.ts';

/*
 * What was typed so far in "Add Endpoint", and in which order the steps come. Nothing typed is dropped: each kind of
 * server keeps its own URL and each origin its own key, so going back and choosing differently loses nothing, and a
 * key that was typed for one origin never turns up for another.
 */

/** `generation` is Azure's choice between its two paths. The request for the models is no step of its own. */
export type Step = 'preset' | 'generation' | 'url' | 'query' | 'key' | 'model';

/** A key as it was typed, or the environment variable that holds it. */
export type KeyEntry =
  | { readonly type: 'typed'; readonly text: string }
  | { readonly type: 'variable'; readonly name: string };

export interface Form {
  readonly dialect: DialectId | undefined;
  /** As typed, per kind of server. */
  readonly urls: Readonly<Partial<Record<DialectId, string>>>;
  /** The query parameter that the dialect needs (there is at most one), as typed. */
  readonly query: Readonly<Partial<Record<DialectId, string>>>;
  /** By origin. */
  readonly keys: Readonly<Record<string, KeyEntry>>;
  readonly model: string;
}

export const emptyForm: Form = {
  dialect: undefined,
  urls: {},
  query: {},
  keys: {},
  model: '',
};

/** Hosted services and servers of one's own, in the order of the table. Azure's two paths are one preset. */
export function presets(): { readonly hosted: readonly Dialect[]; readonly local: readonly Dialect[] } {
  const offered = Object.values(dialects).filter(({ id }) => id !== 'azureDeployment' && id !== 'generic');
  return {
    hosted: offered.filter((dialect) => !dialect.local),
    local: offered.filter((dialect) => dialect.local),
  };
}

/** The steps of this form in their order. */
export function stepsOf(form: Form): readonly Step[] {
  const isAzure = form.dialect === 'azure' || form.dialect === 'azureDeployment';
  return [
    'preset',
    ...(isAzure ? (['generation'] as const) : []),
    'url',
    ...(neededParameter(form) === undefined ? [] : (['query'] as const)),
    'key',
    'model',
  ];
}

/** The step after this one; the last one is followed by itself. */
export function nextStep(form: Form, step: Step): Step {
  const steps = stepsOf(form);
  return steps[steps.indexOf(step) + 1] ?? step;
}

/** The step before this one; the first one is preceded by itself. */
export function previousStep(form: Form, step: Step): Step {
  const steps = stepsOf(form);
  return steps[Math.max(0, steps.indexOf(step) - 1)] ?? step;
}

/** The text of the URL step: what was typed for this kind of server, else what it begins with. */
export function urlText(form: Form): string {
  return form.dialect === undefined ? '' : (form.urls[form.dialect] ?? dialects[form.dialect].baseUrl);
}

export function typeUrl(form: Form, text: string): Form {
  return form.dialect === undefined ? form : { ...form, urls: { ...form.urls, [form.dialect]: text } };
}

/** The part of the preset's URL that is the user's to fill in, where it still stands in the text. */
export function placeholderIn(form: Form, text: string): string | undefined {
  const placeholder = form.dialect === undefined ? undefined : dialects[form.dialect].placeholder;
  return placeholder !== undefined && text.toLowerCase().includes(placeholder.toLowerCase())
    ? placeholder
    : undefined;
}

/** The URL of the form as requests use it; on Azure's classic path the deployment is split off. */
export interface FormUrl extends BaseUrl {
  readonly deployment?: string;
}

/**
 * The URL as it stands. `undefined` while it is not usable. An address without a path gets the path that this kind of
 * server has: `http://localhost:11434` is how people know their Ollama, but the API is below `/v1`.
 */
export function formUrl(form: Form): FormUrl | undefined {
  const check = readBaseUrl(urlText(form));
  if (form.dialect === undefined || check.type === 'refused') return undefined;
  const { url } = check;
  const dialect = dialects[form.dialect];
  const isAzure = dialect.id === 'azure' || dialect.id === 'azureDeployment';
  if (url.href === url.origin && (dialect.local || isAzure)) {
    return { ...url, href: url.origin + new URL(dialect.baseUrl).pathname };
  }
  const split = dialect.id === 'azureDeployment' ? splitDeployment(url.href) : undefined;
  return split === undefined ? url : { ...url, href: split.href, deployment: split.deployment };
}

/** The name of the query parameter without which this kind of server refuses. */
export function neededParameter(form: Form): string | undefined {
  const needed = form.dialect === undefined ? undefined : dialects[form.dialect].query;
  return needed === undefined ? undefined : Object.keys(needed)[0];
}

/** Its value: what was typed, else what stood in a pasted URL, else what the dialect begins with. */
export function queryText(form: Form): string {
  const name = neededParameter(form);
  if (form.dialect === undefined || name === undefined) return '';
  return form.query[form.dialect] ?? formUrl(form)?.query[name] ?? dialects[form.dialect].query?.[name] ?? '';
}

export function typeQuery(form: Form, text: string): Form {
  return form.dialect === undefined ? form : { ...form, query: { ...form.query, [form.dialect]: text } };
}

/** The key that was entered for the origin of the URL as it stands. */
export function formKey(form: Form): KeyEntry | undefined {
  const origin = formUrl(form)?.origin;
  return origin === undefined ? undefined : form.keys[origin];
}

/** @param entry `undefined` for "no key". */
export function enterKey(form: Form, entry: KeyEntry | undefined): Form {
  const origin = formUrl(form)?.origin;
  if (origin === undefined) return form;
  const { [origin]: _, ...others } = form.keys;
  return { ...form, keys: entry === undefined ? others : { ...others, [origin]: entry } };
}

/** Whether the address as it stands wants a key. */
export function keyRequired(form: Form): boolean {
  const url = formUrl(form);
  return url !== undefined && needsKey({ baseUrl: url.href });
}

/** The text of the model step: what was typed, else the deployment that a pasted URL named. */
export function modelText(form: Form): string {
  return form.model === '' ? (formUrl(form)?.deployment ?? '') : form.model;
}

/**
 * The form as an endpoint, without anything that can be found out from the URL; `undefined` while the URL is not
 * usable.
 */
export function endpointOf(form: Form, id: Endpoint['id'], name: string): Endpoint | undefined {
  const url = formUrl(form);
  if (form.dialect === undefined || url === undefined) return undefined;
  const needed = neededParameter(form);
  const query = { ...url.query, ...(needed === undefined ? {} : { [needed]: queryText(form).trim() }) };
  const key = formKey(form);
  const isKnown = form.dialect === 'generic' || dialectFor({ baseUrl: url.href }).id === form.dialect;
  return {
    id,
    name,
    baseUrl: url.href,
    ...(isKnown ? {} : { dialect: form.dialect }),
    ...(Object.keys(query).length === 0 ? {} : { query }),
    ...(key?.type === 'variable' ? { apiKeyEnv: key.name } : {}),
  };
}

/** What the endpoint is called unless the user says otherwise: the service, or the host of any other server. */
export function suggestedName(form: Form): string {
  if (form.dialect === undefined) return '';
  if (form.dialect === 'azureDeployment') return dialects.azure.displayName;
  if (form.dialect !== 'generic') return dialects[form.dialect].displayName;
  const url = formUrl(form);
  return url === undefined ? '' : new URL(url.href).hostname;
}
