import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { repositoryRoot } from '../support/build/plantedRepository.ts';

interface CommandItem {
  readonly command?: string;
  readonly submenu?: string;
  readonly when?: string;
}

/** The parts of package.json that are checked here. */
interface Manifest {
  readonly main: string;
  readonly icon?: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly activationEvents?: readonly string[];
  readonly enabledApiProposals?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly submenus?: readonly { readonly id: string }[];
    readonly menus?: Readonly<Record<string, readonly CommandItem[]>>;
    readonly keybindings?: readonly (CommandItem & { readonly command: string })[];
    readonly viewsContainers?: Readonly<Record<string, readonly { readonly icon: string }[]>>;
    readonly views?: Readonly<Record<string, readonly { readonly id: string; readonly when?: string }[]>>;
    readonly configuration:
      | { readonly properties: Readonly<Record<string, Setting>> }
      | readonly { readonly properties: Readonly<Record<string, Setting>> }[];
    readonly walkthroughs?: readonly {
      readonly steps: readonly {
        readonly description?: string;
        readonly completionEvents?: readonly string[];
        readonly media?: Readonly<Record<string, unknown>>;
      }[];
    }[];
  };
}

interface Setting {
  readonly scope?: string;
}

const manifest = readJson<Manifest>('package.json');

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(path.join(repositoryRoot, file), 'utf8')) as T;
}

/**
 * The menus of VS Code's stable API. Others need a proposed API, which a published extension may not use; some
 * builds allow all of them to every extension, so using one by accident would show nowhere but in a user's editor.
 */
const stableMenus = new Set([
  'commandPalette',
  'editor/title',
  'editor/context',
  'editor/title/context',
  'explorer/context',
  'view/title',
  'view/item/context',
  'scm/title',
  'scm/sourceControl',
  'scm/resourceState/context',
  'scm/resourceGroup/context',
  'scm/change/title',
  'terminal/context',
  'terminal/title/context',
  'webview/context',
  'extension/context',
]);
const stableMenuGroups = ['comments/', 'notebook/'];

/** Settings that a repository may bring along, each thought through. All others belong to the user alone. */
const settableByWorkspace = new Set([
  // Chooses among endpoints and models that the user configured.
  'colloquy.model',
  // Can only keep more files away from a model.
  'colloquy.context.exclude',
]);

/** Commands that may have a key everywhere; all others only while edits wait for review in a focused editor. */
const keyEverywhere = new Set(['colloquy.generateInline', 'colloquy.focusChat']);

