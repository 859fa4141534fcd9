import {
  type Diagnosis,
  type DiagnosisStage,
  inTime,
  stageTitles,
  summarize,
} from '../../shared/diagnosis.ts';

/** What a report says about the machine. */
export interface ReportFacts {
  /** Versions of extension and editor, the system, how requests are made: one entry each. */
  readonly surroundings: readonly string[];
}

const marks: Readonly<Record<DiagnosisStage['state'], string>> = {
  running: '[ ... ]',
  passed: '[ ok  ]',
  warning: '[ ??  ]',
  failed: '[FAIL ]',
  skipped: '[ --  ]',
};

/**
 * A diagnosis as text to be pasted somewhere else: one block of code in markdown, so that nothing in it is a link, a
 * mention or markup there. Every text in it has been cleaned and redacted where it was made.
 */
export function reportOf(diagnosis: Diagnosis, { surroundings }: ReportFacts): string {
  const { endpoint, origin, model, stages } = diagnosis;
  const lines = [
    'Colloquy: connection diagnosis',
    'No key, header value or password is in this report. Host names, addresses and names of files',
    'and models are: read it before you pass it on.',
    '',
    `Result:    ${summarize(diagnosis)}`,
    `Endpoint:  ${endpoint}${origin === '' ? '' : ` (${origin})`}`,
    ...(model === undefined ? [] : [`Model:     ${model}`]),
    `With:      ${surroundings.join(', ')}`,
    ...stages.flatMap((stage) => ['', ...linesOf(stage)]),
  ].map(plain);
  const text = lines.join('\n');
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}\n`;
}

function linesOf({ name, state, found, facts = [], advice, ms }: DiagnosisStage): readonly string[] {
  const indent = ' '.repeat(8);
  return [
    `${marks[state]} ${stageTitles[name]} (${inTime(ms)})`,
    ...(found === '' ? [] : [indent + found]),
    ...facts.map((fact) => `${indent}- ${fact}`),
    ...(advice === undefined ? [] : [`${indent}To do: ${advice}`]),
  ];
}

/** Names come from the settings as they are: a line of the report stays one line. */
function plain(line: string): string {
  return line.replaceAll(
    /[\p{Cc}\p{Zl}\p{Zp}\u{61C}\u{200B}-\u{200F}\u{202A}-\u{202E}\u{2060}-\u{2069}\u{FEFF}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`,
  );
}
