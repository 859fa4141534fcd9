import type { Part } from './chatRequest.ts';

/** Padding may be missing, as many clients leave it out. A search for a wrong character stays fast on megabytes. */
export function isBase64(text: string): boolean {
  const digits = text.replace(/={1,2}$/u, '');
  return digits !== '' && digits.length % 4 !== 1 && !/[^A-Za-z0-9+/]/u.test(digits);
}

/** Media type and bytes of a base64 data URL; undefined for anything else. */
export function parseDataUrl(url: string): { readonly type: string; readonly bytes: Buffer } | undefined {
  const match = /^data:([^;,]+)((?:;[^;,]*)*);base64,/u.exec(url);
  if (match === null) return undefined;
  const data = url.slice(match[0].length);
  return isBase64(data) ? { type: match[1] ?? '', bytes: Buffer.from(data, 'base64') } : undefined;
}

/** What can be said about an attachment without looking into its picture or listening to it; undefined for text. */
export function describeAttachment(part: Part): string | undefined {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return undefined;
    case 'image_url':
      return describeImage(part.image_url);
    case 'input_audio': {
      const bytes = Buffer.from(part.input_audio.data, 'base64');
      const seconds = part.input_audio.format === 'wav' ? wavSeconds(bytes) : undefined;
      const length = seconds === undefined ? '' : `, ${seconds.toFixed(1)} seconds`;
      return `an audio recording (${part.input_audio.format}, ${size(bytes.length)}${length})`;
    }
    case 'file': {
      const name = part.file.filename ?? part.file.file_id ?? 'without a name';
      const data = part.file.file_data;
      if (data === undefined) return `the file \`${name}\``;
      const bytes = parseDataUrl(data)?.bytes ?? Buffer.from(data, 'base64');
      return `the file \`${name}\` (${size(bytes.length)})`;
    }
  }
}

function describeImage(image: { readonly url: string; readonly detail?: string }): string {
  const detail = image.detail === undefined || image.detail === 'auto' ? '' : `, ${image.detail} detail`;
  const data = parseDataUrl(image.url);
  if (data === undefined)
    return `an image on ${new URL(image.url).host}${detail}, which this server does not fetch`;
  const pixels = imageSize(data.bytes);
  const extent = pixels === undefined ? '' : `, ${pixels.width} × ${pixels.height} pixels`;
  return `an image (${data.type.slice('image/'.length).toUpperCase()}, ${size(data.bytes.length)}${extent}${detail})`;
}

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** Width and height from the headers of PNG, GIF and JPEG files. */
export function imageSize(bytes: Buffer): { readonly width: number; readonly height: number } | undefined {
  if (bytes.length >= 24 && bytes.toString('latin1', 0, 8) === '\u0089PNG\r\n\u001a\n') {
    return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  }
  if (bytes.length >= 10 && /^GIF8[79]a$/u.test(bytes.toString('latin1', 0, 6))) {
    return { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
  }
  return bytes.length >= 4 && bytes.readUInt16BE(0) === 0xffd8 ? jpegSize(bytes) : undefined;
}

/** Walks the segments of a JPEG to its frame header (SOF0 to SOF15 without DHT, JPG and DAC). */
function jpegSize(bytes: Buffer): { readonly width: number; readonly height: number } | undefined {
  let offset = 2;
  while (offset + 9 <= bytes.length && bytes[offset] === 0xff) {
    const marker = bytes[offset + 1] ?? 0;
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { width: bytes.readUInt16BE(offset + 7), height: bytes.readUInt16BE(offset + 5) };
    }
    offset += 2 + bytes.readUInt16BE(offset + 2);
  }
  return undefined;
}

function wavSeconds(bytes: Buffer): number | undefined {
  if (bytes.length < 44 || bytes.toString('latin1', 0, 4) !== 'RIFF') return undefined;
  const bytesPerSecond = bytes.readUInt32LE(28);
  return bytesPerSecond === 0 ? undefined : (bytes.length - 44) / bytesPerSecond;
}
