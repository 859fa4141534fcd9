import * as forms from './addEndpointForm.ts';
import type { Form } from './addEndpointForm.ts';
import { askModel, checkForm, newEndpoint } from './addEndpointModel.ts';
import {
  askFormKey,
  askGeneration,
  askPreset,
  askQuery,
  askUrl,
  type AddEndpointPorts,
  type Stop,
  type Turn,
} from './addEndpointSteps.ts';
import { Agreements } from './agreements.ts';
import type { ModelList } from './modelList.ts';

/**
 * Adds an endpoint in a few steps. Nothing is stored before the last one, so Escape leaves everything as it was; a
 * step back, or a server that does not answer, loses nothing that was typed.
 *
 * @returns whether an endpoint was added.
 */
export async function addEndpoint(ports: AddEndpointPorts): Promise<boolean> {
  const agreements = new Agreements(ports.permissions, ports.confirm);
  let turn: Turn = { form: forms.emptyForm, to: 'preset' };
  let list: ModelList | undefined;
  for (;;) {
    if (turn === 'cancelled') return false;
    const { form, to }: { readonly form: Form; readonly to: Stop } = turn;
    switch (to) {
      case 'preset':
        turn = await askPreset(form, ports);
        break;
      case 'generation':
        turn = await askGeneration(form, ports);
        break;
      case 'url':
        turn = await askUrl(form, ports, agreements);
        break;
      case 'query':
        turn = await askQuery(form, ports);
        break;
      case 'key':
        turn = await askFormKey(form, ports, agreements);
        break;
      case 'check': {
        const checked = await checkForm(form, ports);
        list = checked.list;
        turn = checked.turn;
        break;
      }
      case 'model':
        turn = await askModel(form, list, ports);
        break;
      case 'save': {
        const added = newEndpoint(form);
        if (added === undefined) return false;
        const isSaved = await ports.save(added);
        if (isSaved) await agreements.keep(added.origin);
        return isSaved;
      }
    }
  }
}
