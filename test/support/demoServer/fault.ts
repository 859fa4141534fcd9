import type { Exchange } from './reply.ts';

/** Something that a server does wrong, chosen by asking for the model of this name. */
export interface Fault {
  /** A model id; a last part `N` stands for a number, `NAME` for the name of a field. */
  readonly id: string;
  /** An id to list and to try; the id itself unless it has a part to fill in. */
  readonly example?: string;
  /** One sentence for people: what the client gets to see. */
  readonly says: string;
  /** `argument` is what stood for N or NAME. */
  readonly run: (exchange: Exchange, argument: string) => Promise<void> | void;
}
