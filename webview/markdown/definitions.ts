import type { Definition } from '../../src/shared/markedParts.ts';
import type { FoundDefinition } from '../../src/shared/markdownLexer.ts';

/** What link labels stand for: settled definitions, and those of the text that may still change. */
export function createDefinitions() {
  const settled = new Map<string, Definition>();
  let open = new Map<string, Definition>();

  return {
    find: (label: string): Definition | undefined => settled.get(label) ?? open.get(label),
    findSettled: (label: string): Definition | undefined => settled.get(label),
    /** Takes the definitions of the text behind the settled blocks. Returns whether there were or are any. */
    setOpen(found: readonly FoundDefinition[]): boolean {
      const isChange = open.size > 0 || found.length > 0;
      open = new Map(found.map(({ label, definition }) => [label, definition]));
      return isChange;
    },
    /** The first definition of a label is the one that counts. */
    settle(found: readonly FoundDefinition[]): void {
      for (const { label, definition } of found) {
        if (!settled.has(label)) settled.set(label, definition);
        open.delete(label);
      }
    },
  };
}

export function isSameDefinition(one: Definition | undefined, other: Definition | undefined): boolean {
  return (
    one?.href === other?.href && one?.title === other?.title && (one === undefined) === (other === undefined)
  );
}
