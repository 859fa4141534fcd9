/** Headers that the connection itself is made of (RFC 9110, sections 7.6.1 and 8.6), and the proxy's own. */
const reserved = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const carriesKey =
  /^(?:authorization|(?:x-|x-goog-)?api-key|ocp-apim-subscription-key|cf-aig-authorization)$/i;

/**
 * What is wrong with a header from the settings: names are tokens and values visible ASCII (RFC 9110, section 5), so
 * that no line break gets through; and a key stands in SecretStorage, never in a setting, so a header that carries
 * one must take it from `${apiKey}`.
 */
export function headerProblem(name: string, value: string): 'badHeader' | 'keyInHeader' | undefined {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/.test(name)) return 'badHeader';
  if (name === '__proto__' || reserved.has(name.toLowerCase()) || name.toLowerCase().startsWith('proxy-'))
    return 'badHeader';
  if (value.length > 8192 || !/^[ -~]*$/.test(value)) return 'badHeader';
  return carriesKey.test(name) && value.trim() !== '' && !value.includes('${apiKey}')
    ? 'keyInHeader'
    : undefined;
}
