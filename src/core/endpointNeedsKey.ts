import { dialectFor } from './dialects.ts';
import type { Endpoint } from './endpoint.ts';

/**
 * Whether a request without a key cannot succeed. The address alone decides: the same API behind a gateway (with the
 * service named as the endpoint's dialect) may do without.
 */
export function needsKey({ baseUrl }: Pick<Endpoint, 'baseUrl'>): boolean {
  return dialectFor({ baseUrl }).key === 'required';
}
