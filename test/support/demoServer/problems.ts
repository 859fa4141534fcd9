/** A diagnostic as the message reports it. `line` is that of the file. */
export interface Problem {
  readonly line: number;
  readonly message: string;
}

const shapes: readonly RegExp[] = [
  /\b[Ll](?:ine|n)?\s*(?<line>\d+)(?:\s*(?:,|:)\s*(?:col(?:umn)?\s*)?\d+)?\s*(?:\((?:[^)]*)\))?\s*[:,–-]?\s*(?<message>.+)$/u,
  /(?<![\d.])(?<line>\d+)[,:]\d+\)?\s*[:–-]?\s*(?<message>.+)$/u,
];

/** Finds the diagnostics in the prose of a message: lines that name a line and say something about it. */
export function findProblems(prose: string): readonly Problem[] {
  return prose.split('\n').flatMap((text) => {
    const bullet = /^\s*(?:[-*•]|\d+\.)\s+(.*)$/u.exec(text);
    const severe = /\b(?:error|warning|problem|diagnostic|hint|info)\b/iu.test(text);
    if (bullet === null && !severe) return [];
    const line = bullet?.[1] ?? text;
    for (const shape of shapes) {
      const groups = shape.exec(line)?.groups;
      if (groups === undefined) continue;
      const message = tidy(groups['message'] ?? '');
      if (message !== '') return [{ line: Number(groups['line']), message }];
    }
    return [];
  });
}

function tidy(message: string): string {
  return message
    .replace(/^[\s)\]:–-]*/u, '')
    .replace(/^\(?(?:error|warning|hint|info(?:rmation)?)\)?\b\s*[:,–-]?\s*/iu, '')
    .trim();
}
