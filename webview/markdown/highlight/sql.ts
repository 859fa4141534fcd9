import { simpleMode } from '@codemirror/legacy-modes/mode/simple-mode';

const keywords =
  'add all alter analyze and any as asc before begin between by cascade case cast check collate column commit ' +
  'conflict constraint create cross current database declare default delete desc distinct do drop each else elseif ' +
  'end escape except exec execute exists explain fetch filter first for foreign from full function grant group having ' +
  'if ignore in index inner insert intersect into is isolation join key last lateral left level like limit loop ' +
  'materialized merge natural new next not nothing nulls of offset old on only or order outer over partition ' +
  'plan pragma primary procedure range recursive references rename replace restrict return returning returns revoke ' +
  'right rollback row rows savepoint schema select sequence set similar some start table temp temporary then to top ' +
  'transaction trigger truncate union unique update using values view when where while window with without';
const types =
  'array bigint binary bit blob bool boolean bytea char character clob date datetime decimal double enum float int ' +
  'integer interval json jsonb long money nchar numeric nvarchar precision real serial smallint text time timestamp ' +
  'timestamptz tinyint uuid varbinary varchar varying xml';

function words(list: string): RegExp {
  return new RegExp(`(?:${list.replaceAll(' ', '|')})\\b`, 'i');
}

/** SQL as most databases have in common. */
export const sql = simpleMode({
  start: [
    { regex: /--.*|#(?![\w>-]).*/, token: 'comment' },
    { regex: /\/\*/, token: 'comment', push: 'comment' },
    { regex: /'/, token: 'string', push: 'string' },
    { regex: /\$(\w*)\$/, token: 'string' },
    { regex: /"(?:[^"]|"")*"?|`[^`]*`?|\[\w[^\]]*\]/, token: 'variable' },
    { regex: /(?:0x[\da-f]+|\d+\.?\d*(?:e[+-]?\d+)?)\b/i, token: 'number' },
    { regex: /(?:true|false|null|unknown)\b/i, token: 'atom' },
    { regex: words(types), token: 'type' },
    { regex: words(keywords), token: 'keyword' },
    { regex: /[@:$]\w+/, token: 'def' },
    { regex: /[\p{L}_][\p{L}\p{N}_$]*/u, token: 'variable' },
  ],
  string: [
    { regex: /(?:[^']|'')*'(?!')/, token: 'string', pop: true },
    { regex: /.+/, token: 'string' },
  ],
  comment: [
    { regex: /.*?\*\//, token: 'comment', pop: true },
    { regex: /.+/, token: 'comment' },
  ],
});
