import { describeAttachment } from './attachment.ts';
import { type ChatRequest, type Message, partsOf, textOf, toolName } from './chatRequest.ts';
import { chooseFunction, chooseTools } from './chooseTools.ts';
import { codeAnswer, codeOnly } from './codeAnswer.ts';
import { type CodeBlock, parseMessage } from './codeBlock.ts';
import { capitalised, enumerate, fence, quote } from './codeView.ts';
import type { Hints } from './exampleText.ts';
import { generalAnswer } from './generalAnswer.ts';
import { hashText } from './json.ts';
import type { Draft } from './plan.ts';
import { schemaInstance } from './schemaInstance.ts';

/**
 * What the ordinary model says. The same request gets the same answer; another `seed`, and another choice of
 * `n > 1`, gets other opening words.
 */
export function draftReply(request: ChatRequest, choice: number): Draft {
  const variation = choice + (typeof request.seed === 'number' ? hashText(String(request.seed)) % 997 : 0);
  const hints = hintsOf(request);
  const toolCalls = chooseTools(request, hints);
  if (toolCalls.length > 0) return { toolCalls };
  const functionCall = chooseFunction(request, hints);
  if (functionCall !== undefined) return { functionCall };
  const json = jsonReply(request, hints);
  return { text: json ?? continuation(request, variation) ?? answer(request.messages, variation) };
}

function jsonReply(request: ChatRequest, hints: Hints): string | undefined {
  const format = request.response_format;
  if (format?.type === 'json_schema')
    return JSON.stringify(schemaInstance(format.json_schema?.schema ?? true, hints));
  if (format?.type !== 'json_object') return undefined;
  const about = hints.path === undefined ? {} : { path: hints.path };
  return JSON.stringify(
    { question: hints.question, answer: 'This is a JSON object, as you asked.', ...about },
    null,
    2,
  );
}

const asksToContinue = /^(?:please\s+)?(?:continue|go on)\b|\bcut off\b[^]*\bcontinue\b/iu;

/** Goes on where an answer was cut off, when that is what is asked for; undefined otherwise. */
function continuation(request: ChatRequest, variation: number): string | undefined {
  const messages = request.messages;
  const last = messages.at(-1);
  const goesOn = last?.role === 'user' && asksToContinue.test(textOf(last).trim());
  const partial = last?.role === 'assistant' ? last : goesOn ? messages.at(-2) : undefined;
  if (partial?.role !== 'assistant') return undefined;
  const before = messages.slice(0, messages.indexOf(partial));
  const said = textOf(partial);
  for (let other = 0; other < 3; other += 1) {
    const whole = answer(before, variation + other);
    if (whole.startsWith(said) && whole.length > said.length) return whole.slice(said.length);
  }
  return undefined;
}

function answer(messages: readonly Message[], variation: number): string {
  const last = messages.at(-1);
  if (last?.role === 'tool' || last?.role === 'function') return toolAnswer(messages);
  const position = messages.findLastIndex((message) => message.role === 'user');
  const user = messages[position];
  if (user === undefined) return 'There is no question in this conversation yet.';

  const attachments = partsOf(user).flatMap((part) => describeAttachment(part) ?? []);
  const seen =
    attachments.length === 0
      ? ''
      : `I can see that you attached ${enumerate(attachments)}. I do not look into it.\n\n`;
  const { blocks, prose } = parseMessage(textOf(user));
  const [first, ...others] = blocks;
  const earlier = messages.slice(0, position).filter((message) => message.role === 'user').length;
  if (first === undefined) return seen + generalAnswer(prose, earlier, variation);
  const wanted = codeWanted(messages, prose);
  if (wanted === undefined) return seen + codeAnswer([first, ...others], prose, variation);
  return wanted === 'fenced' ? fence(codeOnly(first, prose), first.language.fence) : codeOnly(first, prose);
}

/** Whether the conversation asks for bare code, as an edit in place does; fenced unless it forbids fences. */
function codeWanted(messages: readonly Message[], prose: string): 'fenced' | 'bare' | undefined {
  const rules = messages
    .filter((message) => message.role === 'system' || message.role === 'developer')
    .map(textOf);
  const text = [...rules, prose].join('\n');
  if (!/\b(?:only|nothing but|just)\b[^.\n]{0,60}\b(?:code|replacement)\b/iu.test(text)) return undefined;
  return /\b(?:no|without|not)\b[^.\n]{0,40}\b(?:fences?|backticks|markdown)\b/iu.test(text)
    ? 'bare'
    : 'fenced';
}

function toolAnswer(messages: readonly Message[]): string {
  const asked = messages.flatMap((message) => message.tool_calls ?? []);
  const from =
    messages.findLastIndex((message) => message.role !== 'tool' && message.role !== 'function') + 1;
  const results = messages.slice(from).map((message) => {
    const call = asked.find((one) => one.id === message.tool_call_id);
    const name = call === undefined ? (message.name ?? 'the tool') : toolName(call);
    const text = textOf(message).trim();
    return text.includes('\n') || text.length > 80
      ? `- ${quote(name)} answered:\n\n${fence(text, text.startsWith('{') || text.startsWith('[') ? 'json' : '')}`
      : `- ${quote(name)} answered ${text === '' ? 'nothing' : quote(text)}.`;
  });
  const question = messages.findLast((message) => message.role === 'user');
  const about = question === undefined ? '' : ` to “${firstLine(textOf(question))}”`;
  return `${capitalised('here is the answer')}${about}, from what the tools said:\n\n${results.join('\n')}`;
}

function hintsOf(request: ChatRequest): Hints {
  const user = request.messages.findLast((message) => message.role === 'user');
  const { blocks, prose } = parseMessage(user === undefined ? '' : textOf(user));
  const block: CodeBlock | undefined = blocks[0];
  return {
    question: prose,
    ...(block?.path === undefined ? {} : { path: block.path }),
    ...(block === undefined ? {} : { code: block.code }),
  };
}

function firstLine(text: string): string {
  const line = text.trim().split('\n')[0] ?? '';
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
