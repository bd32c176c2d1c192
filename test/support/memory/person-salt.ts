import type { PersonSalt } from '../../../shared/ports/evidence-store.ts';
import { logged } from './calls.ts';

/** The salt of people in memory; `forget` deletes it, as an operator may. */
export const memoryPersonSalt = (): PersonSalt & { forget(): void } => {
  let kept: Uint8Array | undefined;
  return logged({
    decide: async (fresh) => {
      kept ??= fresh();
      return Uint8Array.from(kept);
    },
    forget: () => {
      kept = undefined;
    },
  } satisfies PersonSalt & { forget(): void });
};
