import { ExtraFields } from './readingExtra.ts';
import { TextPieces } from './readingPieces.ts';
import { asText, type JsonRecord } from './readingRecord.ts';

/** A spoken answer (`message.audio`): sound and transcript come in pieces, the id and the time of expiry once. */
export class AudioPieces {
  /** The pieces of `data` are base64 of whole groups of bytes: joined, they are base64 again. */
  readonly #texts = { transcript: new TextPieces(), data: new TextPieces() };
  readonly #rest = new ExtraFields();

  /** Takes one `delta.audio`, out of an event of `eventSize` characters. */
  add(piece: JsonRecord, eventSize: number): void {
    for (const [field, value] of Object.entries(piece)) {
      if (field === 'transcript' || field === 'data') this.#texts[field].add(asText(value) ?? '');
      else this.#rest.set(field, value, eventSize);
    }
  }

  read(): JsonRecord {
    const { transcript, data } = this.#texts;
    return {
      ...this.#rest.read(),
      ...(!transcript.isEmpty && { transcript: transcript.toString() }),
      ...(!data.isEmpty && { data: data.toString() }),
    };
  }
}
