import { c, cpp, csharp, dart, java, kotlin, objectiveC, scala } from '@codemirror/legacy-modes/mode/clike';
import { diff } from '@codemirror/legacy-modes/mode/diff';
import { dockerFile } from '@codemirror/legacy-modes/mode/dockerfile';
import { go } from '@codemirror/legacy-modes/mode/go';
import { javascript, json, typescript } from '@codemirror/legacy-modes/mode/javascript';
import { lua } from '@codemirror/legacy-modes/mode/lua';
import { powerShell } from '@codemirror/legacy-modes/mode/powershell';
import { properties } from '@codemirror/legacy-modes/mode/properties';
import { python } from '@codemirror/legacy-modes/mode/python';
import { ruby } from '@codemirror/legacy-modes/mode/ruby';
import { rust } from '@codemirror/legacy-modes/mode/rust';
import { shell } from '@codemirror/legacy-modes/mode/shell';
import { swift } from '@codemirror/legacy-modes/mode/swift';
import { toml } from '@codemirror/legacy-modes/mode/toml';
import { xml } from '@codemirror/legacy-modes/mode/xml';
import { yaml } from '@codemirror/legacy-modes/mode/yaml';
import type { StreamParser } from '@codemirror/streamparser';
import { css } from './css.ts';
import { html } from './html.ts';
import { withJsx } from './jsx.ts';
import { makefile } from './makefile.ts';
import { markdown } from './markdown.ts';
import { php } from './php.ts';
import { sql } from './sql.ts';
import { steady } from './steady.ts';

/** The parsers by the names that models write behind a code fence, in lower case. */
const languages: readonly (readonly [names: string, parser: StreamParser<unknown>])[] = [
  ['bash console fish sh shell shell-session shellscript zsh', shell],
  ['c h', c],
  ['c++ cc cpp cxx hpp', cpp],
  ['c# cs csharp', csharp],
  ['cfg conf dotenv env ini properties', properties],
  ['css less sass scss', css],
  ['dart', dart],
  ['diff patch', diff],
  ['docker dockerfile', dockerFile],
  ['go golang', go],
  ['htm html svelte vue', html],
  ['java', java],
  ['cjs javascript javascriptreact js jsx mjs', withJsx(javascript)],
  ['json json5 jsonc jsonl', json],
  ['kotlin kt kts', kotlin],
  ['lua', lua],
  ['make makefile', makefile],
  ['markdown md mdx', markdown],
  ['objc objective-c objectivec', objectiveC],
  ['php', php],
  ['powershell ps1 pwsh', powerShell],
  ['py python python3', python],
  ['rb ruby', ruby],
  ['rs rust', rust],
  ['scala', scala],
  ['mysql pgsql postgres postgresql sql sqlite tsql', sql],
  ['swift', swift],
  ['toml', toml],
  ['cts mts ts typescript', typescript],
  ['tsx typescriptreact', withJsx(typescript)],
  ['atom plist rss svg xml xsd xslt', xml],
  ['yaml yml', yaml],
];

const byName = new Map(
  languages.flatMap(([names, parser]) => {
    const steadyParser = steady(parser);
    return names.split(' ').map((name) => [name, steadyParser]);
  }),
);

export function findLanguage(name: string): StreamParser<unknown> | undefined {
  return byName.get(name);
}
