import type { MessageNode } from '../shared/apply.ts';
import type { ContextItem } from '../shared/conversation.ts';
import type { ChatCompletionRequestMessage } from './completion.ts';
import { fenced } from './fence.ts';
import { plainName, showHiddenCharacters } from './visible.ts';

/** What stands in a request besides the conversation. */
export interface PromptOptions {
  /** The setting `colloquy.instructions`; empty for none. Nothing else is added but what asks for the rest of a cut reply. */
  readonly instructions: string;
  /** The role that the endpoint takes instructions in. */
  readonly instructionsRole: 'system' | 'developer';
}

/** Asks for the rest of a reply that was cut off; sent after the partial reply, never shown as a message. */
const continueInstruction =
  'Your last message was cut off. Continue it exactly where it stopped: repeat nothing, add no preface.';

/** The messages of a request for a reply to the end of `path`. */
export function buildMessages(
  path: readonly MessageNode[],
  options: PromptOptions,
): ChatCompletionRequestMessage[] {
  const messages: ChatCompletionRequestMessage[] = [];
  if (options.instructions.trim() !== '') {
    messages.push({ role: options.instructionsRole, content: options.instructions });
  }
  for (const node of path) {
    const { header } = node;
    if (!header) continue;
    const text = node.content.text;
    if (header.role === 'assistant') {
      // A reply without text says nothing to the model, and several servers refuse an empty one.
      if (text !== '') messages.push({ role: 'assistant', content: text });
      continue;
    }
    messages.push({ role: header.role, content: withContext(text, header.context) });
  }
  return messages;
}

/** The messages of a request that continues the reply at the end of `path`. */
export function buildContinuation(
  path: readonly MessageNode[],
  options: PromptOptions,
): ChatCompletionRequestMessage[] {
  return [...buildMessages(path, options), { role: 'user', content: continueInstruction }];
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