/** What is wrong with a manifest, one sentence each. */
function problemsOf({ contributes, ...rest }: Manifest): readonly string[] {
  const contributed = new Set(contributes.commands.map(({ command }) => command));
  const submenus = new Set(contributes.submenus?.map(({ id }) => id));
  const menus = Object.entries(contributes.menus ?? {});
  const settings = [contributes.configuration].flat().flatMap(({ properties }) => Object.entries(properties));
  const steps = (contributes.walkthroughs ?? []).flatMap((walkthrough) => walkthrough.steps);
  const ids = [
    ...contributed,
    ...submenus,
    ...settings.map(([id]) => id),
    ...Object.values(contributes.views ?? {}).flatMap((views) => views.map(({ id }) => id)),
  ];
  const mentioned = [
    ...menus.flatMap(([, items]) => items.flatMap(({ command }) => command ?? [])),
    ...(contributes.keybindings ?? []).map(({ command }) => command),
    ...steps.flatMap((step) => [
      ...(step.description?.match(/(?<=\(command:)[\w.-]+/gu) ?? []),
      ...(step.completionEvents ?? []).flatMap((event) => /^onCommand:(.+)$/u.exec(event)?.[1] ?? []),
    ]),
  ].filter((command) => !command.startsWith('workbench.'));

  return [
    ...(rest.enabledApiProposals === undefined ? [] : ['enabledApiProposals cannot be shipped']),
    ...menus.flatMap(([menu]) =>
      stableMenus.has(menu) || submenus.has(menu) || stableMenuGroups.some((group) => menu.startsWith(group))
        ? []
        : [`the menu ${menu} is not in the stable API`],
    ),
    ...menus.flatMap(([menu, items]) =>
      items.flatMap(({ submenu }) =>
        submenu === undefined || submenus.has(submenu)
          ? []
          : [`${menu} shows the unknown submenu ${submenu}`],
      ),
    ),
    ...mentioned.flatMap((command) => (contributed.has(command) ? [] : [`${command} is not contributed`])),
    ...ids.flatMap((id) => (id.startsWith('colloquy.') ? [] : [`${id} does not begin with colloquy.`])),
    ...settings.flatMap(([id, { scope }]) =>
      scope === 'application' || scope === 'machine' || settableByWorkspace.has(id)
        ? []
        : [`${id} could be set by a repository`],
    ),
    ...(contributes.keybindings ?? []).flatMap(({ command, when = '' }) => {
      const conditions = when.split('&&').map((condition) => condition.trim());
      const isReviewing = ['colloquy.hasPendingEdits', 'editorTextFocus'].every((key) =>
        conditions.includes(key),
      );
      return keyEverywhere.has(command) || (isReviewing && !when.includes('||'))
        ? []
        : [`${command} has a key outside the review of edits`];
    }),
    ...(rest.activationEvents?.join() === 'onStartupFinished'
      ? []
      : ['activation is not onStartupFinished alone']),
  ];
}

/** The ids of the command table in src/commands.ts: a list named commandIds, or the keys of the table. */
function tableIds(source: string): readonly string[] {
  const list = /\bcommandIds\b[^=]*=\s*\[([^\]]*)\]/u.exec(source)?.[1];
  const found =
    list === undefined
      ? source.matchAll(/^\s*\[?['"`](colloquy\.\w+)['"`]\]?\s*(?::|,\s*(?:\(|async))/gmu)
      : list.matchAll(/['"`](colloquy\.\w+)['"`]/gu);
  return [...found].map(([, id = '']) => id);
}

describe('The manifest', () => {
  test('breaks no rule', () => {
    assert.deepEqual(problemsOf(manifest), []);
  });

  test('contributes exactly the commands of the command table', () => {
    const ids = tableIds(readFileSync(path.join(repositoryRoot, 'src/commands.ts'), 'utf8'));
    assert.notEqual(ids.length, 0, 'no command ids found in src/commands.ts');
    assert.deepEqual(ids.toSorted(), manifest.contributes.commands.map(({ command }) => command).toSorted());
  });

  test('names only files that exist', () => {
    const icons = Object.values(manifest.contributes.viewsContainers ?? {}).flat();
    const media = (manifest.contributes.walkthroughs ?? []).flatMap(({ steps }) =>
      steps.flatMap((step) =>
        Object.values(step.media ?? {}).filter((file) => String(file).startsWith('media/')),
      ),
    );
    const files = [manifest.icon, ...icons.map(({ icon }) => icon), ...media].map(String);
    assert.deepEqual(
      files.filter((file) => !existsSync(path.join(repositoryRoot, file))),
      [],
    );
  });

  test('is compiled against the oldest editor it supports', () => {
    const { '@types/vscode': types } = manifest.devDependencies;
    assert.equal(manifest.engines['vscode'], `^${types}`);
  });

  test('pins every dependency to one version', () => {
    const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    assert.deepEqual(
      versions.filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/u.test(version)),
      [],
    );
  });

  test('has a lockfile that pins contents and names no download address', () => {
    interface Locked {
      readonly version?: string;
      readonly integrity?: string;
      readonly resolved?: string;
    }
    const { packages } = readJson<{ readonly packages: Readonly<Record<string, Locked>> }>(
      'package-lock.json',
    );
    const locked = Object.entries(packages).filter(([name]) => name !== '');
    assert.ok(locked.length > Object.keys(manifest.devDependencies).length);
    assert.deepEqual(
      locked.filter(([, { integrity, resolved }]) => integrity === undefined || resolved !== undefined),
      [],
    );
    for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
      assert.equal(packages[`node_modules/${name}`]?.version, version, name);
    }
  });
});

describe('A rule of the manifest is noticed when it is broken', () => {
  const { contributes } = manifest;
  const plants: readonly (readonly [
    problem: string,
    Partial<Manifest> | { readonly contributes: object },
  ])[] = [
    ['enabledApiProposals cannot be shipped', { enabledApiProposals: ['chatProvider'] }],
    [
      'the menu scm/inputBox is not in the stable API',
      { contributes: { ...contributes, menus: { 'scm/inputBox': [] } } },
    ],
    [
      'editor/context shows the unknown submenu a',
      { contributes: { ...contributes, menus: { 'editor/context': [{ submenu: 'a' }] } } },
    ],
    [
      'colloquy.nothing is not contributed',
      { contributes: { ...contributes, menus: { 'view/title': [{ command: 'colloquy.nothing' }] } } },
    ],
    [
      'colloquy.nothing is not contributed',
      {
        contributes: {
          ...contributes,
          walkthroughs: [{ steps: [{ description: '[Go](command:colloquy.nothing)' }] }],
        },
      },
    ],
    [
      'colloquy.gone is not contributed',
      {
        contributes: {
          ...contributes,
          walkthroughs: [{ steps: [{ completionEvents: ['onCommand:colloquy.gone'] }] }],
        },
      },
    ],
    [
      'chat.size does not begin with colloquy.',
      {
        contributes: {
          ...contributes,
          configuration: { properties: { 'chat.size': { scope: 'application' } } },
        },
      },
    ],
    [
      'colloquy.endpoints could be set by a repository',
      { contributes: { ...contributes, configuration: { properties: { 'colloquy.endpoints': {} } } } },
    ],
    [
      'colloquy.network.proxy could be set by a repository',
      {
        contributes: {
          ...contributes,
          configuration: [{ properties: { 'colloquy.network.proxy': { scope: 'machine-overridable' } } }],
        },
      },
    ],
    [
      'colloquy.newChat has a key outside the review of edits',
      {
        contributes: {
          ...contributes,
          keybindings: [{ command: 'colloquy.newChat', when: 'editorTextFocus' }],
        },
      },
    ],
    [
      'colloquy.stop has a key outside the review of edits',
      {
        contributes: {
          ...contributes,
          keybindings: [
            { command: 'colloquy.stop', when: 'a || colloquy.hasPendingEdits && editorTextFocus' },
          ],
        },
      },
    ],
    ['activation is not onStartupFinished alone', { activationEvents: ['*'] }],
  ];
  for (const [problem, change] of plants) {
    test(problem, () => {
      // Only what the plant names differs from the real manifest, which has no problem.
      const planted = { ...manifest, ...change } as Manifest;
      assert.ok(problemsOf(planted).includes(problem), problemsOf(planted).join('\n'));
    });
  }

  test('the command table is read in both of its spellings', () => {
    assert.deepEqual(
      tableIds(`export const commandIds = [\n  'colloquy.newChat',\n  "colloquy.stop",\n] as const;`),
      ['colloquy.newChat', 'colloquy.stop'],
    );
    assert.deepEqual(
      tableIds(
        `const table = {\n  'colloquy.newChat': () => get('colloquy.model'),\n  'colloquy.stop': stop,\n};`,
      ),
      ['colloquy.newChat', 'colloquy.stop'],
    );
  });
});
