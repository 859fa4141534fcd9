const mask = '[key]';

/** Shorter keys ("x", "none", "EMPTY") are what keyless servers are given: they are no secret, and masking them would spoil the text. */
const shortestSecret = 6;

/** So much of a key at the end of a text is one that was cut off; less is a common beginning (`sk-proj-`). */
const shortestPart = 10;

const headerLike =
  /\b((?:proxy-)?authorization|(?:x-|x-goog-)?api[-_]key|ocp-apim-subscription-key|cf-aig-authorization)(["']?\s*[:=]\s*["']?)(?:(?:bearer|basic)\s+)?[^\s"',;}]+/gi;
const bearer = /\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi;

/**
 * A text of any origin (a server's words, a library's error) without the secrets, whichever way it spells them: as
 * they are, percent-encoded, JSON-escaped or base64 behind `Basic`; and without anything that looks like a key
 * header. Of a key that the end of the text cuts off nothing is left either; a text that is cut elsewhere is cut after
 * this.
 */
export function redact(text: string, secrets: readonly (string | undefined)[]): string {
  const spellings = new Set<string>();
  for (const secret of secrets) {
    if (secret === undefined || secret.length < shortestSecret) continue;
    spellings.add(secret);
    spellings.add(encodeURIComponent(secret));
    spellings.add(JSON.stringify(secret).slice(1, -1));
  }
  let result = text;
  // The longest first: one spelling may hold another.
  for (const spelling of [...spellings].toSorted((a, b) => b.length - a.length)) {
    result = withoutPart(result.replaceAll(spelling, mask), spelling);
  }
  return result.replaceAll(headerLike, `$1$2${mask}`).replaceAll(bearer, `$1 ${mask}`);
}

/** A text without the beginning of a secret at its end. */
function withoutPart(text: string, secret: string): string {
  for (let length = secret.length - 1; length >= shortestPart; length--) {
    if (text.endsWith(secret.slice(0, length))) return text.slice(0, -length) + mask;
  }
  return text;
}
