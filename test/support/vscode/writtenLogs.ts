import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** What VS Code wrote into files below its data folder that match, oldest first. */
function readLogs(dataFolder: string, pattern: string): readonly string[] {
  const logs = join(dataFolder, 'data', 'logs');
  if (!existsSync(logs)) return [];
  return globSync(pattern, { cwd: logs })
    .toSorted()
    .map((file) => readFileSync(join(logs, file), 'utf8'));
}

/** How many extension hosts, since the start, have begun what begins by itself. */
export function countStartedHosts(dataFolder: string): number {
  const logs = readLogs(dataFolder, '*/exthost*/remoteexthost.log');
  return logs.filter((text) => text.includes('Eager extensions activated')).length;
}

/** Waits until this many extension hosts have started; false if they have not in time. */
export async function hostsStarted(dataFolder: string, count: number, limitMs: number): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  while (countStartedHosts(dataFolder) < count) {
    if (Date.now() > deadline) return false;
    await delay(50);
  }
  return true;
}

/** What the log channels of an extension say, every extension host since the start included. */
export function readExtensionLog(dataFolder: string, extensionId: string): string {
  return readLogs(dataFolder, `*/exthost*/${extensionId}/*.log`).join('');
}
