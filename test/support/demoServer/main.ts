import { parseArgs } from 'node:util';
import { ordinaryModel, startDemoServer } from './server.ts';

/* Starts the demo server by hand: node test/support/demoServer/main.ts --port 4141 [--key KEY] [--delay MS] */

const { values } = parseArgs({
  options: { port: { type: 'string' }, key: { type: 'string' }, delay: { type: 'string' } },
});

const server = await startDemoServer({
  port: Number(values.port ?? 4141),
  ...(values.key === undefined ? {} : { key: values.key }),
  ...(values.delay === undefined ? {} : { tokenDelayMs: Number(values.delay) }),
});
console.log(`Demo server: ${server.url}  key: ${server.key}  model: ${ordinaryModel}`);
console.log(
  `All models, with a sentence each: curl -H 'Authorization: Bearer ${server.key}' ${server.url}/models`,
);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void server.close().then(() => process.exit(0));
  });
}
