// eslint-disable-next-line typescript/triple-slash-reference -- the tests' program sees this file, not its folder
/// <reference path="./undiciParts.d.ts" />

/*
 * The one place that imports undici. Its index is not imported: that claims the process-wide dispatcher slots
 * (`Symbol.for('undici.globalDispatcher.1')` and `.2`), which the fetch of every other extension reads, and they
 * cannot be given back: they are not configurable, and Node's own fetch, if it is first loaded while they are taken,
 * fails once they are empty again. The dispatchers alone touch nothing global.
 *
 * Loaded when the first request is made, because it takes longer than activation may.
 */
import buildConnector from 'undici/lib/core/connect.js';
import methods from 'undici/lib/api/index.js';
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import Pool from 'undici/lib/dispatcher/pool.js';
import ProxyAgent from 'undici/lib/dispatcher/proxy-agent.js';

// As undici's index does it; the proxy's tunnel is opened with `connect`.
Object.assign(Dispatcher.prototype, methods);

export { Agent, buildConnector, Pool, ProxyAgent };
export type { Dispatcher } from 'undici';
