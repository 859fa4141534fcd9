import * as vscode from 'vscode';
import { readBaseUrl } from '../../core/baseUrl.ts';
import { dialects, type Dialect } from '../../core/dialects.ts';
import type { DialectId, Endpoint } from '../../core/endpoint.ts';
import type { Confirm } from '../../platform/confirm.ts';
import type { Permissions } from '../../platform/permissions.ts';
import * as forms from './addEndpointForm.ts';
import type { Form, Step } from './addEndpointForm.ts';
import type { Agreements } from './agreements.ts';
import { askKey } from './askKey.ts';
import type { Prompts } from './prompts.ts';
import type { NewEndpoint } from './saveEndpoint.ts';
import { urlWords } from './words.ts';

/** Lists the models of a server. Raises `CompletionError`. */
export type ListModels = (
  endpoint: Endpoint,
  key: string | undefined,
  signal: AbortSignal,
) => Promise<readonly { readonly id: string }[]>;

export interface AddEndpointPorts {
  readonly prompts: Prompts;
  readonly permissions: Permissions;
  readonly confirm: Confirm;
  readonly listModels: ListModels;
  readonly readVariable: (name: string) => string | undefined;
  readonly openExternal: (url: string) => void;
  /** Stores everything or nothing. False where that failed and the user does not want to try again. */
  readonly save: (endpoint: NewEndpoint) => Promise<boolean>;
}

/** A step, the request for the models, or the end. */
export type Stop = Step | 'check' | 'save';

/** What a step came to: where to go on, or the end. */
export type Turn = { readonly form: Form; readonly to: Stop } | 'cancelled';

export async function askPreset(form: Form, { prompts }: AddEndpointPorts): Promise<Turn> {
  const { hosted, local } = forms.presets();
  const answer = await prompts.pick<DialectId>({
    ...frameOf(form, 'preset'),
    placeholder: vscode.l10n.t('Which server do you want to use?'),
    choices: [
      { separator: vscode.l10n.t('services') },
      ...hosted.map((dialect) => presetChoice(dialect, 'cloud')),
      { separator: vscode.l10n.t('on your computer or network') },
      ...local.map((dialect) => presetChoice(dialect, 'vm')),
      { separator: vscode.l10n.t('other') },
      {
        ...presetChoice(dialects.generic, 'plug'),
        detail: vscode.l10n.t('Any server that speaks the Chat Completions API'),
        always: true,
      },
    ],
    active: form.dialect === 'azureDeployment' ? 'azure' : form.dialect,
  });
  if (answer.type !== 'value') return 'cancelled';
  // Coming back to Azure keeps the choice between its two paths.
  const keeps = answer.value === 'azure' && form.dialect === 'azureDeployment';
  return forward({ ...form, dialect: keeps ? form.dialect : answer.value }, 'preset');
}

export async function askGeneration(form: Form, { prompts }: AddEndpointPorts): Promise<Turn> {
  const answer = await prompts.pick<DialectId>({
    ...frameOf(form, 'generation'),
    placeholder: vscode.l10n.t('Which kind of Azure address do you have?'),
    choices: [
      {
        label: vscode.l10n.t('v1 API'),
        detail: vscode.l10n.t('Address ends in /openai/v1, no api-version'),
        value: 'azure',
      },
      {
        label: vscode.l10n.t('Deployment path'),
        detail: vscode.l10n.t('Address holds /openai/deployments/ and needs an api-version'),
        value: 'azureDeployment',
      },
    ],
    active: form.dialect,
  });
  if (answer.type === 'value') return forward({ ...form, dialect: answer.value }, 'generation');
  return answer.type === 'cancelled' ? 'cancelled' : back(form, 'generation');
}

