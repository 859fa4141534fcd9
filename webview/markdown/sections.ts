/** Blocks in one section. A section far from the reader costs neither layout nor paint (`content-visibility`). */
const blocksPerSection = 24;

/** The top-level blocks of a page by their number, in sections that depend on nothing but that number. */
export function createSections(root: HTMLElement) {
  return {
    get: (index: number): ChildNode | undefined =>
      root.children[Math.floor(index / blocksPerSection)]?.childNodes[index % blocksPerSection],
    /** Adds a block behind all others; `index` is their count. */
    append(index: number, node: Node): void {
      if (index % blocksPerSection === 0) {
        const section = document.createElement('div');
        section.className = 'md-section';
        root.append(section);
      }
      root.lastElementChild?.append(node);
    },
    /** Removes a section that has lost its last block. */
    trim(): void {
      if (root.lastElementChild?.hasChildNodes() === false) root.lastElementChild.remove();
    },
  };
}
