import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Metafile } from 'esbuild';

/** Licences under which others' work may be shipped in an MIT package with nothing but its notice. */
const allowedLicences = new Set([
  'MIT',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'CC-BY-4.0',
]);

/** Work that a package carries inside without its licence text: undici's HTTP parser is llhttp, compiled. */
const carriedInside: Readonly<Record<string, readonly Notice[]>> = {
  undici: [
    {
      title: 'llhttp (inside undici), MIT',
      text: `This software is licensed under the MIT License.

Copyright Fedor Indutny, 2018.

Permission is hereby granted, free of charge, to any person obtaining a
copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including
without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the
following conditions:

The above copyright notice and this permission notice shall be included
in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS
OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN
NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE
USE OR OTHER DEALINGS IN THE SOFTWARE.`,
    },
  ],
};

interface Notice {
  readonly title: string;
  readonly text: string;
}

/**
 * The licence notices of every package whose bytes are in a bundle, as one text.
 *
 * @param metafiles What esbuild says went into the bundles.
 * @param root The folder that the metafiles' paths are relative to.
 * @throws When a bundled package names no allowed licence or carries no licence text.
 */
export async function collectNotices(metafiles: readonly Metafile[], root: string): Promise<string> {
  const folders = [...new Set(metafiles.flatMap(bundledPackages))].toSorted();
  const notices = (
    await Promise.all(folders.map((folder) => packageNotices(path.join(root, folder))))
  ).flat();
  const rule = '-'.repeat(80);
  return [
    'Colloquy contains work of others, under the following licences.',
    ...notices.map(
      ({ title, text }) => `${rule}\n${title}\n${rule}\n\n${text.replaceAll('\r\n', '\n').trim()}`,
    ),
    '',
  ].join('\n\n');
}

/** The folders in node_modules from which at least one byte reached an output. */
function bundledPackages(metafile: Metafile): readonly string[] {
  return Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([input, { bytesInOutput }]) => {
      const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/u.exec(input)?.[0];
      return folder === undefined || bytesInOutput === 0 ? [] : [folder];
    }),
  );
}

async function packageNotices(folder: string): Promise<readonly Notice[]> {
  const manifest = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
    readonly license?: string;
    readonly homepage?: string;
  };
  const { name, version, license = 'no licence', homepage } = manifest;
  if (!allowedLicences.has(license)) {
    throw new Error(`${name} ${version} is under ${license}, which is not on the list of allowed licences.`);
  }
  const files = (await readdir(folder)).filter((file) => /^(?:licen[cs]e|copying|notice)\b/iu.test(file));
  if (files.length === 0) throw new Error(`${name} ${version} carries no licence text.`);
  const texts = await Promise.all(files.toSorted().map((file) => readFile(path.join(folder, file), 'utf8')));
  const title = [`${name} ${version}, ${license}`, ...(homepage === undefined ? [] : [homepage])].join('\n');
  return [{ title, text: texts.join('\n\n') }, ...(carriedInside[name] ?? [])];
}
