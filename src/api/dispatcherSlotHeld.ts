/*
 * undici fills `Symbol.for('undici.globalDispatcher.1')`, which the fetch of every other extension in this process
 * reads, as soon as it is imported and finds the slot empty. For the moment of the import something stands in it;
 * `dispatcherSlotFreed.ts` puts back what was there. Both belong around the one import in `undici.ts`, and nothing
 * asynchronous may come between.
 */

export const slot = Symbol.for('undici.globalDispatcher.1');
/** What the slot was before; `undefined` where it did not exist. */
export const before = Object.getOwnPropertyDescriptor(globalThis, slot);
export const isHeld = before?.value === undefined;

// A property that exists already may not be configurable, so only its value is changed.
if (isHeld) {
  const value = {};
  Reflect.defineProperty(globalThis, slot, before === undefined ? { value, configurable: true } : { value });
}
