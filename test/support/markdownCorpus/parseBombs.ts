// Texts that are small and hard to read for a parser that backtracks, recurses or copies: each by its length. Built
// after cmark-gfm's list of pathological inputs, advisories for marked, and what its source does.

type Build = (length: number) => string;

const repeat =
  (text: string): Build =>
  (length) =>
    text.repeat(Math.ceil(length / text.length));

const around =
  (before: string, text: string, after: string): Build =>
  (length) =>
    before + text.repeat(Math.ceil(length / text.length)) + after;

/** As many lines as fit, each made from its number and their count. */
const lines =
  (line: (index: number, count: number) => string): Build =>
  (length) => {
    const count = Math.ceil(Math.sqrt(length));
    return Array.from({ length: count }, (_, index) => line(index, count)).join('\n');
  };

export const parseBombs: Readonly<Record<string, Build>> = {
  'nested quotes': repeat('>'),
  'nested quotes with blanks': repeat('> '),
  'nested quotes with lazy lines': repeat(`${'> '.repeat(30)}a\nb\n`),
  'quotes that climb': lines((index) => `${'>'.repeat(index + 1)} a`),
  'quotes that descend': lines((index, count) => `${'>'.repeat(count - index)} a`),
  'lists in quotes in lists': repeat('> - '),
  'lists in quotes with lazy lines': repeat(`${'> - '.repeat(12)}a\nb\n`),
  'quotes that go on and on': repeat('> > - > a\nb\n> c\nd\n'),
  'lists in one line': repeat('- '),
  'numbers in one line': repeat('1. '),
  'rules that are none': around('', '- ', 'x'),
  'stars that are no rule': around('', '* ', 'x'),
  'lists that climb': lines((index) => `${'  '.repeat(index)}- a`),
  'a list item of lazy lines': around('- a\n', 'b\n', ''),
  'a list item of lines': around('- a', '\n  b', ''),
  'a list item of blank lines': around('- a\n', '\n', '  b'),
  'bullets without end': repeat('- a\n'),
  'bullets that take turns': repeat('- a\n* b\n'),
  'empty bullets': repeat('-\n'),
  'open brackets': repeat('['),
  'brackets and letters': repeat('[a'),
  'brackets within brackets': (length) => `${'['.repeat(length / 2)}a${']'.repeat(length / 2)}`,
  'links without an end': repeat('[a](b'),
  'links with one end': around('', '[a](b', ')'),
  'links in angle brackets': around('', '[a](<b', ')'),
  'links with open titles': around('', '[a](b "c', '")'),
  'images in images': repeat('![[]()'),
  'image marks': repeat('!['),
  'escaped brackets': repeat('[\\'),
  'labels without a definition': repeat('[a]'),
  'labels with one': around('', '[a][b]', '\n\n[b]: /x'),
  'many definitions': lines((index) => `[a${String(index)}]: /b`),
  'definitions in a row': repeat('[a]: b\n'),
  'open titles': repeat('[a]: b "\n'),
  'open labels': repeat('[a\n'),
  'open emphasis': repeat('*a '),
  'open emphasis of two kinds': repeat('*a **b '),
  'closed emphasis without an opening': repeat('a_ '),
  'emphasis in emphasis': (length) => '*a **b '.repeat(length / 14) + 'b** a*'.repeat(length / 12),
  'underscores in underscores': (length) => '_a __b '.repeat(length / 14) + 'b__ a_ '.repeat(length / 14),
  'stars and underscores': repeat('**x*y_z__'),
  'stars and underscores in turns': (length) => `${'*_'.repeat(length / 4)}a${'_*'.repeat(length / 4)}`,
  'strikes in emphasis': (length) => `${'*~~'.repeat(length / 6)}a${'~~*'.repeat(length / 6)}`,
  'open strikes': repeat('~a ~~b '),
  'stars alone': repeat('*'),
  'backticks of all lengths': lines((index) => `e${'`'.repeat(index)}`),
  backticks: repeat('`'),
  'backticks that do not match': repeat('`a``'),
  'open tags': repeat('<a '),
  'open attributes': repeat('<a b="'),
  'many attributes': around('a <a', ' b=c', ''),
  'open comments': repeat('a <!--'),
  'comments in lines': repeat('<!--\n'),
  'open instructions': repeat('a <?'),
  'open declarations': repeat('a <!A '),
  'open character data': repeat('a <![CDATA['),
  'html in lines': repeat('<div>\n'),
  ampersands: repeat('&a'),
  'addresses without an end': around('', 'a.', '@'),
  'one long address': around('', 'a', '@'),
  'addresses in addresses': repeat('a@b.'),
  'urls in urls': repeat('http://a.b'),
  'urls of dots': around('http://a.b/', '.', ''),
  'urls of brackets': around('http://a.b/', '(', ''),
  'urls of closing brackets': around('http://a.b/', ')', ''),
  'urls of references': around('http://a.b/', '&a;', ''),
  'domains without an end': around('http://', 'a.', '_'),
  www: repeat('www.'),
  'wide tables': (length) => `${'|a'.repeat(length / 4)}|\n${'|-'.repeat(length / 4)}|`,
  'long tables': around('|a|\n|-|\n', '|a|\n', ''),
  'tables that are none': repeat('a|b\n'),
  'delimiter rows that are none': around('a\n', '|-', 'x'),
  'rules in lines': repeat('a\n   - - -x\n'),
  'underlines that are none': repeat('a\n=x\n'),
  'a title at the end of everything': around('', 'a\n', '='),
  hashes: around('# a', ' #', 'x'),
  fences: repeat('```\n'),
  'fences that do not close': repeat('````\n```\n'),
  'indented code and blank lines': repeat('    a\n\n'),
  'blanks before the end of a line': around('a', ' ', '\n'),
  'blank lines': around('', '\n', 'a'),
  'blank lines in a fence': around('```\n', '\n', 'x'),
  'blank lines in html': around('<script>\n', '\n', 'x'),
  'blank lines in a quote': repeat('>\n'),
  tabs: around('', '\t', 'a'),
  'hard breaks': repeat('a  \n'),
  backslashes: repeat('\\'),
  'null characters': repeat('\0'),
  punctuation: repeat('!"#'),
  'emoji and stars': repeat('😀*'),
};
