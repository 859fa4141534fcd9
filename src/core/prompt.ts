import type { MessageNode } from '../shared/apply.ts';
import type { ContextItem } from '../shared/conversation.ts';
import type { ChatCompletionRequestMessage } from './completion.ts';
import { fenced } from './fence.ts';
import type { JsonRecord } from './readingRecord.ts';
import { assistantMessage, replayedCalls, type ReplayRules } from './replay.ts';
import { plainName, showHiddenCharacters } from './visible.ts';

/** What stands in a request besides the conversation. */
export interface PromptOptions {
  /** The setting `colloquy.instructions`; empty for none. Nothing else is added but what asks for the rest of a cut reply. */
  readonly instructions: string;
  /** The role that the endpoint takes instructions in. */
  readonly instructionsRole: 'system' | 'developer';
  /** Where the request goes. Without it nothing but texts is sent back. */
  readonly replay?: ReplayRules | undefined;
}

/** Asks for the rest of a reply that was cut off; sent after the partial reply, never shown as a message. */
const continueInstruction =
  'Your last message was cut off. Continue it exactly where it stopped: repeat nothing, add no preface.';

/** The messages of a request for a reply to the end of `path`. `now` is in milliseconds since 1970. */
export function buildMessages(
  path: readonly MessageNode[],
  options: PromptOptions,
  now: number,
): ChatCompletionRequestMessage[] {
  const messages: ChatCompletionRequestMessage[] = [];
  if (options.instructions.trim() !== '') {
    messages.push({ role: options.instructionsRole, content: options.instructions });
  }
  const answers = answeredCalls(path, options.replay);
  for (const node of path) {
    const { header } = node;
    if (!header) continue;
    if (header.role === 'assistant') {
      // A reply without anything says nothing to the model, and several servers refuse an empty one.
      const message = assistantMessage(node, answers.callsOf(node), options.replay, now);
      if (message) messages.push(message);
      continue;
    }
    const content = withContext(node.content.text, header.context);
    const id = answers.idFor(node);
    messages.push(
      id === undefined ? { role: header.role, content } : { role: 'tool', content, tool_call_id: id },
    );
  }
  return messages;
}

/** The messages of a request that continues the reply at the end of `path`. */
export function buildContinuation(
  path: readonly MessageNode[],
  options: PromptOptions,
  now: number,
): ChatCompletionRequestMessage[] {
  return [...buildMessages(path, options, now), { role: 'user', content: continueInstruction }];
}

/** Which calls are answered: all of a reply's, in their order, by the tool messages that follow it, or none of them. */
function answeredCalls(path: readonly MessageNode[], replay: ReplayRules | undefined) {
  const calls = new Map<MessageNode, readonly JsonRecord[]>();
  const ids = new Map<MessageNode, string>();
  for (const [index, node] of path.entries()) {
    if (node.header?.role !== 'assistant') continue;
    const made = replayedCalls(node, replay);
    const results = path.slice(index + 1, index + 1 + made.length);
    if (results.length < made.length || results.some(({ header }) => header?.role !== 'tool')) continue;
    calls.set(node, made);
    for (const [position, result] of results.entries()) {
      const id = made[position]?.['id'];
      if (typeof id === 'string') ids.set(result, id);
    }
  }
  return {
    callsOf: (node: MessageNode) => calls.get(node) ?? [],
    idFor: (node: MessageNode) => ids.get(node),
  };
}

/** A user's text with what was attached to it in front. */
export function withContext(text: string, context: readonly ContextItem[]): string {
  return [...context.map(describeItem), text].filter((part) => part !== '').join('\n\n');
}

/** One attachment: where it comes from in words, then its text in a fence that it cannot close. */
function describeItem(item: ContextItem): string {
  const { lines } = item;
  const where =
    lines === undefined
      ? `File \`${plainName(item.path)}\``
      : lines.first === lines.last
        ? `From \`${plainName(item.path)}\`, line ${lines.first}`
        : `From \`${plainName(item.path)}\`, lines ${lines.first}-${lines.last}`;
  const parts = [
    `${where} (${plainName(item.languageId, 60)}):`,
    fenced(showTags(item.text), item.languageId),
  ];
  if (item.problems && item.problems.length > 0) {
    const list = item.problems.map((problem) => `- ${plainName(problem, 1000)}`);
    parts.push(['Problems reported on these lines:', ...list].join('\n'));
  }
  return parts.join('\n\n');
}

/**
 * Tag characters (U+E0000 to U+E007F) carry text that no reader of the code can see; the model gets them written out,
 * like the reader of the preview.
 */
function showTags(code: string): string {
  return code.replaceAll(/[\u{E0000}-\u{E007F}]+/gu, showHiddenCharacters);
}
