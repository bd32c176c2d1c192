import type { Person } from '../domain/access.ts';
import type { TokenVerifier } from '../ports/identity.ts';
import type { RegistryStore } from '../ports/registry-store.ts';
import { RequestRefusedError } from './request-refused.ts';

export interface PeopleOptions {
  readonly verifier: TokenVerifier;
  readonly registry: Pick<RegistryStore, 'readGrant'>;
  /** `<issuer>|<sub>` of those who are administrators without a grant, so that a first one can exist. */
  readonly administrators?: readonly string[];
}

/** Who calls, from the `authorization` header. Throws `RequestRefusedError`, `TokenRefusedError`, `UnavailableError`. */
export type Authenticate = (authorization: string | undefined) => Promise<Person>;

const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i;

const bearerToken = (authorization: string | undefined): string => {
  const token = authorization === undefined ? undefined : BEARER.exec(authorization)?.[1];
  if (token === undefined)
    throw new RequestRefusedError('token-missing', 'Send one token as "Authorization: Bearer <token>".');
  return token;
};

/**
 * Bearer token → person with roles. The grant is read strongly for each request: a role that was taken away works no
 * more. Somebody without a grant is a person without roles, who may do nothing.
 */
export const makeAuthenticate = ({ verifier, registry, administrators = [] }: PeopleOptions): Authenticate => {
  const bootstrap: ReadonlySet<string> = new Set(administrators);
  return async (authorization) => {
    const subject = await verifier.verify(bearerToken(authorization));
    const granted = (await registry.readGrant(subject))?.roles ?? [];
    return { subject, roles: bootstrap.has(subject) ? [...granted, { role: 'administrator' }] : granted };
  };
};

/** The setting `ADMINISTRATORS`: a comma list, empty in a stack whose grants name its administrators. */
export const administratorsFrom = (setting: string | undefined): readonly string[] =>
  (setting ?? '')
    .split(',')
    .map((subject) => subject.trim())
    .filter((subject) => subject !== '');
