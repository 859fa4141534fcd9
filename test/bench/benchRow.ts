/** One line of the table that `npm run bench` prints. */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the value is compared with, in the same unit. */
  readonly baseline?: number;
  /** The figure to reach, in words: `<= 60`. */
  readonly goal?: string;
}
