/*
 * The one place that imports undici, between the two halves of the guard: the order of these imports is the point.
 * Loaded when the first request is made, because it takes longer than activation may.
 */
import './dispatcherSlotHeld.ts';
import { Agent, Pool, ProxyAgent } from 'undici';
import './dispatcherSlotFreed.ts';

export { Agent, Pool, ProxyAgent };
export type { Dispatcher } from 'undici';
