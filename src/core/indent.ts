/** How a file indents, as its editor knows it. */
export interface IndentStyle {
  readonly insertSpaces: boolean;
  /** Columns of a tab, and the number of spaces of one level. */
  readonly tabSize: number;
}

/** The place where code goes in. Lines are given without their line ends. */
export interface Place {
  /** The line up to the insertion point. */
  readonly before: string;
  /** The line after the insertion point, or after the end of the selection that is replaced. */
  readonly after: string;
  /** The nearest line above that is not blank, if any. */
  readonly above: string | undefined;
  /** What is selected of the first line, if the code replaces a selection. */
  readonly selected: string | undefined;
  /** The selection ends at the start of a line: it takes the line break before it along. */
  readonly wholeLines: boolean;
}

/**
 * Code made to fit a place: its common indentation replaced by the place's, its levels by the file's. Line ends are
 * `\n`. Blank lines at the end are dropped; a line break follows only where the place needs one.
 */
export function fitCode(code: string, place: Place, style: IndentStyle): string {
  const lines = code.replaceAll(/\r\n?/g, '\n').split('\n');
  while (lines.length > 1 && lines.at(-1)?.trim() === '') lines.pop();
  const unit = levelWidth(lines);
  const common = commonIndent(lines).length;
  const onOwnLine = place.before.trim() === '';
  const base = onOwnLine ? baseIndent(place, style) : leading(place.before);
  const fitted = lines.map((line, index) => {
    if (line.trim() === '') return '';
    const indent = base + restyle(leading(line).slice(common), unit, style);
    const standing = onOwnLine ? place.before.length : indent.length;
    return (index === 0 ? indent.slice(standing) : indent) + line.trimStart();
  });
  return fitted.join('\n') + tail(place, onOwnLine && lines.length > 1);
}

/** What goes behind the code: several lines in front of a text push it down, with the indentation it had. */
function tail(place: Place, severalLines: boolean): string {
  if (place.wholeLines) return '\n';
  const pushes = severalLines && place.selected === undefined && place.after.trim() !== '';
  return pushes ? `\n${place.before}` : '';
}

/** A line behind which code is indented: it ends in an opening bracket or a colon, perhaps with a comment. */
const opensBlock = /[{([:]\s*(?:(?:\/\/|#).*)?$/;

/** The indentation that code on a line of its own gets. */
function baseIndent(place: Place, style: IndentStyle): string {
  if (place.selected !== undefined && place.selected.trim() !== '')
    return place.before + leading(place.selected);
  if (place.before !== '') return place.before;
  if (place.after.trim() !== '') return leading(place.after);
  if (place.above === undefined) return '';
  return leading(place.above) + (opensBlock.test(place.above) ? oneLevel(style) : '');
}

function leading(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}

/** The indentation that every line with text begins with. */
function commonIndent(lines: readonly string[]): string {
  let common: string | undefined;
  for (const line of lines) {
    if (line.trim() === '') continue;
    const indent = leading(line);
    common ??= indent;
    while (!indent.startsWith(common)) common = common.slice(0, -1);
  }
  return common ?? '';
}

/**
 * Spaces per level in the code itself: the commonest step behind a line that opens a block, so that aligned
 * continuation lines do not count; in a language without such lines, the smallest step. 0 where it uses tabs or cannot
 * be told: then the indentation stays as it is.
 */
function levelWidth(lines: readonly string[]): number {
  const filled = lines.filter((line) => line.trim() !== '');
  if (filled.some((line) => leading(line).includes('\t'))) return 0;
  const steps = filled.flatMap((line, index) => {
    const previous = filled[index - 1];
    const width = previous === undefined ? 0 : leading(line).length - leading(previous).length;
    // A step of one column is alignment, not a level.
    return previous !== undefined && width > 1 ? [{ width, opened: opensBlock.test(previous) }] : [];
  });
  const opened = filled.some((line) => opensBlock.test(line));
  const counts = new Map<number, number>();
  for (const step of steps) {
    if (step.opened || !opened) counts.set(step.width, (counts.get(step.width) ?? 0) + 1);
  }
  const [best] = [...counts].toSorted(([a, often], [b, rare]) => (opened ? rare - often : 0) || a - b);
  return best?.[0] ?? 0;
}

/** Indentation relative to the block's first level, written the way the file does. */
function restyle(indent: string, unit: number, style: IndentStyle): string {
  const tabs = indent.split('\t').length - 1;
  if (unit === 0 && tabs === 0) return indent;
  const levels = unit === 0 ? tabs : Math.floor(indent.length / unit);
  const rest = unit === 0 ? indent.replaceAll('\t', '') : ' '.repeat(indent.length % unit);
  return oneLevel(style).repeat(levels) + rest;
}

function oneLevel({ insertSpaces, tabSize }: IndentStyle): string {
  return insertSpaces ? ' '.repeat(tabSize) : '\t';
}
