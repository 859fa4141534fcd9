import type { ServerError } from './readingError.ts';
import { asList, asRecord } from './readingRecord.ts';
import { saysUnsupported } from './refusedFields.ts';

/** More text than this explains nothing. */
const longestText = 4000;

const rolePath = /^(?:body\.)?messages\b[^a-z]{0,20}role$/i;
/** `messages[1].role: unknown variant`, `'developer' is not one of [...]`, `developer role is not supported`. */
const roleWords =
  /\brole|unknown variant [`'"](?:developer|system)|['"](?:developer|system)['"] is not (?:one of|a valid|supported)/i;

/** The role of instructions that the server does not take: the first that its refusal names. */
export function refusedRole(error: ServerError): 'system' | 'developer' | undefined {
  const text = error.message.slice(0, longestText);
  const atRole = error.param !== null && rolePath.test(error.param);
  if (error.param !== null && !atRole && !/^(?:body\.)?messages\b/.test(error.param)) return undefined;
  if (!atRole && !roleWords.test(text)) return undefined;
  if (!saysUnsupported(error) && !/unknown variant|is not (?:one of|a valid)|invalid role/i.test(text))
    return undefined;
  const named = /(?<![\w-])(developer|system)(?![\w-])/i.exec(text)?.[1]?.toLowerCase();
  return named === 'developer' || named === 'system' ? named : undefined;
}

const wantsText = [
  /invalid type: sequence, expected a string/i,
  /'?array'? not in '?string'?/i,
  /content\b.{0,80}(?:must|should|expected|has to).{0,30}(?:a |an? valid |valid )?string/i,
  /expected (?:a |type )?['"`]?str(?:ing)?\b.{0,60}\b(?:array|list|sequence)\b/i,
  /str type expected/i,
];
const wantsParts = [/content\b.{0,80}(?:must|should|expected|has to).{0,30}(?:array|list|sequence)/i];

/** Which form of `content` a refusal is about: `parts` where it wants a text, `text` where it wants parts. */
export function refusedContent(error: ServerError): 'parts' | 'text' | undefined {
  const { param } = error;
  if (param !== null && !/^(?:body\.)?messages\b/.test(param)) return undefined;
  const text = error.message.slice(0, longestText);
  if (!/content|messages|array/i.test(text)) return undefined;
  if (wantsText.some((pattern) => pattern.test(text))) return 'parts';
  return wantsParts.some((pattern) => pattern.test(text)) ? 'text' : undefined;
}

/** The one text of a list of text parts; `undefined` for anything else. */
export function joinedContent(content: unknown): string | undefined {
  const parts = asList(content);
  if (parts.length === 0) return undefined;
  const texts = parts.map((part) => {
    const record = asRecord(part);
    return record?.['type'] === 'text' ? record['text'] : undefined;
  });
  return texts.every((text) => typeof text === 'string') ? texts.join('\n') : undefined;
}
