/** No property is tried less often than this, which is fast-check's own measure. */
const least = 100;

/**
 * How often a property is tried or how many random inputs are read: `full` times, of which the environment variable
 * `COLLOQUY_TEST_SIZE` takes a share. `npm run check` sets it below 1; more than 1 looks longer than any test run does.
 */
export function sized(full: number): number {
  const share = Number(process.env['COLLOQUY_TEST_SIZE'] ?? 1);
  return Math.max(Math.min(full, least), Math.round(full * share));
}
