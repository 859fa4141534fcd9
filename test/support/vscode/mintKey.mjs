// Loaded into VS Code's server before its own code. The page keeps secrets encrypted under a key that it
// asks for at /mint-key; only the outer part of code-server, which is not running here, answers that. Without
// an answer every first use of SecretStorage takes 3 s, and secrets are gone after a reload.
import { randomBytes } from 'node:crypto';
import { IncomingMessage, Server, ServerResponse } from 'node:http';

const key = randomBytes(32);
const emit = Server.prototype.emit;

/** @this {Server} @param {string | symbol} event @param {unknown[]} args @returns {boolean} */
Server.prototype.emit = function (event, ...args) {
  const [request, response] = args;
  if (
    event === 'request' &&
    request instanceof IncomingMessage &&
    response instanceof ServerResponse &&
    request.method === 'POST' &&
    request.url?.endsWith('/mint-key')
  ) {
    response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(key);
    return true;
  }
  return Boolean(Reflect.apply(emit, this, [event, ...args]));
};
