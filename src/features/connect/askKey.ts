import * as vscode from 'vscode';
import { checkKey, isVariableName } from '../../core/apiKey.ts';
import type { KeyEntry } from './addEndpointForm.ts';
import type { Answer, Prompts } from './prompts.ts';
import { keyWords } from './words.ts';

export interface KeyQuestion {
  readonly title: string;
  readonly step?: number;
  readonly totalSteps?: number;
  readonly canGoBack: boolean;
  /** Where the key will be sent: shown, because a key is entered for exactly this address. */
  readonly origin: string;
  readonly required: boolean;
  readonly entered: KeyEntry | undefined;
  /** Page on which a key is made. */
  readonly keyUrl?: string | undefined;
}

export interface KeyPorts {
  readonly prompts: Prompts;
  readonly readVariable: (name: string) => string | undefined;
  /** Asks whether the key in the variable may go to the origin. */
  readonly allowVariable: (name: string, origin: string) => Promise<boolean>;
  readonly openExternal: (url: string) => void;
}

/** A typed key is trimmed and usable. `undefined`: no key. */
export type KeyAnswer = Exclude<Answer<KeyEntry | undefined>, { readonly type: 'button' }>;

/** Asks for the key of an origin: typed, or named by an environment variable, or none where that is possible. */
export async function askKey(question: KeyQuestion, ports: KeyPorts): Promise<KeyAnswer> {
  let text = question.entered?.type === 'typed' ? question.entered.text : '';
  let wantsVariable = question.entered?.type === 'variable';
  for (;;) {
    if (wantsVariable) {
      const answer = await askVariable(question, ports);
      if (answer.type !== 'back') return answer;
      wantsVariable = false;
    }
    const answer = await ports.prompts.input({
      ...frameOf(question),
      prompt: question.required
        ? vscode.l10n.t(
            'API key for {0}. It is stored safely and sent to this address only.',
            question.origin,
          )
        : vscode.l10n.t(
            'API key for {0}. It is stored safely and sent to this address only. Leave empty if the server needs none.',
            question.origin,
          ),
      placeholder: question.required ? vscode.l10n.t('API key') : vscode.l10n.t('API key (optional)'),
      value: text,
      password: true,
      buttons: [
        ...(question.keyUrl === undefined
          ? []
          : [{ id: 'getKey', icon: 'link-external', tooltip: vscode.l10n.t('Get a Key in the Browser') }]),
        { id: 'variable', icon: 'symbol-variable', tooltip: vscode.l10n.t('Use an Environment Variable...') },
      ],
      check: (typed) => {
        if (typed.trim() === '' && !question.required) return undefined;
        const check = checkKey(typed);
        return check.type === 'refused' ? keyWords(check.why) : undefined;
      },
    });
    switch (answer.type) {
      case 'value': {
        const check = checkKey(answer.value);
        return {
          type: 'value',
          value: check.type === 'key' ? { type: 'typed', text: check.key } : undefined,
        };
      }
      case 'back':
      case 'cancelled':
        return answer;
      case 'button':
        text = answer.typed;
        if (answer.button === 'variable') wantsVariable = true;
        else if (question.keyUrl !== undefined) ports.openExternal(question.keyUrl);
    }
  }
}

async function askVariable(question: KeyQuestion, ports: KeyPorts): Promise<KeyAnswer> {
  let name = question.entered?.type === 'variable' ? question.entered.name : '';
  for (;;) {
    const answer = await ports.prompts.input({
      ...frameOf(question),
      canGoBack: true,
      prompt: vscode.l10n.t(
        'Name of the environment variable that holds the key for {0}. It is read where extensions run.',
        question.origin,
      ),
      placeholder: 'OPENAI_API_KEY',
      value: name,
      check: (typed) => variableProblem(typed.trim(), ports),
    });
    if (answer.type !== 'value')
      return answer.type === 'button' ? { type: 'back', typed: answer.typed } : answer;
    name = answer.value.trim();
    if (await ports.allowVariable(name, question.origin))
      return { type: 'value', value: { type: 'variable', name } };
  }
}

function variableProblem(name: string, ports: KeyPorts): string | undefined {
  if (!isVariableName(name)) return vscode.l10n.t('Enter the name only, without $ and without the value.');
  const value = ports.readVariable(name);
  if (value === undefined || value.trim() === '') {
    return vscode.l10n.t('{0} is not set in the environment in which extensions run.', name);
  }
  const check = checkKey(value);
  return check.type === 'refused'
    ? vscode.l10n.t('The value of {0} cannot be used as a key.', name)
    : undefined;
}

function frameOf({ title, step, totalSteps, canGoBack }: KeyQuestion) {
  return {
    title,
    canGoBack,
    ...(step === undefined ? {} : { step }),
    ...(totalSteps === undefined ? {} : { totalSteps }),
  };
}
