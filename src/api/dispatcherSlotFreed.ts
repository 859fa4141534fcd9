import { before, isHeld, slot } from './dispatcherSlotHeld.ts';

if (isHeld) {
  if (before === undefined) Reflect.deleteProperty(globalThis, slot);
  else Reflect.defineProperty(globalThis, slot, before);
}
