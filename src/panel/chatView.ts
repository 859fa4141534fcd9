import * as v from 'valibot';
import * as vscode from 'vscode';
import { eventsFor } from '../shared/project.ts';
import { intentSchema, type PanelStatus } from '../shared/protocol.ts';
import type { ConversationEvent, Writer } from '../shared/conversation.ts';
import type { Diagnosis } from '../shared/diagnosis.ts';
import { viewHtml } from './html.ts';
import type { HandledIntent } from './intents.ts';
import { Poster, type Outgoing, type Schedule } from './poster.ts';
import type { Session } from './session.ts';

export interface ChatViewPorts {
  /** The folder with the view's bundle: the only one it may load from. */
  readonly viewRoot: vscode.Uri;
  readonly writer: Writer;
  readonly schedule: Schedule;
  readonly current: () => Session;
  readonly status: () => PanelStatus;
  readonly diagnosis: () => Diagnosis | undefined;
  readonly handle: (intent: HandledIntent, origin: ChatView) => void;
  /** Told about a message that is no intent: a defect, or an attempt. */
  readonly onRefused: (reason: string) => void;
}

/** What can be given the focus from outside the view. */
export type Focus = 'composerFocused' | 'diagnosisFocused';

/** One of the two places where the chat can live: the webview, and what it was told. */
export class ChatView implements vscode.WebviewViewProvider, vscode.Disposable {
  readonly #ports: ChatViewPorts;
  #view: vscode.WebviewView | undefined;
  #poster: Poster | undefined;
  #focusWhenReady: Focus | undefined;

  constructor(ports: ChatViewPorts) {
    this.#ports = ports;
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#forget();
    this.#view = view;
    const { viewRoot } = this.#ports;
    view.webview.options = {
      enableScripts: true,
      enableForms: false,
      enableCommandUris: false,
      localResourceRoots: [viewRoot],
    };
    const listeners = [
      view.webview.onDidReceiveMessage((message: unknown) => this.#receive(message)),
      view.onDidDispose(() => {
        for (const listener of listeners) listener.dispose();
        if (this.#view === view) this.#forget();
      }),
    ];
    view.webview.html = viewHtml({
      script: view.webview.asWebviewUri(vscode.Uri.joinPath(viewRoot, 'main.js')).toString(),
      style: view.webview.asWebviewUri(vscode.Uri.joinPath(viewRoot, 'style.css')).toString(),
      cspSource: view.webview.cspSource,
      nonce: Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString('base64url'),
    });
  }

  /** Nothing is posted before the view has asked: `snapshot` will hold it. */
  postEvent(session: Session, event: ConversationEvent): void {
    if (session === this.#ports.current()) this.#poster?.postEvent(session.id, event);
  }

  postRetry(session: Session): void {
    if (session !== this.#ports.current()) return;
    this.#poster?.post({ type: 'retryChanged', conversation: session.id, retry: session.retry });
  }

  postStatus(): void {
    this.#poster?.post({ type: 'statusChanged', status: this.#ports.status() });
  }

  postDiagnosis(): void {
    this.#poster?.post({ type: 'diagnosisChanged', diagnosis: this.#ports.diagnosis() });
  }

  /** Shows the current conversation from the start. */
  postSnapshot(): void {
    this.#poster?.post(this.#snapshot());
  }

  /** Puts the focus there, now or as soon as the view is there. */
  focus(type: Focus): void {
    // A hidden view is gone, although its poster is not: it will say `ready` again.
    if (this.#poster && this.#view?.visible === true) this.#poster.post({ type });
    else this.#focusWhenReady = type;
  }

  dispose(): void {
    this.#forget();
  }

  #receive(message: unknown): void {
    const parsed = v.safeParse(intentSchema, message);
    if (!parsed.success) {
      this.#ports.onRefused(
        parsed.issues.map((issue) => `${v.getDotPath(issue) ?? ''} ${issue.message}`).join('; '),
      );
      return;
    }
    if (parsed.output.type === 'ready') this.#start();
    else this.#ports.handle(parsed.output, this);
  }

  #start(): void {
    const view = this.#view;
    if (!view) return;
    this.#poster?.dispose();
    this.#poster = new Poster((message) => void view.webview.postMessage(message), this.#ports.schedule);
    this.#poster.post(this.#snapshot());
    if (this.#focusWhenReady) this.#poster.post({ type: this.#focusWhenReady });
    this.#focusWhenReady = undefined;
  }

  #snapshot(): Outgoing {
    const session = this.#ports.current();
    return {
      type: 'snapshot',
      conversation: session.id,
      writer: this.#ports.writer,
      events: eventsFor(session.state),
      retry: session.retry,
      diagnosis: this.#ports.diagnosis(),
      status: this.#ports.status(),
      now: Date.now(),
    };
  }

  #forget(): void {
    this.#poster?.dispose();
    this.#poster = undefined;
    this.#view = undefined;
  }
}
