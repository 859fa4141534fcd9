import * as vscode from 'vscode';
import type { KeyRefusal } from '../../core/apiKey.ts';
import type { BaseUrlRefusal } from '../../core/baseUrl.ts';
import type { EntryProblem } from '../../core/endpointEntries.ts';
import type { Question } from '../../platform/confirm.ts';
import type { Permission } from '../../platform/permissions.ts';
import type { SettingProblem } from '../../platform/settings.ts';
import type { Failure } from '../../shared/failure.ts';
import type { FoundKey } from './endpointKeys.ts';

/** Why a text is not accepted as a base URL, below the input. */
export function urlWords(refusal: BaseUrlRefusal): string {
  switch (refusal) {
    case 'empty':
      return vscode.l10n.t('Enter the base URL of the server.');
    case 'tooLong':
      return vscode.l10n.t('This URL is too long.');
    case 'badCharacter':
      return vscode.l10n.t('A URL has no spaces, line breaks, backslashes or invisible characters.');
    case 'notAUrl':
      return vscode.l10n.t('This is not a complete URL. Example: https://api.example.com/v1');
    case 'scheme':
      return vscode.l10n.t('Begin the URL with https:// or, for this computer and private networks, http://');
    case 'userInfo':
      return vscode.l10n.t(
        'Remove the user name and password before the host. The key is asked for separately.',
      );
    case 'hash':
      return vscode.l10n.t('Remove the part from # on.');
    case 'keyInQuery':
      return vscode.l10n.t('Remove the key from the URL. It is asked for separately and stored safely.');
    case 'publicHttp':
      return vscode.l10n.t('Use https:// here. Plain http:// is for this computer and private networks.');
  }
}

/** Why a text is not accepted as a key. Never repeats any of it. */
export function keyWords(refusal: KeyRefusal): string {
  switch (refusal) {
    case 'empty':
      return vscode.l10n.t('Enter the key.');
    case 'tooLong':
      return vscode.l10n.t('This is too long for a key.');
    case 'controlCharacter':
      return vscode.l10n.t('The key contains a line break or another control character. Copy it again.');
    case 'notAscii':
      return vscode.l10n.t('The key contains a character that keys do not have. Copy it again.');
    case 'space':
      return vscode.l10n.t('The key contains a space. Enter only the key, without words like "Bearer".');
  }
}

/** The question that is asked once before something is done for an origin. */
export function permissionQuestion(permission: Permission): Question {
  switch (permission.type) {
    case 'variable':
      return {
        message: vscode.l10n.t('Use the key in ${0} for {1}?', permission.name, permission.origin),
        detail: vscode.l10n.t(
          'The value of this environment variable will be sent to {0} with every request. You are asked only once for this address.',
          permission.origin,
        ),
        accept: vscode.l10n.t('Use Key'),
      };
    case 'plainHttp':
      return {
        message: vscode.l10n.t('Connect to {0} without encryption?', permission.origin),
        detail: vscode.l10n.t(
          'Your messages, and the key if you enter one, can be read on the way to this server. That is usual for a server on this computer or in your own network. You are asked only once for this address.',
        ),
        accept: vscode.l10n.t('Connect'),
      };
  }
}

/** One sentence about a key that there is not, or that is not used. */
export function whyNoKey(found: Exclude<FoundKey, { readonly type: 'key' }>): string {
  switch (found.type) {
    case 'none':
      return vscode.l10n.t('No key is stored for this endpoint.');
    case 'otherOrigin':
      return vscode.l10n.t('The stored key was entered for {0} and is not sent anywhere else.', found.origin);
    case 'variableMissing':
      return vscode.l10n.t('The environment variable {0} is not set where extensions run.', found.name);
    case 'variableUnusable':
      return vscode.l10n.t('The environment variable {0} does not hold a usable key.', found.name);
    case 'variableNotAllowed':
      return vscode.l10n.t('The key in {0} has not been allowed for this address yet.', found.name);
  }
}

