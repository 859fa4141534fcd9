import type { ChatRequest } from './chatRequest.ts';

/** Samples in a second, as OpenAI's voices have them; 16 bits each, one channel. */
const sampleRate = 24_000;
const samplesPerCharacter = 48;

/** How a reply is spoken; undefined where it is to be written. */
export function speechOf(request: ChatRequest): 'wav' | 'pcm16' | undefined {
  if (request.modalities?.includes('audio') !== true) return undefined;
  return request.audio?.format === 'pcm16' ? 'pcm16' : 'wav';
}

/**
 * A soft tone, two milliseconds for each character and as high as the character: 16 bits, little endian. The samples of
 * a text are those of its pieces, and so is their base64, because those of a character are a multiple of three bytes.
 */
export function speak(text: string): Buffer {
  const samples = Buffer.alloc(text.length * samplesPerCharacter * 2);
  for (let character = 0; character < text.length; character += 1) {
    const pitch = 200 + (text.charCodeAt(character) % 64) * 5;
    for (let index = 0; index < samplesPerCharacter; index += 1) {
      const value = Math.sin((2 * Math.PI * pitch * index) / sampleRate) * 4000;
      samples.writeInt16LE(Math.round(value), (character * samplesPerCharacter + index) * 2);
    }
  }
  return samples;
}

/** The samples as a WAV file (RIFF, PCM). */
export function wavFile(samples: Buffer): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'ascii');
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8, 'ascii');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(sampleRate, 24);
  head.writeUInt32LE(sampleRate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36, 'ascii');
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}
