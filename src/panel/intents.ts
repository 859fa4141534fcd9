import type { ContextItem, ModelRef } from '../shared/conversation.ts';
import { draftOf } from '../shared/project.ts';
import type { CodeAction, Intent, Recovery } from '../shared/protocol.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

/** What intents need from the rest of the house. */
export interface IntentPorts {
  readonly sessions: Sessions;
  readonly selectModel: (session: Session) => Promise<void>;
  readonly addEndpoint: () => Promise<void>;
  readonly attach: (session: Session) => Promise<void>;
  readonly openContext: (item: ContextItem) => Promise<void>;
  readonly copyText: (text: string) => Promise<void>;
  readonly useCode: (
    action: CodeAction,
    code: { readonly text: string; readonly language: string },
  ) => Promise<void>;
  readonly openLink: (href: string) => Promise<void>;
  readonly setKey: (model: ModelRef | undefined) => Promise<void>;
  readonly editEndpoint: (model: ModelRef | undefined) => Promise<void>;
  readonly showLog: () => void;
  readonly diagnosis: {
    /** Of the endpoint of this model. */
    readonly start: (model: ModelRef | undefined) => Promise<void>;
    readonly again: () => Promise<void>;
    readonly stop: () => void;
    readonly copy: () => Promise<void>;
    readonly close: () => void;
  };
  readonly forgetRepairs: () => void | Promise<void>;
}

/** `ready` is answered by the view's host side itself (`chatView.ts`). */
export type HandledIntent = Exclude<Intent, { readonly type: 'ready' }>;

/** Carries out what the view asks for. An intent about a conversation or message that is not there does nothing. */
export async function handleIntent(
  intent: HandledIntent,
  origin: unknown,
  ports: IntentPorts,
): Promise<void> {
  const { sessions } = ports;
  switch (intent.type) {
    case 'newChat':
      sessions.startNew();
      return;
    case 'showChat':
      sessions.show(intent.conversation);
      return;
    case 'selectModel':
      return ports.selectModel(sessions.current);
    case 'addEndpoint':
      return ports.addEndpoint();
    case 'attach':
      return ports.attach(sessions.current);
    case 'diagnose':
      return ports.diagnosis.again();
    case 'stopDiagnosis':
      ports.diagnosis.stop();
      return;
    case 'copyDiagnosis':
      return ports.diagnosis.copy();
    case 'closeDiagnosis':
      ports.diagnosis.close();
      return;
    case 'forgetRepairs':
      return ports.forgetRepairs();
    case 'send':
    case 'stop':
    case 'retryNow':
    case 'changeDraft':
    case 'removeContext':
    case 'openContext':
    case 'regenerate':
    case 'chooseVersion':
    case 'recover':
    case 'copyMessage':
    case 'useCode':
    case 'openLink': {
      const session = sessions.get(intent.conversation);
      if (session) await handleInSession(intent, session, origin, ports);
    }
  }
}

type InSession = Extract<HandledIntent, { readonly conversation: string }>;

async function handleInSession(
  intent: Exclude<InSession, { readonly type: 'showChat' }>,
  session: Session,
  origin: unknown,
  ports: IntentPorts,
): Promise<void> {
  switch (intent.type) {
    case 'send':
      // A message that crossed a reply on its way stays a draft: nothing typed is lost.
      if (session.running) session.changeDraft(intent.text, undefined);
      else await session.sendDraft(intent.text);
      return;
    case 'stop':
      session.stop();
      return;
    case 'retryNow':
      session.retryNow();
      return;
    case 'changeDraft':
      session.changeDraft(intent.text, origin);
      return;
    case 'removeContext':
      session.removeContext(intent.item);
      return;
    case 'openContext': {
      const header =
        intent.message === undefined ? undefined : session.state.nodes.get(intent.message)?.header;
      const items = header?.context ?? draftOf(session.state).items;
      const item = items.find((candidate) => candidate.id === intent.item);
      if (item) await ports.openContext(item);
      return;
    }
    case 'regenerate':
      return session.regenerate(intent.message);
    case 'chooseVersion':
      session.chooseVersion(intent.message);
      return;
    case 'recover':
      return recover(intent.recovery, intent.message, session, ports);
    case 'copyMessage': {
      const text = session.state.nodes.get(intent.message)?.content.text;
      if (text !== undefined) await ports.copyText(text);
      return;
    }
    case 'useCode': {
      const content = session.state.nodes.get(intent.message)?.content.text ?? '';
      // The lexer is evaluated with the first use of a code block, not with activation.
      const { codeBlocks } = await import('../core/blocks.ts');
      const block = codeBlocks(content)[intent.block];
      if (!block) return;
      const { start, end } = intent.part ?? { start: 0, end: block.text.length };
      const text = block.text.slice(fromLineStart(block.text, start), end);
      if (text !== '') await ports.useCode(intent.action, { text, language: block.language });
      return;
    }
    case 'openLink':
      return ports.openLink(intent.href);
  }
}

async function recover(
  recovery: Recovery,
  message: string,
  session: Session,
  ports: IntentPorts,
): Promise<void> {
  const model = session.state.nodes.get(message)?.header?.model ?? session.model;
  switch (recovery) {
    case 'tryAgain':
      return session.regenerate(message);
    case 'continue':
      return session.continueReply(message);
    case 'setKey':
      return ports.setKey(model);
    case 'selectModel':
      return ports.selectModel(session);
    case 'addEndpoint':
      return ports.addEndpoint();
    case 'editEndpoint':
      return ports.editEndpoint(model);
    case 'diagnose':
      return ports.diagnosis.start(model);
    case 'showLog':
      ports.showLog();
  }
}

/** A part that begins with the first text of its line takes the indentation before it along. */
function fromLineStart(text: string, start: number): number {
  const line = text.lastIndexOf('\n', start - 1) + 1;
  return text.slice(line, start).trim() === '' ? line : start;
}
