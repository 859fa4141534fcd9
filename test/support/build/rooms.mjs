// The import walls of docs/ARCHITECTURE.md as one table, read by the lint rule (which sees every spelling of
// an import, type-only ones too) and by the test over esbuild's metafile (which sees resolved paths).
// JavaScript, because oxlint loads its plugin with whatever Node it is started by.

import { isBuiltin } from 'node:module';

/**
 * @typedef {object} Room
 * @property {readonly string[]} rooms Other rooms it may import; every room may import itself.
 * @property {readonly string[]} packages Packages it may import; `node:*` stands for Node's own modules.
 * @property {string} why Why the wall stands where it does.
 */

const everythingUnderSrc = [
  'src/shared',
  'src/core',
  'src/api',
  'src/store',
  'src/platform',
  'src/panel',
  'src/edits',
  'src/features/*',
  'src/commands.ts',
];

const pure = ['src/shared', 'src/core'];
const host = ['src/shared', 'src/core', 'src/platform'];

/**
 * Every room by its folder (or file). `src/features/*` is one room per subfolder: a feature may import
 * itself, never another feature.
 * @type {Readonly<Record<string, Room>>}
 */
const rooms = {
  'src/shared': {
    rooms: [],
    packages: ['valibot'],
    why: 'it crosses the wall between host and view, so it stands alone: no DOM, no Node, no vscode',
  },
  'src/core': {
    rooms: ['src/shared'],
    packages: ['marked', 'valibot'],
    why: 'it is pure logic that every test runs without an editor, a network or a disk',
  },
  'src/api': {
    rooms: pure,
    packages: ['undici', 'eventsource-parser', 'valibot', 'node:*'],
    why: 'the client knows the API and the network, neither the editor nor the disk format',
  },
  'src/store': {
    rooms: pure,
    packages: ['valibot', 'node:*'],
    why: 'the store knows files and events, neither the editor nor the network',
  },
  'src/platform': {
    rooms: pure,
    packages: ['vscode', 'node:*'],
    why: 'it adapts the editor for everyone else and knows none of them',
  },
  'src/panel': {
    rooms: host,
    packages: ['vscode', 'valibot'],
    why: 'the client, the store and the features reach it as arguments, handed over in extension.ts',
  },
  'src/edits': {
    rooms: host,
    packages: ['vscode'],
    why: 'whatever writes into files goes through it, so it may depend on none of its users',
  },
  'src/features/*': {
    rooms: host,
    packages: ['vscode'],
    why: 'a feature is deleted by deleting its folder, and gets what it needs as arguments',
  },
  'src/commands.ts': {
    rooms: everythingUnderSrc,
    packages: ['vscode'],
    why: 'it is the command table: names and handlers, no logic',
  },
  'src/extension.ts': {
    rooms: everythingUnderSrc,
    packages: ['vscode'],
    why: 'it is the composition root: it constructs and wires, and the work is done in the rooms',
  },
  webview: {
    rooms: ['src/shared'],
    packages: [
      'marked',
      'preact',
      '@preact/signals',
      '@vscode/codicons',
      '@codemirror/legacy-modes',
      '@codemirror/streamparser',
    ],
    why: 'the view runs in a sandboxed page and shares with the host only what crosses the wall',
  },
};

/**
 * The room that a file lies in.
 * @param {string} file Relative to the repository, with forward slashes.
 * @returns {{ readonly name: string, readonly rule: Room } | undefined} Nothing for files outside src/ and
 *   webview/; a name without a rule of its own cannot occur: it throws.
 */
function roomOf(file) {
  if (file.startsWith('webview/')) return named('webview', 'webview');
  if (!file.startsWith('src/')) return undefined;
  const [, folder = '', feature = '', ...rest] = file.split('/');
  if (folder === 'features' && rest.length > 0) return named(`src/features/${feature}`, 'src/features/*');
  return named(`src/${folder}`, `src/${folder}`);
}

/**
 * @param {string} name
 * @param {string} key
 */
function named(name, key) {
  const rule = Object.hasOwn(rooms, key) ? rooms[key] : undefined;
  if (rule === undefined) throw new Error(`${name} is in no room: see "Rooms" in docs/ARCHITECTURE.md`);
  return { name, rule };
}

/**
 * The package that a bare specifier or a path inside node_modules names: `preact/hooks` is `preact`, Node's
 * own modules are `node:*`, whatever their spelling.
 * @param {string} specifier
 */
function packageOf(specifier) {
  if (isBuiltin(specifier)) return 'node:*';
  const inside = specifier.split('node_modules/').at(-1) ?? specifier;
  const parts = inside.split('/');
  return inside.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? '');
}

/**
 * Why `from` may not import `to`, or nothing when it may.
 * @param {string} from The importing file, relative to the repository, with forward slashes.
 * @param {string} to The imported file in the same form, or a bare specifier.
 * @param {"file" | "package"} kind What `to` is.
 * @returns {string | undefined}
 */
export function wallViolation(from, to, kind) {
  const room = roomOf(from);
  if (room === undefined) return undefined;
  const refuse = (/** @type {string} */ what) =>
    `${room.name} may not import ${what}: ${room.rule.why}. (Rooms, docs/ARCHITECTURE.md)`;

  if (kind === 'package' || to.includes('node_modules/')) {
    const name = packageOf(to);
    return room.rule.packages.includes(name) ? undefined : refuse(name === 'node:*' ? to : name);
  }
  const target = roomOf(to);
  if (target === undefined) return refuse(to);
  if (target.name === room.name) return undefined;
  const key = target.name.startsWith('src/features/') ? 'src/features/*' : target.name;
  return room.rule.rooms.includes(key) ? undefined : refuse(target.name);
}
