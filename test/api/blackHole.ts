import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { createInterface } from 'node:readline';

const code = `
  import net from 'node:net';
  const server = net.createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(server.address().port));
`;

/**
 * A port of loopback that swallows every connection: its process is stopped and its queue is full, so that the system
 * drops what comes in, as a firewall does.
 */
export async function openBlackHole(): Promise<{ readonly port: number } & Disposable> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const sockets: net.Socket[] = [];
  const close = (): void => {
    for (const socket of sockets) socket.destroy();
    child.kill('SIGKILL');
  };
  const line: unknown[] = await once(createInterface(child.stdout), 'line');
  const port = Number(line[0]);
  child.kill('SIGSTOP');
  for (let isOpen = true; isOpen;) {
    const socket = net.connect(port, '127.0.0.1');
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
