import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { streamText } from 'ai';
import OpenAI from 'openai';
import { request } from 'undici';
import { streamChatCompletion } from '../../../src/api/client.ts';
import { createTransport } from '../../../src/api/transport.ts';

/** Reads one streamed reply to its end and gives each piece of text to `onText`. */
export type Contender = (baseUrl: string, onText: (text: string) => void) => Promise<void>;

const prompt = 'Hello';
const chat = { model: 'm', messages: [{ role: 'user', content: prompt }] } as const;

async function* rawBody(baseUrl: string): AsyncGenerator<Uint8Array, void, undefined> {
  const body = JSON.stringify({ ...chat, stream: true });
  const answer = await request(`${baseUrl}/chat/completions`, { method: 'POST', body });
  // Nobody gave the body an encoding, so its pieces are bytes.
  for await (const bytes of answer.body) yield bytes as Uint8Array;
}

const transport = createTransport({
  proxyFor: () => Promise.resolve(undefined),
  certificates: () => Promise.resolve(undefined),
});

export const contenders = {
  /** The bytes and nothing else. */
  async raw(baseUrl, onText) {
    for await (const bytes of rawBody(baseUrl)) if (bytes.length === 0) onText('');
  },
  /** The least that any client does: split at blank lines and parse every event. */
  async parse(baseUrl, onText) {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const bytes of rawBody(baseUrl)) {
      const events = (rest + decoder.decode(bytes, { stream: true })).split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) {
        const data = event.slice('data: '.length);
        if (data === '[DONE]') return;
        // The shape that our own server sends.
        const chunk = JSON.parse(data) as { choices: readonly { delta: { content?: string } }[] };
        onText(chunk.choices[0]?.delta.content ?? '');
      }
    }
  },
  async ours(baseUrl, onText) {
    const connection = { endpoint: { id: 'bench', name: 'Bench', baseUrl }, key: undefined, transport };
    for await (const delta of streamChatCompletion(connection, chat, new AbortController().signal)) {
      if (delta.type === 'content') onText(delta.text);
    }
  },
  async openai(baseUrl, onText) {
    const client = new OpenAI({ apiKey: 'none', baseURL: baseUrl });
    for await (const chunk of await client.chat.completions.create({
      model: chat.model,
      messages: [{ role: 'user', content: prompt }],
      stream: true,
    })) {
      onText(chunk.choices[0]?.delta.content ?? '');
    }
  },
  /** The helper that adds the message up, as ours does. */
  async openaiHelper(baseUrl, onText) {
    const client = new OpenAI({ apiKey: 'none', baseURL: baseUrl });
    const stream = client.chat.completions.stream({
      model: chat.model,
      messages: [{ role: 'user', content: prompt }],
    });
    for await (const chunk of stream) onText(chunk.choices[0]?.delta.content ?? '');
    await stream.finalMessage();
  },
  async ai(baseUrl, onText) {
    const model = createOpenAICompatible({ name: 'bench', baseURL: baseUrl })(chat.model);
    for await (const text of streamText({ model, prompt }).textStream) onText(text);
  },
} as const satisfies Record<string, Contender>;

export type ContenderName = keyof typeof contenders;

export function isContender(name: string): name is ContenderName {
  return Object.hasOwn(contenders, name);
}
