import { execFile, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { resolveCliPathFromVSCodeExecutablePath } from '@vscode/test-electron';
import { cleanEnvironment } from './cleanEnvironment.ts';
import { downloadDesktop } from './executable.ts';

/** VS Code's command line on this machine. */
export interface DesktopCode {
  readonly cli: string;
  readonly version: string;
}

export interface DesktopOptions {
  readonly code: DesktopCode;
  readonly vsix: string;
  readonly folder: string;
  /** A file to show. */
  readonly file: string;
  /** Holds `user` (with `User/settings.json`) and `extensions`; never the person's own profile. */
  readonly profile: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface DesktopWindow {
  /** Settles when the person has closed the window. */
  readonly closed: Promise<void>;
  readonly close: () => Promise<void>;
}

const windows = process.platform === 'win32';
const run = promisify(execFile);

/** The oldest that can run the extension, from `engines.vscode`. */
const floor = [1, 106];

/** The `code` on PATH, where it is a desktop VS Code that is new enough. */
export async function findCode(): Promise<DesktopCode | undefined> {
  // In a remote window's terminal, and in WSL, that name means an editor on another machine.
  if (process.env['VSCODE_IPC_HOOK_CLI'] !== undefined || process.env['WSL_DISTRO_NAME'] !== undefined) {
    return undefined;
  }
  const cli = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, windows ? 'code.cmd' : 'code'))
    .find((file) => existsSync(file));
  return cli === undefined ? undefined : asDesktopCode(cli);
}

/** A desktop VS Code from the cache or the network; rejects soon where neither has one. */
export async function downloadCode(): Promise<DesktopCode | undefined> {
  return asDesktopCode(resolveCliPathFromVSCodeExecutablePath(await downloadDesktop('stable')));
}

async function asDesktopCode(cli: string): Promise<DesktopCode | undefined> {
  const said = await run(cli, ['--version'], { shell: windows, env: cleanEnvironment() }).catch(
    () => undefined,
  );
  const [, version = '', major, minor] = /^((\d+)\.(\d+)\.\S+)/.exec(said?.stdout ?? '') ?? [];
  if (Number(major) !== floor[0] || Number(minor) < (floor[1] ?? 0)) return undefined;
  return { cli, version };
}

/** Installs the extension into the profile and opens the window. */
export async function openDesktop(options: DesktopOptions): Promise<DesktopWindow> {
  const { cli } = options.code;
  const userData = join(options.profile, 'user');
  const common = [
    `--user-data-dir=${userData}`,
    `--extensions-dir=${join(options.profile, 'extensions')}`,
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ];
  const env = { ...cleanEnvironment(), ...options.env };
  await run(cli, [...common, '--install-extension', options.vsix], { shell: windows, env });
  const args = [
    ...common,
    // Else VS Code asks for the machine's key ring, which may not exist.
    ...(process.platform === 'linux' ? ['--password-store=basic'] : []),
    ...['--disable-workspace-trust', '--disable-telemetry', '--skip-welcome', '--skip-release-notes'],
    ...['--new-window', '--wait', options.folder, options.file],
  ];
  const child = spawn(cli, args, { shell: windows, env, stdio: 'ignore' });
  const closed = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
  return {
    closed,
    close: async () => {
      child.kill();
      await endProcess(join(userData, 'code.lock'));
    },
  };
}

/** The command line only starts VS Code; its own process notes its id in the profile. */
async function endProcess(lockFile: string): Promise<void> {
  const pid = Number(await readFile(lockFile, 'utf8').catch(() => ''));
  if (!(pid > 0)) return;
  try {
    process.kill(pid);
    for (let waited = 0; waited < 5000; waited += 100) {
      process.kill(pid, 0);
      await delay(100);
    }
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
