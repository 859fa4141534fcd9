/** What means something to a reader of event streams and Chat Completions, and what may trip it. */
const dictionary: readonly Buffer[] = [
  'data: ',
  'data:',
  '\n\n',
  '\r',
  '\r\n\r\n',
  ':\n',
  'event: error\n',
  'event: ping\n',
  'id: 1\0\n',
  'retry: 1\n',
  'error: {"message":"x"}\n',
  'data: [DONE]\n\n',
  'data: {"error":{"message":"x","code":429}}\n\n',
  'data: {"choices":[{"index":1,"delta":{"content":"x"},"finish_reason":"stop"}]}\n\n',
  'data: {"choices":[],"usage":{"total_tokens":1e308}}\n\n',
  '{"choices":[{"message":{"content":"whole"}}]}',
  '<!doctype html>',
  '"__proto__":{"x":1},',
  '"tool_calls":[{"index":-1,"id":"","function":{"name":null,"arguments":{}}}],',
  '"reasoning":"x",',
  '"content":["x",{"type":"text","text":"y"},{"thinking":[{"text":"z"}]}],',
  '"finish_reason":"error",',
  '"logprobs":{"content":[null]},',
  '"audio":{"data":5},',
  '"index":1e9,',
  'null',
  '{',
  '}',
  '[[[[',
  '"',
  '\\',
  '\\ud800',
  '\0',
  '\u{FEFF}',
  '<think>',
  '</think>',
  '🌍',
]
  .map((word) => Buffer.from(word))
  // Bytes that are no UTF-8.
  .concat([Buffer.of(0xff), Buffer.of(0xe2, 0x82), Buffer.of(0xed, 0xa0, 0x80)]);

/** One stream damaged in one to three places; `others` are streams that parts are taken from. */
export function mutate(stream: Uint8Array, others: readonly Uint8Array[], random: () => number): Uint8Array {
  const below = (limit: number): number => Math.floor(random() * limit);
  let bytes = stream;
  for (let left = 1 + below(3); left > 0; left--) {
    const at = below(bytes.length + 1);
    const end = Math.min(bytes.length, at + 1 + below(random() < 0.5 ? 8 : 400));
    const head = bytes.subarray(0, at);
    switch (below(7)) {
      case 0:
        bytes = head;
        break;
      case 1:
        bytes = Buffer.concat([head, bytes.subarray(end)]);
        break;
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
        break;
      case 3: {
        const flipped = Buffer.from(bytes);
        if (at < flipped.length) flipped[at] = (flipped[at] ?? 0) ^ (1 << below(8));
        bytes = flipped;
        break;
      }
      case 4: {
        const other = others[below(others.length)] ?? stream;
        const from = below(other.length);
        bytes = Buffer.concat([head, other.subarray(from, from + below(600)), bytes.subarray(at)]);
        break;
      }
      default:
        bytes = Buffer.concat([head, dictionary[below(dictionary.length)] ?? head, bytes.subarray(at)]);
    }
  }
  return bytes;
}
