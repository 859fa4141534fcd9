import type { ContextItem } from '../shared/conversation.ts';

const longest = 60;

/** A title without asking a model: the first words of the first message, or what was attached to it. */
export function titleFrom(text: string, context: readonly ContextItem[]): string {
  const line = text
    .replaceAll(/```[\s\S]*?(?:```|$)/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const base = line === '' ? (context[0]?.path ?? '') : line;
  const named =
    context[0] && line !== '' && line.length < 45
      ? `${base.replace(/[.:]$/, '')} (${fileName(context[0].path)})`
      : base;
  if (named.length <= longest) return named;
  const cut = named.slice(0, longest);
  const space = cut.lastIndexOf(' ');
  return `${cut.slice(0, space > longest / 2 ? space : longest - 1).trimEnd()}…`;
}

function fileName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}
