// Names that our own code may not use, and why. Read by the lint rule `colloquy/banned`; banned globals stand in
// .oxlintrc.json, where oxlint's own rule resolves them by scope.

/**
 * @typedef {object} Ban
 * @property {readonly string[]} under Folders in which it holds.
 * @property {readonly string[]} [properties] Refused as a member, an object key, a JSX attribute or an import.
 * @property {readonly string[]} [switches] Refused as a key or member that is set to anything but false.
 * @property {readonly string[]} [checks] Refused as a key or member that is set to false or 0.
 * @property {RegExp} [attributes] Names refused as the first argument of setAttribute.
 * @property {string} why
 */

const everywhere = ['src', 'webview'];

/** @type {readonly Ban[]} */
export const banned = [
  {
    under: everywhere,
    properties: [
      'innerHTML',
      'outerHTML',
      'insertAdjacentHTML',
      'dangerouslySetInnerHTML',
      'setHTML',
      'setHTMLUnsafe',
      'parseHTML',
      'parseHTMLUnsafe',
      'parseFromString',
      'createContextualFragment',
      'srcdoc',
      'writeln',
    ],
    attributes: /^(?:on.*|srcdoc|http-equiv)$/iu,
    why: 'text never becomes markup here; build elements with createElement and text nodes.',
  },
  {
    under: ['src'],
    switches: ['isTrusted', 'supportHtml', 'enableCommandUris'],
    why: 'a hover or a page with this would let model text run commands or become HTML; leave the safe default.',
  },
  {
    under: ['src'],
    properties: ['setGlobalDispatcher', 'getGlobalDispatcher'],
    why: 'the dispatcher slot is shared with every other extension; pass a dispatcher of our own explicitly.',
  },
  {
    under: ['src'],
    properties: ['NODE_TLS_REJECT_UNAUTHORIZED', 'checkServerIdentity'],
    checks: ['rejectUnauthorized'],
    why: 'certificates are always checked unless the user switched http.proxyStrictSSL off; pass that setting on.',
  },
  {
    under: ['webview'],
    properties: ['sendBeacon'],
    why: 'the view contacts nobody; it asks the host by message.',
  },
  {
    under: ['webview'],
    properties: ['cookie'],
    why: 'the host owns what is kept; the view has only its scroll position and what is folded open (setState).',
  },
];