/** What is wrong in the settings, in one sentence. */
export function problemWords(problem: SettingProblem): string {
  switch (problem.setting) {
    case 'endpoints':
      return problem.problem === 'notAList'
        ? vscode.l10n.t('colloquy.endpoints is not a list.')
        : vscode.l10n.t(
            'Entry {0} of colloquy.endpoints is not used: {1}',
            problem.problem.index + 1,
            entryWords(problem.problem),
          );
    case 'model':
      return vscode.l10n.t('colloquy.model is not of the form "endpoint id/model id".');
    case 'instructions':
      return vscode.l10n.t('colloquy.instructions is not a text.');
    case 'parameters':
      return problem.field === undefined
        ? vscode.l10n.t('colloquy.parameters is not an object.')
        : vscode.l10n.t('"{0}" in colloquy.parameters is not used: it is set by other means.', problem.field);
  }
}

function entryWords({ field = '', why }: EntryProblem): string {
  switch (why.type) {
    case 'notAnObject':
      return vscode.l10n.t('it is not an object.');
    case 'badId':
      return vscode.l10n.t('its "id" must be made of letters, digits, ".", "_" and "-".');
    case 'duplicateId':
      return vscode.l10n.t('another entry has the same "id".');
    case 'wrongType':
      return vscode.l10n.t('"{0}" is missing or has the wrong type.', field);
    case 'notAbsolutePath':
      return vscode.l10n.t('"{0}" must be an absolute path on this machine.', field);
    case 'keyWithoutCertificate':
      return vscode.l10n.t('"{0}" needs "clientCertFile" beside it.', field);
    case 'notAVariableName':
      return vscode.l10n.t('"{0}" must be the name of an environment variable.', field);
    case 'unknownPlace':
      return vscode.l10n.t('"{0}" must be one of "fields", "tags" and "closingTag".', field);
    case 'unknownDialect':
      return vscode.l10n.t('"{0}" names no known kind of server.', field);
    case 'badHeader':
      return vscode.l10n.t('"{0}" cannot be sent as a header.', field);
    case 'keyInHeader':
      return vscode.l10n.t(
        '"{0}" must take the key from {1}; a key is never stored in settings.',
        field,
        '${apiKey}',
      );
    case 'keyInQuery':
      return vscode.l10n.t('"{0}" looks like a key; a key is never stored in settings.', field);
    case 'badModelId':
      return vscode.l10n.t('"{0}" holds something that is no model id.', field);
    case 'baseUrl':
      return urlWords(why.refusal);
  }
}

/** What went wrong when the models were asked for, in one sentence that says what to look at. */
export function failureWords(failure: Failure): string {
  const at = failure.origin ?? vscode.l10n.t('the server');
  switch (failure.kind) {
    case 'unauthorized':
      return vscode.l10n.t('The key was refused by {0}.', at);
    case 'forbidden':
      return vscode.l10n.t(
        '{0} does not allow this. The key may lack permission, or the server refuses this client.',
        at,
      );
    case 'noKey':
      return failure.detail ?? vscode.l10n.t('A key is needed for {0}.', at);
    case 'wrongPath':
    case 'modelNotFound':
      return vscode.l10n.t('{0} has no list of models under this URL. Check the path of the base URL.', at);
    case 'cannotConnect':
      return vscode.l10n.t('Cannot connect to {0}. Check the server, the address and the proxy.', at);
    case 'certificate':
      return vscode.l10n.t('The certificate of {0} is not trusted on this machine.', at);
    case 'notAnApi':
      return vscode.l10n.t('What answers at {0} is not a Chat Completions API.', at);
    case 'redirected':
      return vscode.l10n.t('{0} redirects to another address. Enter the final address as base URL.', at);
    case 'rateLimited':
      return vscode.l10n.t('{0} is receiving too many requests. Try again later.', at);
    case 'quotaExceeded':
      return vscode.l10n.t('The account at {0} has no credit left.', at);
    case 'serverError':
      return vscode.l10n.t('{0} answered with an error of its own ({1}).', at, failure.status ?? 500);
    case 'stalled':
      return vscode.l10n.t('{0} did not answer in time.', at);
    case 'cut':
      return vscode.l10n.t('The connection to {0} broke off before the list of models was complete.', at);
    case 'tooLarge':
      return vscode.l10n.t('The list of models of {0} is too large to read.', at);
    case 'badRequest':
    case 'contextTooLong':
    case 'contentFiltered':
    case 'errorInStream':
      return vscode.l10n.t('{0} did not accept the request for its models.', at);
    case 'noEndpoint':
    case 'noModel':
    case 'unexpected':
      return vscode.l10n.t('The models could not be listed.');
  }
}
