// Builds the bundles and the style sheet into dist/. Runs on any Node from 20 on, so that
// `npm start` needs nothing but what `npm ci` brought.
//
//   node esbuild.mjs [--production] [--watch]

import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';

/**
 * @typedef {object} BuildOptions
 * @property {boolean} [production] Minified, without source maps, and held to the size budgets.
 * @property {string} [root] The folder that holds src/ and webview/; this file's own by default.
 * @property {string} [outdir] Where to write, relative to root; "dist" by default.
 * @property {(table: string) => void} [report] Gets the size table of a production build; prints it by default.
 */

/**
 * @typedef {object} BuildResult
 * @property {Record<Part, esbuild.Metafile>} metafiles
 * @property {readonly SizeRow[]} sizes
 */

/** @typedef {"host" | "undici" | "view" | "style"} Part */

/**
 * One line of the size table; all figures are bytes.
 * @typedef {object} SizeRow
 * @property {string} name
 * @property {number} bytes
 * @property {number} [gzip]
 * @property {number} [budget] Bytes; compared with `gzip` where that is given, else with `bytes`.
 */

const KB = 1000;

// `import.meta.dirname` is younger than the first releases of Node 20.
const here = path.dirname(fileURLToPath(import.meta.url));

/** What the production build is held to, in bytes. The package has its own limit where it is made. */
export const budgets = {
  /** Minified, without undici's part. */
  host: 400 * KB,
  /** Gzipped. */
  view: 120 * KB,
};

/**
 * The one module that imports undici is a bundle of its own beside the host bundle, read from disk with the
 * first request: activation neither reads nor parses it.
 * @type {esbuild.Plugin}
 */
const lazyUndici = {
  name: 'lazy-undici',
  setup(build) {
    build.onResolve({ filter: /\/undici\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './undici.cjs', external: true } : undefined,
    );
  },
};

/**
 * esbuild's options for each part.
 * @param {Required<BuildOptions>} options
 * @returns {Record<Part, esbuild.BuildOptions & { metafile: true, write: false }>}
 */
export function partOptions({ production, root, outdir }) {
  /** @satisfies {esbuild.BuildOptions} */
  const common = {
    absWorkingDir: root,
    bundle: true,
    minify: production,
    sourcemap: production ? false : 'linked',
    // The notices of bundled packages are collected into one file of the package instead.
    legalComments: 'none',
    logLevel: 'warning',
    metafile: /** @type {const} */ (true),
    write: /** @type {const} */ (false),
  };
  /** @satisfies {esbuild.BuildOptions} */
  const node = {
    ...common,
    platform: /** @type {const} */ ('node'),
    format: /** @type {const} */ ('cjs'),
    // The Node inside the oldest supported editor.
    target: 'node22',
    external: ['vscode'],
    // One bundle loads the other with require.
    supported: { 'dynamic-import': false },
  };
  return {
    host: {
      ...node,
      entryPoints: ['src/extension.ts'],
      outfile: `${outdir}/extension.cjs`,
      plugins: [lazyUndici],
    },
    undici: {
      ...node,
      entryPoints: ['src/api/undici.ts'],
      outfile: `${outdir}/undici.cjs`,
    },
    view: {
      ...common,
      entryPoints: ['webview/main.tsx'],
      outfile: `${outdir}/webview/main.js`,
      platform: 'browser',
      format: 'iife',
      target: 'chrome128',
      jsx: 'automatic',
      jsxImportSource: 'preact',
      define: { 'process.env.NODE_ENV': production ? '"production"' : '"development"' },
    },
    style: {
      ...common,
      entryPoints: ['webview/style.css'],
      outfile: `${outdir}/webview/style.css`,
      target: 'chrome128',
      loader: { '.ttf': 'file' },
      assetNames: '[name]',
    },
  };
}

/**
 * Bundles everything into `outdir` and writes the metafiles to `<outdir>/meta/`. A production build that
 * breaks a size budget throws after its table was printed.
 * @param {BuildOptions} [options]
 * @returns {Promise<BuildResult>}
 */