export async function askUrl(
  form: Form,
  { prompts }: AddEndpointPorts,
  agreements: Agreements,
): Promise<Turn> {
  const text = forms.urlText(form);
  const placeholder = forms.placeholderIn(form, text);
  const start = placeholder === undefined ? -1 : text.indexOf(placeholder);
  const answer = await prompts.input({
    ...frameOf(form, 'url'),
    prompt:
      form.dialect === 'generic'
        ? vscode.l10n.t('Base URL: the address to which /chat/completions is appended')
        : vscode.l10n.t('Base URL'),
    placeholder: 'https://api.example.com/v1',
    value: text,
    selection: placeholder === undefined || start < 0 ? undefined : [start, start + placeholder.length],
    check: (typed) => {
      const left = forms.placeholderIn(form, typed);
      if (left !== undefined) return vscode.l10n.t('Replace {0} with your own.', left);
      const check = readBaseUrl(typed);
      return check.type === 'refused' ? urlWords(check.why) : undefined;
    },
  });
  if (answer.type === 'cancelled') return 'cancelled';
  if (answer.type !== 'value') return back(forms.typeUrl(form, answer.typed), 'url');
  const typed = forms.typeUrl(form, answer.value.trim());
  const url = forms.formUrl(typed);
  if (url === undefined) return { form: typed, to: 'url' };
  const mayConnect = url.encrypted || (await agreements.ask({ type: 'plainHttp', origin: url.origin }));
  return mayConnect ? forward(typed, 'url') : { form: typed, to: 'url' };
}

export async function askQuery(form: Form, { prompts }: AddEndpointPorts): Promise<Turn> {
  const answer = await prompts.input({
    ...frameOf(form, 'query'),
    prompt: vscode.l10n.t('Query parameter "{0}"', forms.neededParameter(form) ?? ''),
    value: forms.queryText(form),
    check: (typed) =>
      /^[\w.-]{1,100}$/.test(typed.trim())
        ? undefined
        : vscode.l10n.t('Enter a version, for example 2024-10-21.'),
  });
  if (answer.type === 'cancelled') return 'cancelled';
  return answer.type === 'value'
    ? forward(forms.typeQuery(form, answer.value.trim()), 'query')
    : back(forms.typeQuery(form, answer.typed), 'query');
}

export async function askFormKey(form: Form, ports: AddEndpointPorts, agreements: Agreements): Promise<Turn> {
  const origin = forms.formUrl(form)?.origin;
  if (origin === undefined || form.dialect === undefined) return { form, to: 'url' };
  const answer = await askKey(
    {
      ...frameOf(form, 'key'),
      origin,
      required: forms.keyRequired(form),
      entered: forms.formKey(form),
      keyUrl: dialects[form.dialect].keyUrl,
    },
    { ...ports, allowVariable: (name, to) => agreements.ask({ type: 'variable', name, origin: to }) },
  );
  if (answer.type === 'cancelled') return 'cancelled';
  if (answer.type === 'value') return { form: forms.enterKey(form, answer.value), to: 'check' };
  const kept = answer.typed === '' ? form : forms.enterKey(form, { type: 'typed', text: answer.typed });
  return back(kept, 'key');
}

function presetChoice(dialect: Dialect, icon: string) {
  return {
    label: dialect.displayName,
    description: dialect.placeholder === undefined ? new URL(dialect.baseUrl).host : '',
    icon,
    value: dialect.id,
  };
}

/** Title and step count of a question. */
export function frameOf(form: Form, step: Step) {
  const steps = forms.stepsOf(form);
  const title =
    form.dialect === undefined || step === 'preset'
      ? vscode.l10n.t('Add Endpoint')
      : vscode.l10n.t('Add Endpoint: {0}', dialects[form.dialect].displayName);
  return { title, step: steps.indexOf(step) + 1, totalSteps: steps.length, canGoBack: step !== 'preset' };
}

function forward(form: Form, step: Step): Turn {
  return { form, to: forms.nextStep(form, step) };
}

function back(form: Form, step: Step): Turn {
  return { form, to: forms.previousStep(form, step) };
}
