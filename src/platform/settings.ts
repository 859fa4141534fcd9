import * as vscode from 'vscode';
import { readEntries, type EntryProblem, type ReadEntries } from '../core/endpointEntries.ts';
import type { Endpoint } from '../core/endpoint.ts';
import { copyJson, type JsonObject } from '../core/json.ts';
import { splitModelRef } from '../core/modelRef.ts';
import { readParameters } from '../core/requestParameters.ts';
import type { ModelRef } from '../shared/conversation.ts';

export const settingNames = ['endpoints', 'model', 'parameters', 'instructions'] as const;
export type SettingName = (typeof settingNames)[number];

/** A setting, or a part of one, that is not used because of what stands in it. */
export type SettingProblem =
  | { readonly setting: 'endpoints'; readonly problem: EntryProblem | 'notAList' }
  | { readonly setting: 'model' | 'instructions' }
  /** `field` is missing where the whole setting is no object. */
  | { readonly setting: 'parameters'; readonly field?: string };

/**
 * The settings that decide where requests go and what is in them. Only the user's own value counts: the manifest
 * declares them with application scope, and as a second belt nothing but the global value is read here, so that no
 * folder, workspace file or default of another extension has a say.
 */
export class Settings implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<SettingName>();
  readonly #subscription: vscode.Disposable;
  /** Each value as it was last told, as JSON. */
  readonly #told = new Map<SettingName, string | undefined>();
  #entries: ReadEntries | undefined;

  constructor() {
    for (const name of settingNames) this.#told.set(name, JSON.stringify(globalValue(name)));
    this.#subscription = vscode.workspace.onDidChangeConfiguration((event) => {
      // A workspace that names one of these settings raises the event too, though it changes nothing.
      for (const name of settingNames) {
        if (event.affectsConfiguration(`colloquy.${name}`) && this.#isNew(name)) this.#changed.fire(name);
      }
    });
  }

  /** Told the name of the setting after it changed. */
  readonly onDidChange: vscode.Event<SettingName> = this.#changed.event;

  /** The usable entries, in the user's order. */
  get endpoints(): readonly Endpoint[] {
    return this.#read().endpoints;
  }

  endpoint(id: Endpoint['id']): Endpoint | undefined {
    return this.endpoints.find((endpoint) => endpoint.id === id);
  }

  /** The model for new conversations; its endpoint may be gone. */
  get model(): ModelRef | undefined {
    const value = globalValue('model');
    return typeof value === 'string' && splitModelRef(value) !== undefined ? value : undefined;
  }

  /** Fields for every request. */
  get parameters(): JsonObject {
    return readParameters(globalValue('parameters')).parameters;
  }

  /** The system prompt of new conversations; empty for none. */
  get instructions(): string {
    const value = globalValue('instructions');
    return typeof value === 'string' ? value : '';
  }

  /** Everything in these settings that is not used, to be shown to the user. */
  problems(): readonly SettingProblem[] {
    const problems: SettingProblem[] = this.#read().problems.map((problem) => ({
      setting: 'endpoints',
      problem,
    }));
    const endpoints = globalValue('endpoints');
    if (endpoints !== undefined && !Array.isArray(endpoints)) {
      problems.push({ setting: 'endpoints', problem: 'notAList' });
    }
    const model = globalValue('model');
    if (model !== undefined && model !== '' && this.model === undefined) problems.push({ setting: 'model' });
    for (const field of readParameters(globalValue('parameters')).refused) {
      problems.push({ setting: 'parameters', ...(field === undefined ? {} : { field }) });
    }
    const instructions = globalValue('instructions');
    if (instructions !== undefined && typeof instructions !== 'string')
      problems.push({ setting: 'instructions' });
    return problems;
  }

  /**
   * Changes the list of endpoints as it stands in the user's settings. Raises what `edit` raises, and VS Code's own
   * error when the settings file cannot be written (unsaved changes in it, for example).
   *
   * @param edit gets the value as it is written there, broken entries included, and returns the new one.
   */
  async changeEndpoints(edit: (raw: unknown) => readonly unknown[]): Promise<void> {
    await write('endpoints', edit(globalValue('endpoints')));
    this.#entries = undefined;
  }

  /** Raises VS Code's own error when the settings file cannot be written. */
  async changeModel(model: ModelRef | undefined): Promise<void> {
    await write('model', model);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }

  #read(): ReadEntries {
    this.#entries ??= readEntries(globalValue('endpoints'));
    return this.#entries;
  }

  #isNew(name: SettingName): boolean {
    const value = JSON.stringify(globalValue(name));
    if (value === this.#told.get(name)) return false;
    this.#told.set(name, value);
    if (name === 'endpoints') this.#entries = undefined;
    return true;
  }
}

function globalValue(name: SettingName): unknown {
  const value: unknown = vscode.workspace.getConfiguration('colloquy').inspect(name)?.globalValue;
  return value === undefined ? undefined : copyJson(value);
}

async function write(name: SettingName, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration('colloquy').update(name, value, vscode.ConfigurationTarget.Global);
}
