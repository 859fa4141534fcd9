import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { plantRepository, repositoryRoot } from '../support/build/plantedRepository.ts';
import { findWallViolations } from '../support/build/walls.ts';

/** Runs a program of node_modules and returns all it printed, whatever its exit code. */
async function run(root: string, program: string, ...args: readonly string[]): Promise<string> {
  const script = path.join(repositoryRoot, 'node_modules', program);
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [script, ...args],
      { cwd: root, maxBuffer: 1 << 24 },
      (_error, stdout, stderr) => {
        resolve(stdout + stderr);
      },
    );
  });
}

describe('Each world is compiled without the globals and modules of the others', { concurrency: 2 }, () => {
  /** A file that uses everything its world allows: it proves that the failures beside it are not accidents. */
  const worlds: readonly {
    readonly project: string;
    readonly allowed: string;
    readonly refused: Readonly<Record<string, string>>;
  }[] = [
    {
      project: 'src/shared',
      allowed: `import { object, string } from 'valibot'; export const shape = object({ id: string() });`,
      refused: {
        dom: 'export const title = document.title;',
        node: `import { readFile } from 'node:fs/promises'; export const read = readFile;`,
        process: 'export const home = process.env;',
      },
    },
    {
      project: 'src/core',
      allowed: `import { Lexer } from 'marked'; export const tokens = new Lexer().lex('a');`,
      refused: {
        dom: 'export const title = document.title;',
        node: `import { join } from 'node:path'; export const joined = join('a', 'b');`,
        buffer: `export const bytes = Buffer.from('');`,
      },
    },
    {
      project: 'src',
      allowed: `import { join } from 'node:path'; import * as vscode from 'vscode'; import { Agent } from 'undici';
        export const all = [join('a'), vscode.version, new Agent(), process.pid];`,
      refused: {
        dom: 'export const title = document.title;',
        element: `export const make = (node: HTMLElement) => node;`,
      },
    },
    {
      project: 'webview',
      allowed: `import { render } from 'preact'; import { signal } from '@preact/signals'; import { Lexer } from 'marked';
        export const all = [render, signal(0), new Lexer(), document.title];`,
      refused: {
        node: `import { readFileSync } from 'node:fs'; export const read = readFileSync;`,
        plainNode: `import { readFileSync } from 'fs'; export const read = readFileSync;`,
        process: 'export const home = process.env;',
        vscode: 'export const all = vscode.window;',
      },
    },
  ];
  for (const { project, allowed, refused } of worlds) {
    test(`in ${project}`, async () => {
      await using repository = await plantRepository({ [`${project}/allowed.ts`]: allowed });
      for (const [name, text] of Object.entries(refused))
        await repository.plant(`${project}/${name}.ts`, text);

      const printed = await run(repository.root, 'typescript/bin/tsc', '-p', project);
      const failing = new Set(printed.match(/\w+(?=\.ts\(\d)/gu));
      assert.deepEqual([...failing].toSorted(), Object.keys(refused).toSorted(), printed);
    });
  }
});

/** A file to lint: its path (`*` becomes a number), its text, and a part of the problem expected in it, if any. */
type Plant = readonly [path: string, code: string, expected?: string];

const crossings: readonly Plant[] = [
  [
    'src/shared/*.ts',
    `import { b } from '../core/b.ts'; export const a = b;`,
    'src/shared may not import src/core: it crosses',
  ],
  [
    'src/shared/*.ts',
    `import type { Uri } from 'vscode'; export type A = Uri;`,
    'src/shared may not import vscode',
  ],
  [
    'src/core/*.ts',
    `import { b } from '../api/b.ts'; export const a = b;`,
    'src/core may not import src/api: it is pure logic',
  ],
  ['src/core/*.ts', `export const a = await import('node:fs');`, 'src/core may not import node:fs'],
  ['src/core/*.ts', `export type A = import('undici').Agent;`, 'src/core may not import undici'],
  ['src/core/*.ts', `export { a } from '../platform/a.ts';`, 'src/core may not import src/platform'],
  ['src/core/*.ts', `export * from '../../src/store/a.ts';`, 'src/core may not import src/store'],
  [
    'src/api/*.ts',
    `import { a } from '../platform/a.ts'; export const b = a;`,
    'src/api may not import src/platform',
  ],
  [
    'src/api/*.ts',
    `import * as vscode from 'vscode'; export const b = vscode.version;`,
    'src/api may not import vscode',
  ],
  [
    'src/store/*.ts',
    `import { request } from '../api/a.ts'; export const b = request;`,
    'src/store may not import src/api',
  ],
  [
    'src/platform/*.ts',
    `import { a } from '../panel/a.ts'; export const b = a;`,
    'src/platform may not import src/panel',
  ],
  [
    'src/panel/*.ts',
    `import { a } from '../api/a.ts'; export const b = a;`,
    'src/panel may not import src/api',
  ],
  [
    'src/panel/*.ts',
    `import { readFile } from 'node:fs/promises'; export const b = readFile;`,
    'src/panel may not import node:fs/promises',
  ],
  [
    'src/edits/*.ts',
    `import { a } from '../features/ask/a.ts'; export const b = a;`,
    'src/edits may not import src/features/ask',
  ],
  [
    'src/features/ask/*.ts',
    `import { a } from '../insert/a.ts'; export const b = a;`,
    'src/features/ask may not import src/features/insert: a feature is deleted by deleting its folder',
  ],
  [
    'src/features/ask/*.ts',
    `import { a } from '../../api/a.ts'; export const b = a;`,
    'src/features/ask may not import src/api',
  ],
  [
    'src/commands.ts',
    `import { a } from '../webview/a.ts'; export const b = a;`,
    'src/commands.ts may not import webview: it is the command table',
  ],
  ['src/odd.ts', `import { a } from './core/a.ts'; export const b = a;`, 'src/odd.ts is in no room'],
  ['src/odd/a.ts', `import { a } from '../core/a.ts'; export const b = a;`, 'src/odd is in no room'],
  [
    'webview/*.ts',
    `import { a } from '../src/core/a.ts'; export const b = a;`,
    'webview may not import src/core',
  ],
  [
    'webview/*.ts',
    `import { a } from '../test/support/a.ts'; export const b = a;`,
    'webview may not import test/support/a.ts',
  ],
  [
    'webview/*.ts',
    `import { render } from 'react'; export const b = render;`,
    'webview may not import react',
  ],
  [
    'webview/*.ts',
    `import { a } from '../src/shared/a'; export const b = a;`,
    'ends in the file name as it is',
  ],
  [
    'webview/*.ts',
    `const name = './a.ts'; export const b = await import(name);`,
    'names its module in plain text',
  ],
  ['webview/*.ts', `import { a } from '#api/a.ts'; export const b = a;`, 'webview may not import #api'],
];

const doors: readonly Plant[] = [
  ['src/shared/*.ts', `import { string } from 'valibot'; export const a = string();`],
  [
    'src/core/*.ts',
    `import { a } from '../shared/a.ts'; import { Lexer } from 'marked'; export const b = [a, Lexer];`,
  ],
  [
    'src/api/*.ts',
    `import { readFile } from 'node:fs/promises'; import type { Agent } from 'undici'; export { b } from '../core/a.ts'; export const c = (agent: Agent) => [readFile, agent];`,
  ],
  [
    'src/features/ask/*.ts',
    `import * as vscode from 'vscode'; import { deep } from './deep/b.ts'; export const c = [vscode.version, deep];`,
  ],
  ['src/features/ask/deep/*.ts', `export const deep = 1;`],
  [
    'src/extension.ts',
    `import { c } from './api/a.ts'; import { c as d } from './features/ask/a.ts'; export const e = [c, d];`,
  ],
  [
    'webview/*.tsx',
    `import { signal } from '@preact/signals'; import type { a } from '../src/shared/a.ts'; export const b = (_: typeof a) => <p>{signal(0)}</p>;`,
  ],
];

const bannedNames: readonly Plant[] = [
  [
    'webview/*.ts',
    `export const f = (e: Element) => { e.innerHTML = ''; };`,
    'innerHTML: text never becomes markup',
  ],
  ['webview/*.ts', `export const f = (e: Element) => { e['outerHTML'] = ''; };`, 'outerHTML: text never'],
  [
    'webview/*.ts',
    `export const f = (e: Element) => { e.insertAdjacentHTML('beforeend', ''); };`,
    'text never becomes markup here',
  ],
  [
    'webview/*.ts',
    `export const f = (e: Element) => { Object.assign(e, { innerHTML: '' }); };`,
    'text never becomes markup here',
  ],
  ['webview/*.tsx', `export const f = () => <p innerHTML="a" />;`, 'text never becomes markup here'],
  [
    'webview/*.tsx',
    `export const f = () => <p dangerouslySetInnerHTML={{ __html: '' }} />;`,
    'text never becomes markup here',
  ],
  [
    'webview/*.ts',
    `export const f = (e: Element) => { const { setHTMLUnsafe } = e; return setHTMLUnsafe; };`,
    'text never becomes markup here',
  ],
  [
    'webview/*.ts',
    `export const f = (r: Range) => r.createContextualFragment('');`,
    'text never becomes markup here',
  ],
  [
    'webview/*.ts',
    `export const f = (e: Element) => { e.setAttribute('onclick', ''); };`,
    'text never becomes markup here',
  ],
  [
    'webview/*.ts',
    `export const f = (e: Element) => { e.setAttributeNS(null, 'srcdoc', ''); };`,
    'text never becomes markup here',
  ],
  ['webview/*.ts', `document.write('');`, 'no-restricted-properties'],
  ['webview/*.ts', `export const f = () => new DOMParser();`, 'no-restricted-globals'],
  ['webview/*.ts', `export const f = async () => window.fetch('/');`, 'The view contacts nobody'],
  ['webview/*.ts', `export const f = () => localStorage.getItem('a');`, 'no-restricted-globals'],
  ['webview/*.ts', `export const f = () => document.cookie;`, 'cookie: the host owns'],
  ['webview/*.ts', `export const f = () => Math.random();`, 'Ids and nonces come from crypto'],
  ['webview/*.ts', `import { parse } from 'marked'; export const f = parse;`, 'marked is a lexer here'],
  ['src/core/*.ts', `export const f = (x: string): unknown => eval(x);`, 'no-eval'],
  ['src/core/*.ts', `export const f = (x: string) => new Function(x);`, 'no-new-func'],
  [
    'src/core/*.ts',
    `export const f = () => { const { random } = Math; return random(); };`,
    'Ids and nonces come from crypto',
  ],
  ['src/core/*.ts', `console.log('a');`, 'no-console'],
  ['src/core/*.ts', `export const f = (a: unknown) => a as string;`, 'A cast carries its reason'],
  ['src/core/*.ts', `export const f = (a: any): unknown => a;`, 'no-explicit-any'],
  ['src/core/*.ts', `export const f = (a?: string) => a!.length;`, 'no-non-null-assertion'],
  ['src/core/*.ts', `export default 1;`, 'no-default-export'],
  ['src/core/*.ts', `const g = async () => 1; export const f = () => { g(); };`, 'no-floating-promises'],
  [
    'src/core/*.ts',
    `export const f = (a: 'x' | 'y') => { switch (a) { case 'x': return 1; } return 0; };`,
    'switch-exhaustiveness-check',
  ],
  [
    'src/panel/*.ts',
    `import * as vscode from 'vscode'; export const a = new vscode.MarkdownString(''); a.isTrusted = true;`,
    'isTrusted: a hover',
  ],
  ['src/panel/*.ts', `export const a = { value: '', supportHtml: true };`, 'supportHtml: a hover'],
  [
    'src/panel/*.ts',
    `export const f = async () => fetch('https://example.com');`,
    'Requests go through src/api alone',
  ],
  ['src/panel/*.ts', `export const f = () => navigator.language;`, 'undefined in the extension host'],
  ['src/api/*.ts', `import { Agent } from 'undici'; export const f = Agent;`, 'claims the dispatcher slots'],
  [
    'src/api/*.ts',
    `import * as undici from 'undici'; export const f = undici.setGlobalDispatcher;`,
    'dispatcher slot',
  ],
  ['src/api/*.ts', `export const f = { rejectUnauthorized: false };`, 'certificates are always checked'],
  [
    'src/api/*.ts',
    `export const f = (o: { rejectUnauthorized: boolean }) => { o.rejectUnauthorized = !1; };`,
    'certificates are always checked',
  ],
  ['src/api/*.ts', `process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';`, 'certificates are always checked'],
];

const harmlessNames: readonly Plant[] = [
  [
    'src/panel/*.ts',
    `import * as vscode from 'vscode'; export const a = [vscode.workspace.isTrusted, { isTrusted: false, enableCommandUris: false }];`,
  ],
  ['src/api/*.ts', `export const f = (strict: boolean) => ({ rejectUnauthorized: strict });`],
  ['src/core/*.ts', `export const f = (fetch: (url: string) => string) => fetch('innerHTML');`],
  ['src/core/*.ts', `// The protocol's fields are strings.\nexport const f = (a: unknown) => a as string;`],
  ['src/core/*.ts', `export const f = ['a'] as const; export const g = f as unknown;`],
  [
    'webview/*.ts',
    `export const f = (e: Element) => { e.textContent = ''; e.setAttribute('role', 'log'); };`,
  ],
];

interface Problem {
  readonly filename: string;
  readonly code: string;
  readonly message: string;
  readonly help?: string;
}

/** Lints all plants in one run, because starting the linter is what takes the time. */
async function lint(plants: readonly Plant[]): Promise<ReadonlyMap<Plant, readonly string[]>> {
  const files = new Map(plants.map((plant, number) => [plant[0].replace('*', `planted${number}`), plant]));
  await using repository = await plantRepository(
    Object.fromEntries([...files].map(([file, [, code]]) => [file, `${code}\n`])),
  );
  const printed = await run(repository.root, 'oxlint/bin/oxlint', '-f', 'json');
  const { diagnostics } = JSON.parse(printed) as { readonly diagnostics: readonly Problem[] };
  const found = new Map<Plant, string[]>(plants.map((plant) => [plant, []]));
  for (const { filename, code, message, help } of diagnostics) {
    const plant = files.get(filename.replaceAll('\\', '/'));
    if (plant !== undefined) found.get(plant)?.push(`${code}: ${message} ${help ?? ''}`);
  }
  return found;
}

describe('The linter', () => {
  const linted = lint([...crossings, ...doors, ...bannedNames, ...harmlessNames]);

  /** The plants in which the linter did not find what was expected, with what it found. */
  const missed = async (plants: readonly Plant[]) => {
    const found = await linted;
    return plants.flatMap((plant) => {
      const [, code, expected] = plant;
      const problems = found.get(plant) ?? [];
      const isAsExpected =
        expected === undefined
          ? problems.length === 0
          : problems.some((problem) => problem.includes(expected));
      return isAsExpected ? [] : [{ code, expected, problems }];
    });
  };

  test('says why an import may not cross a wall', async () => {
    assert.deepEqual(await missed(crossings), []);
  });

  test('says nothing about an import that the table of rooms allows', async () => {
    assert.deepEqual(await missed(doors), []);
  });

  test('says why a name may not be used in what is shipped', async () => {
    assert.deepEqual(await missed(bannedNames), []);
  });

  test('says nothing about the harmless neighbours of those names', async () => {
    assert.deepEqual(await missed(harmlessNames), []);
  });
});

describe('No resolved import crosses a wall', () => {
  test('in this repository', async () => {
    assert.deepEqual(await findWallViolations(repositoryRoot), []);
  });

  test('whatever the spelling', async () => {
    await using repository = await plantRepository({
      'src/api/b.ts': 'export const b = 1;',
      'src/core/detour.ts': `export { b } from './../features/../../src/api/b.ts';`,
      'src/core/extensionless.ts': `export { b } from '../api/b';`,
      'src/core/dynamic.ts': `export const b = import('../api/b.ts');`,
      'src/core/required.ts': `export const b = require('../api/b.ts');`,
      'src/core/linked.ts': `export { b } from './link.ts';`,
      'src/core/intoPackage.ts': `export { Agent } from '../../node_modules/undici/index.js';`,
      'src/core/bare.ts': `import 'undici'; import fs from 'fs'; export const read = fs.readFileSync;`,
      'src/features/ask/a.ts': `export { a } from '../insert/a.ts';`,
      'src/features/insert/a.ts': `export const a = 1;`,
      'src/shared/fine.ts': `export const fine = 1;`,
      'webview/a.tsx': `import { fine } from '../src/shared/fine.ts'; import { b } from '../src/api/b.ts'; export const a = <p>{fine}{b}</p>;`,
      'webview/style.css': `@import '@vscode/codicons/dist/codicon.css';`,
    });
    await symlink('../api/b.ts', path.join(repository.root, 'src/core/link.ts'));

    const found = (await findWallViolations(repository.root)).map((violation) =>
      violation.replace(/: it .*|: a feature .*|: the view .*/u, ''),
    );
    assert.deepEqual(found.toSorted(), [
      'src/core/bare.ts: src/core may not import fs',
      'src/core/bare.ts: src/core may not import undici',
      'src/core/detour.ts: src/core may not import src/api',
      'src/core/dynamic.ts: src/core may not import src/api',
      'src/core/extensionless.ts: src/core may not import src/api',
      'src/core/intoPackage.ts: src/core may not import undici',
      'src/core/linked.ts: src/core may not import src/api',
      'src/core/required.ts: src/core may not import src/api',
      'src/features/ask/a.ts: src/features/ask may not import src/features/insert',
      'webview/a.tsx: webview may not import src/api',
    ]);
  });
});