export async function build(options = {}) {
  const settings = withDefaults(options);
  const { production, root, outdir, report } = settings;
  const parts = partOptions(settings);
  const [host, undici, view, style] = await Promise.all([
    esbuild.build(parts.host),
    esbuild.build(parts.undici),
    esbuild.build(parts.view),
    esbuild.build(parts.style),
  ]);
  const metafiles = {
    host: host.metafile,
    undici: undici.metafile,
    view: view.metafile,
    style: style.metafile,
  };
  const out = path.join(root, outdir);
  const files = new Map(
    [host, undici, view, style].flatMap(({ outputFiles }) =>
      outputFiles.map(({ path: file, contents }) => [
        path.relative(out, file).replaceAll('\\', '/'),
        contents,
      ]),
    ),
  );
  for (const [name, metafile] of Object.entries(metafiles)) {
    files.set(`meta/${name}.json`, Buffer.from(JSON.stringify(metafile)));
  }
  await writeFiles(out, files);
  const sizes = measure(files, metafiles);
  if (production) {
    report(sizeTable(sizes));
    const broken = sizes.filter(isOverBudget).map(({ name }) => name);
    if (broken.length > 0) throw new Error(`Over the size budget: ${broken.join(', ')}`);
  }
  return { metafiles, sizes };
}

/**
 * @param {BuildOptions} options
 * @returns {Required<BuildOptions>}
 */
function withDefaults(options) {
  const { production = false, root = here, outdir = 'dist' } = options;
  const { report = (/** @type {string} */ table) => void process.stdout.write(table) } = options;
  return { production, root: path.resolve(root), outdir, report };
}

/**
 * Writes each file in one step, so that an editor or a test that reads along never sees half of one, and removes
 * the source maps of an earlier build.
 * @param {string} out
 * @param {ReadonlyMap<string, Uint8Array>} files
 */
async function writeFiles(out, files) {
  for (const [name, contents] of files) {
    const file = path.join(out, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(`${file}.${process.pid}`, contents);
    await rename(`${file}.${process.pid}`, file);
    if (!files.has(`${name}.map`)) await rm(`${file}.map`, { force: true });
  }
}

/**
 * @param {ReadonlyMap<string, Uint8Array>} files
 * @param {Record<Part, esbuild.Metafile>} metafiles
 * @returns {SizeRow[]}
 */
function measure(files, metafiles) {
  /** @type {SizeRow[]} */
  const rows = [];
  let own = -packageBytes(metafiles.host, 'undici') - packageBytes(metafiles.undici, 'undici');
  for (const [name, contents] of files) {
    if (name.endsWith('.map') || name.startsWith('meta/')) continue;
    const gzip = gzipSync(contents, { level: 9 }).length;
    const budget = name === 'webview/main.js' ? { budget: budgets.view } : {};
    rows.push({ name, bytes: contents.length, gzip, ...budget });
    if (name.endsWith('.cjs')) own += contents.length;
  }
  return [...rows, { name: 'host without undici', bytes: own, budget: budgets.host }];
}

/**
 * Bytes that a package of node_modules contributes to a bundle.
 * @param {esbuild.Metafile} metafile
 * @param {string} name
 */
function packageBytes(metafile, name) {
  return Object.values(metafile.outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([input]) => input.includes(`node_modules/${name}/`))
    .reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
}

/** @param {SizeRow} row */
function isOverBudget({ bytes, gzip, budget }) {
  return budget !== undefined && (gzip ?? bytes) > budget;
}

/**
 * The sizes as text, in KB of 1,000 bytes.
 * @param {readonly SizeRow[]} rows
 */
export function sizeTable(rows) {
  const kilobytes = (/** @type {number | undefined} */ bytes) =>
    (bytes === undefined ? '' : (bytes / KB).toFixed(1)).padStart(9);
  const width = Math.max(...rows.map(({ name }) => name.length));
  const lines = rows.map((row) => {
    const verdict = row.budget === undefined ? '' : isOverBudget(row) ? '  OVER' : '  ok';
    return `${row.name.padEnd(width)}${kilobytes(row.bytes)}${kilobytes(row.gzip)}${kilobytes(row.budget)}${verdict}`;
  });
  return [`${'KB'.padEnd(width)}  minified     gzip   budget`, ...lines, ''].join('\n');
}

/** Builds on every change until the process is stopped. */
async function watch() {
  const contexts = await Promise.all(
    Object.values(partOptions(withDefaults({}))).map((part) =>
      esbuild.context({ ...part, write: true, logLevel: 'info' }),
    ),
  );
  await Promise.all(contexts.map((context) => context.watch()));
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--watch')) await watch();
  else await build({ production: process.argv.includes('--production') });
}
