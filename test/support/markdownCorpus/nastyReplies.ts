// Replies that are hard to draw while they come: whatever follows may change what a line before it was.

const code = (lines: number) =>
  Array.from({ length: lines }, (_, line) => `  const value${String(line)} = compute(${String(line)});`).join(
    '\n',
  );

export const nastyReplies: Readonly<Record<string, string>> = {
  'a fence that never closes': 'Here:\n\n```ts\nconst a = 1;\n\n- not a list\n# not a heading\n',
  'a fence that looks closed and is not':
    '````md\n```ts\ninner\n```\n~~~\n`````` not\n   ````x\n    ````\n````\nafter\n',
  'a fence right behind a paragraph, closed by a longer one':
    'Text before\n```js\nlet a;\n`````\nText after\n~~~\ntilde\n~~~~~\n# Heading\n',
  'fences with info strings and indentation':
    '  ```python title="a.py" {1,3}\n  def f():\n      pass\n  ```\n\n   ~~~ c++ ~~~ more\n   int x;\n   ~~~\n',
  'many small fences': Array.from(
    { length: 12 },
    (_, i) => `Step ${String(i)}:\n\`\`\`sh\nrun ${String(i)}\n\`\`\`\n`,
  ).join(''),
  'a long fence': `\`\`\`ts\n${code(130)}\n\`\`\`\ndone\n`,
  'lists with fences inside':
    '1. First:\n   ```ts\n   const a = 1;\n\n   const b = 2;\n   ```\n\n   More of it.\n2. Second:\n\n       indented\n\n   - nested\n     ~~~\n     x\n     ~~~\n3. Third\n',
  'a tight list that turns loose':
    '- one\n- two\n  - deep\n- three\n\n- four\n\n\n- five\n* other\n+ third\n',
  'lists that begin and end oddly':
    'para\n2. not a list\n1. a list\n\n3) other\n- \n- \n\n  x\n-\n  y\n- - - nested\n- * + deep\n---\n',
  'task lists':
    '- [ ] open\n- [x] done\n- [X] also `done`\n\n  second paragraph\n- [ ]\n- [y] no\n1. [ ] numbered\n',
  'a table cut anywhere':
    'Before\n| a | b | c |\n|---|:-:|--:|\n| 1 | `x\\|y` | **3** |\n| only one\n| 1 | 2 | 3 | 4 |\n\n| not | table |\nline\n| x |\n|---|\n',
  'a table with a row that is a tab':
    'run\nText\n|---|\nMany     spaces\n\t\n[link](<>)\n`foo`\n\t\n\nafter\n',
  'headers that are no table':
    'a | b\n---\n\na | b\n--- | --- | ---\n\n| a |\n| :-- |\n> quote ends it\n\nx | y\n-- | --\n1 | 2\n- list ends it\n',
  'definitions that come late':
    'See [one], [two][2], [three][], ![four] and [one](direct).\n\n- in a list: [two][2]\n\n| t |\n|---|\n| [one] |\n\n> [three]\n\n[one]: https://one.example "Title"\n[2]: <https://two.example/a b>\n[THREE]: /three\n[four]: https://four.example/x.png\n',
  'definitions that are not what they seem':
    '[a]: https://a.example\n"title\nover lines"\n\n[a]: https://second.example\n\n[b]:\nhttps://b.example\n\n[c]: x "unclosed\n\ntext [c] [b] [a]\n\n[d\n# heading\ne]: /f\n\n[d e]\n\n> [q]: https://q.example\n\n[q] [Q]\n',
  'carriage returns':
    'a\r\nb\r\n\r\n```\r\ncode\r\n\r\nmore\r\n```\r\n- x\r\n- y\r\rlone\r# h\r\n| a |\r\n|---|\r\n| b |\r\n',
  'raw html blocks':
    '<div>\n*not emphasis*\n\n*emphasis*\n</div>\n\n<script>\nalert(1)\n\n\nstill\n</script>\ntext\n<!-- a comment\n\nover blank lines --> end\n\n<a href="x">inline <b>raw</b></a> www.example.com\n\n<pre>\n\n</pre>\nafter\n<![CDATA[ x ]]>\n<?php ?>\n',
  'html that never ends': 'text\n\n<script>\nvar a = 1;\n\n# not a heading\n\n```\nnot a fence\n```\n',
  'setext or not':
    'Title\n=====\nText\n---\nMore\n- - -\nline\nline\n===\n\n- item\n===\n\n> quote\n---\n\n`code`\n-\n--\n',
  'deep quotes':
    '> one\n> > two\n> > > three\nlazy\n>> back\n\n> - list in quote\n>   more\n> ```\n> code\n> ```\nout\n> # heading\n> | a |\n> |---|\n> | b |\n',
  'emoji and surrogates':
    'A 👩‍👩‍👧‍👦 family 🏳️‍🌈 and 🇩🇪, é vs é, 𝒳 and \u{1F600}.\n\n```txt\n👩‍💻 ok\u200Dhidden\uFE0F x\u202Ey ⚠️\n\u{E0041}tag 😀\uFE0E\n```\n\n*𝒳*`𝒳`**😀**\n',
  'hidden characters in code':
    '```js\nconst a\u200B = "\u202E\u2066 // \u2069";\u0007\r\n\uFEFFlet b;\u00AD\n```\n\n`in\u200Bline`\n',
  'emphasis that closes late':
    '**bold _both** not_ *a **b* c** ~~x *y~~ z*\n***all*** __a__b__ _a_b_ `code *not*` \\*esc\\* *a\nb*\n\n**never closed\n\n*nor this\n',
  'links and urls cut anywhere':
    '[text](https://a.example/x_(y) "title") <https://b.example> https://c.example/path?q=1&r=2). www.d.example, a@b.example\n[x](<a b>) [y](src/a.ts:10) [z](javascript:alert(1)) ![i](https://e.example/p.png) [![n](n.png)](https://f.example)\n[broken](https://g.example\n',
  'character references':
    '&lt;b&gt; &amp;amp; &copy; &#65; &#x1F600; &nosuch; &#0; &amp [a](https://h.example/?a=1&amp;b=2) `&lt;`\n\n```&lt;\n&lt;\n```\n',
  'blank lines with blanks':
    'a\n \n\t\nb  \nc\\\nd\n    e\n\n    code\n\n\n    more\n  \n        deep\n\ntext\n',
  'headings of all kinds':
    '# a #\n## b ##x\n### `c` ###\n####### seven\n#no\n#\n##\n# x\nText\n# y\n> # z\n- # w\n',
  tabs: '\tcode\n- a\n\n\tb\n-\tc\n\n\t\td\n>\te\n1.\tf\n\n\tg\n',
  'rules and lists alike': '***\n* * *\n- - -\n-\n___\n- a\n***\n- b\n\n---\n--\n',
  'everything at once without blank lines':
    '# Title\ntext\n- a\n- b\n```ts\nx\n```\n> q\n| a |\n|---|\n| b |\ntext\n***\n1. n\n<div>\nx\n[l]: /u\n',
  'a number that looks like the header of a table':
    '# foo\n  text\n3) baz\n- one\n  c\n\ntext\n2. x\n-\n\n aaa\n1.\n-\t\tfoo\n------\n2.two\n',
  'only blanks': ' \n\n \t\n',
  nothing: '',
};
