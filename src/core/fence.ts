/**
 * A fenced code block that its content cannot close: the fence is longer than any run of backticks inside
 * (CommonMark 0.31, "Fenced code blocks").
 */
export function fenced(code: string, info: string): string {
  const longest = Math.max(0, ...[...code.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  const body = code === '' || code.endsWith('\n') ? code : `${code}\n`;
  return `${fence}${info.replaceAll(/[`\s]/g, '')}\n${body}${fence}`;
}
