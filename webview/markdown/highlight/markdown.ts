import { simpleMode, type Rule } from '@codemirror/legacy-modes/mode/simple-mode';

const inline: readonly Rule[] = [
  { regex: /\\./ },
  { regex: /(`+)(?:[^`]|(?!\1)`)+\1/, token: 'string' },
  { regex: /\*\*(?=\S)[^*]+\*\*|__(?=\S)[^_]+__/, token: 'heading' },
  { regex: /!?\[[^\]]*\](?=[([])/, token: 'tag' },
  { regex: /\((?:[^()\s]|\([^)]*\))*\)|<https?:[^>]*>|https?:[^\s)>]+/, token: 'link' },
  { regex: /<\/?[a-z][^>]*>|<!--.*?-->/i, token: 'tag' },
  { regex: /[\p{L}\p{N}]+/u },
];

/** Markdown about markdown. */
export const markdown = simpleMode({
  start: [
    { regex: /\s{0,3}#{1,6}\s.*|(?:=+|-+)\s*$/, sol: true, token: 'heading' },
    { regex: /\s{0,3}(`{3,}|~{3,}).*/, sol: true, token: 'comment', push: 'fence' },
    { regex: /\s*>.*/, sol: true, token: 'comment' },
    { regex: /\s*(?:[*+-]|\d{1,9}[.)])\s/, sol: true, token: 'keyword' },
    ...inline,
  ],
  fence: [
    { regex: /\s{0,3}(`{3,}|~{3,})\s*$/, sol: true, token: 'comment', pop: true },
    { regex: /.+/, token: 'string' },
  ],
});
