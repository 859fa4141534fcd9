import * as vscode from 'vscode';
import { failureOf } from '../../core/completionError.ts';
import { isModelId } from '../../core/modelRef.ts';
import type { Failure } from '../../shared/failure.ts';
import * as forms from './addEndpointForm.ts';
import type { Form } from './addEndpointForm.ts';
import { frameOf, type AddEndpointPorts, type Turn } from './addEndpointSteps.ts';
import { listModels, type ModelList } from './modelList.ts';
import { plainLabel } from './plainLabel.ts';
import type { Answer } from './prompts.ts';
import type { NewEndpoint } from './saveEndpoint.ts';
import { failureWords } from './words.ts';

/** Asks the server for its models and, where that fails, the user what to do about it. */
export async function checkForm(
  form: Form,
  ports: AddEndpointPorts,
): Promise<{ readonly turn: Turn; readonly list: ModelList | undefined }> {
  const added = newEndpoint(form);
  if (added === undefined) return { turn: { form, to: 'url' }, list: undefined };
  const key = keyOf(form, ports);
  let answer: Answer<readonly { readonly id: string }[]>;
  try {
    answer = await ports.prompts.wait(
      { ...frameOf(form, 'model'), placeholder: vscode.l10n.t('Asking {0} for its models...', added.origin) },
      (signal) => ports.listModels(added.endpoint, key, signal),
    );
  } catch (error) {
    return { turn: await askAboutFailure(form, failureOf(error), ports), list: undefined };
  }
  if (answer.type === 'cancelled') return { turn: 'cancelled', list: undefined };
  if (answer.type !== 'value') return { turn: { form, to: 'key' }, list: undefined };
  return { turn: { form, to: 'model' }, list: listModels(answer.value) };
}

async function askAboutFailure(form: Form, failure: Failure, { prompts }: AddEndpointPorts): Promise<Turn> {
  const detail = failure.detail === undefined ? undefined : plainLabel(failure.detail, 300);
  const answer = await prompts.pick<'check' | 'url' | 'key' | 'model'>({
    ...frameOf(form, 'model'),
    placeholder: failureWords(failure),
    choices: [
      {
        label: vscode.l10n.t('Try again'),
        icon: 'refresh',
        value: 'check',
        ...(detail === undefined ? {} : { detail: vscode.l10n.t('The answer was: {0}', detail) }),
      },
      { label: vscode.l10n.t('Change URL'), icon: 'link', description: forms.urlText(form), value: 'url' },
      { label: vscode.l10n.t('Change key'), icon: 'key', value: 'key' },
      {
        label: vscode.l10n.t('Save anyway'),
        icon: 'save',
        description: vscode.l10n.t('enter the model by hand'),
        value: 'model',
      },
    ],
    active: failure.kind === 'unauthorized' ? 'key' : failure.kind === 'wrongPath' ? 'url' : 'check',
  });
  if (answer.type === 'value') return { form, to: answer.value };
  return answer.type === 'cancelled' ? 'cancelled' : { form, to: 'key' };
}

export async function askModel(
  form: Form,
  list: ModelList | undefined,
  ports: AddEndpointPorts,
): Promise<Turn> {
  const answer =
    list === undefined || list.ids.length === 0
      ? await typeModel(form, list, ports)
      : await pickModel(form, list, ports);
  if (answer.type === 'cancelled') return 'cancelled';
  return answer.type === 'value'
    ? { form: { ...form, model: answer.value }, to: 'save' }
    : { form: { ...form, model: answer.typed }, to: 'key' };
}

function pickModel(form: Form, list: ModelList, { prompts }: AddEndpointPorts): Promise<Answer<string>> {
  const isAzure = form.dialect === 'azure' || form.dialect === 'azureDeployment';
  const known = new Set(list.ids);
  return prompts.pick<string>({
    ...frameOf(form, 'model'),
    placeholder: isAzure
      ? vscode.l10n.t('Type the name of your deployment')
      : vscode.l10n.t('Choose the model to begin with, or type its id'),
    choices: list.ids.map((id) => ({ label: plainLabel(id), value: id })),
    typed: known.has(forms.modelText(form)) ? '' : forms.modelText(form),
    active: forms.modelText(form),
    choicesFor: (typed) => {
      const id = typed.trim();
      if (!isModelId(id) || known.has(id)) return [];
      const label = isAzure ? vscode.l10n.t('Use this deployment') : vscode.l10n.t('Use another model');
      return [{ label, description: plainLabel(id), icon: 'edit', value: id, always: true }];
    },
  });
}

function typeModel(
  form: Form,
  list: ModelList | undefined,
  { prompts }: AddEndpointPorts,
): Promise<Answer<string>> {
  return prompts.input({
    ...frameOf(form, 'model'),
    prompt:
      list === undefined
        ? vscode.l10n.t('Id of the model to begin with. Leave empty to choose later.')
        : vscode.l10n.t(
            'The server lists no models. Id of the model to begin with; leave empty to choose later.',
          ),
    placeholder: vscode.l10n.t('Model id'),
    value: forms.modelText(form),
    check: (typed) =>
      typed.trim() === '' || isModelId(typed.trim()) ? undefined : vscode.l10n.t('This is no model id.'),
  });
}

/** The form as something to store; `undefined` while its URL is not usable. */
export function newEndpoint(form: Form): NewEndpoint | undefined {
  const endpoint = forms.endpointOf(form, 'new', forms.suggestedName(form));
  const url = forms.formUrl(form);
  if (endpoint === undefined || url === undefined) return undefined;
  const entry = forms.formKey(form);
  return {
    endpoint,
    origin: url.origin,
    key: entry?.type === 'typed' ? entry.text : undefined,
    model: form.model.trim(),
  };
}

function keyOf(form: Form, { readVariable }: AddEndpointPorts): string | undefined {
  const entry = forms.formKey(form);
  return entry?.type === 'variable' ? readVariable(entry.name)?.trim() : entry?.text;
}
