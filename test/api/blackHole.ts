import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { createInterface } from 'node:readline';

/**
 * A process of our own that listens on a port of `host` (its `process.argv[1]`) and prints it. Rejects where it cannot
 * listen there.
 */
export async function startChild(
  code: string,
  host: string,
): Promise<{ readonly child: ChildProcess; readonly port: number } & Disposable> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, host], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const port = await Promise.race([
    once(createInterface(child.stdout), 'line').then(([line]: unknown[]) => Number(line)),
    once(child, 'exit').then(() => Promise.reject(new Error(`nothing listens on ${host}`))),
  ]);
  return { child, port, [Symbol.dispose]: () => void child.kill('SIGKILL') };
}

const listener = `
  import net from 'node:net';
  const server = net.createServer();
  server.listen({ port: 0, host: process.argv[1], backlog: 1 }, () => console.log(server.address().port));
`;

/**
 * A port of loopback that swallows every connection: its process is stopped and its queue is full, so that the system
 * drops what comes in, as a firewall does. One of the connections that filled the queue goes on trying.
 */
export async function openBlackHole(host = '127.0.0.1'): Promise<{ readonly port: number } & Disposable> {
  const { child, port, [Symbol.dispose]: end } = await startChild(listener, host);
  const sockets: net.Socket[] = [];
  const close = (): void => {
    for (const socket of sockets) socket.destroy();
    end();
  };
  child.kill('SIGSTOP');
  for (let isOpen = true; isOpen;) {
    const socket = net.connect(port, host);
    socket.on('error', () => {});
    sockets.push(socket);
    isOpen = await Promise.race([
      once(socket, 'connect').then(() => true),
      new Promise<boolean>((resolve) => setTimeout(resolve, 300, false)),
    ]);
    if (sockets.length > 64) {
      close();
      throw new Error('The queue never fills.');
    }
  }
  return { port, [Symbol.dispose]: close };
}
