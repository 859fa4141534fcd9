import { parentPort, workerData } from 'node:worker_threads';
import { fuzzReplies } from './fuzz.ts';

const { seed, streams } = workerData as { readonly seed: number; readonly streams: number };
parentPort?.postMessage(fuzzReplies(seed, streams));
