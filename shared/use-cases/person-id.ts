import { personIdOf } from '../evidence/person-id.ts';
import type { PersonSalt } from '../ports/evidence-store.ts';

/** Names a person (`<issuer>|<subject>`) for a record that outlives what we may know of them. Throws `UnavailableError`. */
export type PersonId = (subject: string) => Promise<string>;

export const makePersonId =
  (salt: PersonSalt, freshSalt: () => Uint8Array): PersonId =>
  async (subject) =>
    personIdOf(await salt.decide(freshSalt), subject);
