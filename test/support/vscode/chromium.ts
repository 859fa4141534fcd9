import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** The browser is not on this machine; the message names the command that installs it. */
class ChromiumMissing extends Error {
  override readonly name = 'ChromiumMissing';
  constructor() {
    const install =
      process.platform === 'linux' && existsSync('/usr/bin/apt-get')
        ? 'apt-get update && apt-get install -y chromium   (as root)'
        : 'npx playwright-core install chromium';
    super(
      `Chromium was not found. Install it with\n  ${install}\nor name one: COLLOQUY_CHROMIUM=/path/to/chromium`,
    );
  }
}

/**
 * The path of a Chromium (or Chrome, or Edge): the one that `COLLOQUY_CHROMIUM` names, one on PATH, one at a
 * usual place, one that Playwright downloaded. Where there is none, the error names the command that installs one.
 */
export function findChromium(): string {
  const named = process.env['COLLOQUY_CHROMIUM'];
  if (named !== undefined && named !== '') {
    if (isExecutable(named)) return named;
    throw new Error(`COLLOQUY_CHROMIUM names ${named}, which cannot be run.`);
  }
  const found = [...onPath(), ...usualPlaces(), chromium.executablePath(), ...playwrightDownloads()].find(
    isExecutable,
  );
  if (found === undefined) throw new ChromiumMissing();
  return found;
}

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'microsoft-edge',
];

function onPath(): string[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return names.flatMap((name) => folders.map((folder) => join(folder, name + suffix)));
}

function usualPlaces(): string[] {
  if (process.platform === 'darwin') {
    return ['Chromium', 'Google Chrome', 'Microsoft Edge'].map(
      (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
    );
  }
  return [process.env['ProgramFiles'], process.env['ProgramFiles(x86)'], process.env['LocalAppData']]
    .filter((folder) => folder !== undefined)
    .flatMap((folder) => [
      join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
      join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
    ]);
}

/** Any revision that some Playwright fetched; newest first. */
function playwrightDownloads(): string[] {
  const roots = [
    process.env['PLAYWRIGHT_BROWSERS_PATH'] ?? '',
    join(homedir(), '.cache', 'ms-playwright'),
    join(homedir(), 'Library', 'Caches', 'ms-playwright'),
    join(homedir(), 'AppData', 'Local', 'ms-playwright'),
  ];
  const inside = [
    ...['chrome-linux/chrome', 'chrome-linux64/chrome', 'chrome-win/chrome.exe', 'chrome-win64/chrome.exe'],
    'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
  ];
  return roots
    .filter((root) => root !== '' && existsSync(root))
    .flatMap((root) =>
      readdirSync(root)
        .filter((name) => /^chromium-\d+$/.test(name))
        .toSorted((a, b) => Number(b.slice(9)) - Number(a.slice(9)))
        .flatMap((name) => inside.map((file) => join(root, name, file))),
    );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Starts Chromium without a window, with everything off that would talk to the network by itself. Whoever
 * calls this closes it. `args` are further switches of Chromium.
 */
export async function launchChromium(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(),
    // Whoever started us handles the signals: it has a server to stop as well.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
      ...['--disable-component-update', '--disable-sync', ...args],
    ],
  });
}
