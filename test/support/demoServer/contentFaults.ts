import { sendJson } from './apiError.ts';
import type { Fault } from './fault.ts';
import { longMarkdown } from './longMarkdown.ts';
import type { Draft } from './plan.ts';
import { documents, draftAll, type Exchange, frames, pause, sendPieces, sendReply } from './reply.ts';
import { doneFrame, type Frames, sseFrame } from './send.ts';

/** Transport in order, content out of the ordinary. */
export const contentFaults: readonly Fault[] = [
  saying('fault-content-filter', 'Half an answer, then finish_reason content_filter.', (draft) => ({
    text: half(draft),
    finishReason: 'content_filter',
  })),
  saying('fault-length', 'Half an answer, then finish_reason length.', (draft) => ({
    text: half(draft),
    finishReason: 'length',
  })),
  saying('fault-refusal', 'A refusal in place of an answer.', () => ({
    refusal: "I'm sorry, but I can't help with that request.",
  })),
  saying('fault-empty', 'Nothing at all, finish_reason stop.', () => ({ text: '' })),
  saying('fault-reasoning', 'Reasoning in reasoning_content, then the answer.', (draft) => ({
    ...draft,
    reasoning:
      'First I look at what was sent. Then I decide what matters to the question, and what can be left out. That should do.',
  })),
  saying(
    'fault-hostile-markdown',
    'Markdown that tries to run scripts and to reach a server.',
    (_draft, exchange) => ({
      text: exchange.settings.hostileMarkdown,
    }),
  ),
  {
    id: 'fault-long-N',
    example: 'fault-long-20000',
    says: 'N characters of markdown, as fast as the client reads.',
    run: (exchange, count) =>
      sendReply(
        exchange,
        draftAll(exchange).map(() => ({ text: longMarkdown(Number(count)) })),
        0,
      ),
  },
  {
    id: 'fault-wait-N',
    example: 'fault-wait-3000',
    says: 'N milliseconds of silence, then an answer.',
    run: async (exchange, ms) => {
      await pause(Number(ms), exchange.signal);
      if (!exchange.signal.aborted) await sendReply(exchange);
    },
  },
  {
    id: 'fault-json-instead-of-stream',
    says: 'The whole completion as one JSON document, also when a stream was asked for.',
    run: (exchange) => {
      for (const document of documents({ ...exchange, request: { ...exchange.request, stream: false } })) {
        sendJson(exchange.response, 200, document);
      }
    },
  },
  streaming('fault-crlf', 'A stream whose lines end in CR LF.', function* (all) {
    for (const frame of all) yield frame.replaceAll('\n', '\r\n');
  }),
  streaming('fault-comments', 'A stream with keep-alive comments between the events.', function* (all) {
    yield ': connected\n\n';
    for (const frame of all) yield `: keep-alive\n\n${frame}`;
  }),
  streaming('fault-no-done', 'A stream that ends after finish_reason without [DONE].', function* (all) {
    for (const frame of all) if (frame !== doneFrame) yield frame;
  }),
  streaming(
    'fault-no-finish',
    'A stream that ends with [DONE] but never says finish_reason.',
    function* (all) {
      for (const frame of all) if (!frame.includes('"finish_reason":"')) yield frame;
    },
  ),
  streaming('fault-done-twice', 'A stream that says [DONE] twice.', function* (all) {
    yield* all;
    yield doneFrame;
  }),
  streaming('fault-after-done', 'A stream with more text after [DONE].', function* (all, exchange) {
    yield* all;
    yield more(exchange, ' This came after the end.');
  }),
  streaming(
    'fault-after-finish',
    'A stream with more text between finish_reason and [DONE].',
    function* (all, exchange) {
      for (const frame of all) {
        if (frame === doneFrame) yield more(exchange, ' This came after the finish.');
        yield frame;
      }
    },
  ),
  streaming(
    'fault-empty-choices',
    'A stream in which every second chunk has an empty list of choices.',
    function* (all, exchange) {
      for (const frame of all)
        yield frame === doneFrame ? frame : frame + sseFrame({ ...shell(exchange), choices: [] });
    },
  ),
  streaming('fault-bad-json', 'A stream with one event in the middle that is no JSON.', function* (all) {
    for (const [index, frame] of [...all].entries()) {
      if (index === 5) yield 'data: {"id":"chatcmpl-1","object":"chat.comple\n\n';
      yield frame;
    }
  }),
  streaming('fault-error-in-stream', 'A stream that breaks off with an error object.', function* (all) {
    yield* firstHalf(all);
    yield sseFrame({ error: failure });
  }),
  streaming(
    'fault-error-event',
    'A stream that breaks off with an error object in an event named error.',
    function* (all) {
      yield* firstHalf(all);
      yield `event: error\n${sseFrame({ error: failure })}`;
    },
  ),
  streaming(
    'fault-endless',
    'A stream that never ends, as fast as the client reads.',
    function* (_all, exchange) {
      const line = more(exchange, 'All work and no play makes Jack a dull boy. ');
      for (;;) yield line;
    },
  ),
  streaming(
    'fault-endless-line',
    'A stream that is one line without end, as fast as the client reads.',
    function* () {
      yield 'data: {"id":"';
      const filler = 'x'.repeat(16_384);
      for (;;) yield filler;
    },
  ),
];

const failure = {
  message: 'The server had an error while processing your request. Sorry about that!',
  type: 'server_error',
  param: null,
  code: null,
};

function saying(id: string, says: string, change: (draft: Draft, exchange: Exchange) => Draft): Fault {
  return {
    id,
    says,
    run: (exchange) =>
      sendReply(
        exchange,
        draftAll(exchange).map((draft) => change(draft, exchange)),
      ),
  };
}

/**
 * Changes the frames of a stream. Asked for no stream, the server answers with the error object if the fault is one,
 * and else as if nothing were wrong.
 */
function streaming(
  id: string,
  says: string,
  change: (all: Iterable<string>, exchange: Exchange) => Frames,
): Fault {
  return {
    id,
    says,
    run: async (exchange) => {
      if (exchange.request.stream !== true) {
        if (id.startsWith('fault-error-')) sendJson(exchange.response, 200, { error: failure });
        else await sendReply(exchange);
        return;
      }
      const delay = id.startsWith('fault-endless') ? 0 : exchange.settings.tokenDelayMs;
      const whole = await sendPieces(exchange, change(frames(exchange), exchange), delay);
      if (whole) exchange.response.end();
    },
  };
}

function half(draft: Draft): string {
  const text = draft.text ?? 'This answer was going to be a call, and it is';
  return text.slice(0, Math.ceil(text.length / 2));
}

function firstHalf(all: Iterable<string>): readonly string[] {
  const list = [...all];
  return list.slice(0, Math.ceil(list.length / 2));
}

function more(exchange: Exchange, content: string): string {
  const choice = { index: 0, delta: { content }, logprobs: null, finish_reason: null };
  return sseFrame({ ...shell(exchange), choices: [choice] });
}

function shell(exchange: Exchange): object {
  return { object: 'chat.completion.chunk', ...exchange.identity };
}
