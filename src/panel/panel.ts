import * as vscode from 'vscode';
import { CompletionError } from '../core/completionError.ts';
import type { ContextItem, ConversationEvent, Ending, ModelRef } from '../shared/conversation.ts';
import type { Diagnosis } from '../shared/diagnosis.ts';
import type { PanelStatus, RetryWait, Setup } from '../shared/protocol.ts';
import type { Log } from '../platform/log.ts';
import { ChatView, type Focus } from './chatView.ts';
import { handleIntent, type IntentPorts } from './intents.ts';
import type { Session, SessionPorts } from './session.ts';
import { Sessions } from './sessions.ts';

/** The view in the secondary sidebar, and the one in the activity bar for hosts that have no secondary sidebar. */
export const viewIds = ['colloquy.chat', 'colloquy.chatSide'] as const;
export type ViewId = (typeof viewIds)[number];

export interface PanelPorts {
  readonly viewRoot: vscode.Uri;
  /** Which of the two views this host shows. */
  readonly viewId: () => ViewId;
  readonly connect: SessionPorts['connect'];
  readonly defaultModel: () => ModelRef | undefined;
  readonly setup: (model: ModelRef | undefined) => Setup;
  readonly describeModel: (model: ModelRef) => PanelStatus['model'];
  /** What is shown of a diagnosis. */
  readonly diagnosis: () => Diagnosis | undefined;
  readonly actions: Omit<IntentPorts, 'sessions' | 'attach'> & {
    readonly attach: (add: (item: ContextItem) => Promise<void>) => Promise<void>;
  };
  readonly log: Log;
}

/** The chat: this window's conversations and the views that show them. */
export class Panel implements vscode.Disposable {
  readonly sessions: Sessions;
  readonly #ports: PanelPorts;
  readonly #views: Readonly<Record<ViewId, ChatView>>;

  constructor(ports: PanelPorts) {
    this.#ports = ports;
    const writer = crypto.randomUUID();
    this.sessions = new Sessions(
      {
        writer,
        now: Date.now,
        newId: () => crypto.randomUUID(),
        connect: ports.connect,
        defaultModel: ports.defaultModel,
        onRetryChanged: (session) => {
          this.#eachView((view) => view.postRetry(session));
          if (session.retry) this.#logRetry(session.retry);
        },
        onError: (error) => {
          if (!(error instanceof CompletionError))
            ports.log.error('A request failed in a way that was not foreseen', error);
        },
        onTurnEnded: (ending) => this.#logEnding(ending),
        onEvent: (session, event) => this.#tell(session, event),
      },
      () => this.#eachView((view) => view.postSnapshot()),
    );
    const makeView = (): ChatView =>
      new ChatView({
        viewRoot: ports.viewRoot,
        writer,
        schedule: (action, ms) => {
          const timer = setTimeout(action, ms);
          return () => clearTimeout(timer);
        },
        current: () => this.sessions.current,
        status: () => this.#status(),
        diagnosis: ports.diagnosis,
        handle: (intent, origin) => {
          handleIntent(intent, origin, {
            ...ports.actions,
            sessions: this.sessions,
            attach: (session) => ports.actions.attach((item) => this.attach(item, session)),
          }).catch((error: unknown) => this.#report(error));
        },
        onRefused: (reason) => ports.log.warn(`The view sent something that is no intent: ${reason}`),
      });
    this.#views = { 'colloquy.chat': makeView(), 'colloquy.chatSide': makeView() };
  }

  /** Registers the views; VS Code resolves them when they are first shown. */
  register(): vscode.Disposable {
    return vscode.Disposable.from(
      ...viewIds.map((id) => vscode.window.registerWebviewViewProvider(id, this.#views[id])),
    );
  }

  /** Shows the chat with the cursor in the composer, or the focus on the diagnosis. */
  async focus(where: Focus = 'composerFocused'): Promise<void> {
    const id = this.#ports.viewId();
    this.#views[id].focus(where);
    await vscode.commands.executeCommand(`${id}.focus`);
  }

  async startNew(): Promise<void> {
    this.sessions.startNew();
    await this.focus();
  }

  /** Adds context to a conversation's draft and shows it. */
  async attach(item: ContextItem, session = this.sessions.current): Promise<void> {
    session.addContext(item);
    this.sessions.show(session.id);
    await this.focus();
  }

  /** Sends at once; in a conversation of its own while a reply streams in the current one. */
  async send(text: string, context: readonly ContextItem[]): Promise<void> {
    await this.focus();
    await this.sessions.idle().send(text, context);
  }

  refreshDiagnosis(): void {
    this.#eachView((view) => view.postDiagnosis());
  }

  refreshStatus(): void {
    this.#eachView((view) => view.postStatus());
  }

  dispose(): void {
    this.sessions.dispose();
    this.#eachView((view) => view.dispose());
  }

  #status(): PanelStatus {
    const { model } = this.sessions.current;
    return {
      setup: this.#ports.setup(model),
      model: model === undefined ? undefined : this.#ports.describeModel(model),
      conversations: this.sessions.list(),
      trusted: vscode.workspace.isTrusted,
    };
  }

  /** The view that caused an event is told too: hearing its draft come back, it knows in which order drafts were taken. */
  #tell(session: Session, event: ConversationEvent): void {
    this.#eachView((view) => view.postEvent(session, event));
    if (event.type === 'titleChanged' || event.type === 'modelChosen') this.refreshStatus();
  }

  #eachView(action: (view: ChatView) => void): void {
    for (const id of viewIds) action(this.#views[id]);
  }

  #logRetry({ attempt, until, failure: { kind, status } }: RetryWait): void {
    const why = status === undefined ? kind : `${kind} ${status}`;
    const waitMs = Math.max(0, until - Date.now());
    if (waitMs === 0) this.#ports.log.info(`Attempt ${attempt} begins now`);
    else this.#ports.log.warn(`Attempt ${attempt - 1} failed (${why}), next in ${waitMs} ms`);
  }

  #logEnding(ending: Ending): void {
    switch (ending.type) {
      case 'failed':
      case 'interrupted': {
        const { kind, origin, status, code } = ending.failure;
        const facts = [origin, status, code].filter((fact) => fact !== undefined);
        this.#ports.log.warn(`Reply ${ending.type}: ${kind} ${facts.join(' ')}`);
        return;
      }
      case 'complete':
      case 'stopped':
        this.#ports.log.info(`Reply ${ending.type}`);
    }
  }

  #report(error: unknown): void {
    const { log } = this.#ports;
    log.error('Something went wrong', error);
    const show = vscode.l10n.t('Show Log');
    const message = vscode.l10n.t('Something went wrong in Colloquy. The log has the details.');
    void vscode.window.showErrorMessage(message, show).then((answer) => {
      if (answer === show) log.show();
    });
  }
}
