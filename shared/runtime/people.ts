import { TOKEN_HEADER } from '../contracts/token-header.ts';
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

/** Header names in lower case, as the HTTP API hands them on. */
export type Headers = Readonly<Record<string, string | undefined>>;

/** Who calls, from the headers. Throws `RequestRefusedError`, `TokenRefusedError`, `UnavailableError`. */
export type Authenticate = (headers: Headers) => Promise<Person>;

const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i;
const TOKEN = /^([A-Za-z0-9._~+/-]+=*)$/;

/** The one token of a request. Two would leave open who calls: a proxy may have checked the other one. */
const tokenOf = (headers: Headers): string => {
  const { authorization, [TOKEN_HEADER]: own } = headers;
  const bearer = authorization === undefined ? undefined : BEARER.exec(authorization)?.[1];
  const token = own === undefined ? bearer : TOKEN.exec(own)?.[1];
  const isTwice = own !== undefined && /^bearer\b/i.test(authorization ?? '');
  if (token === undefined || isTwice)
    throw new RequestRefusedError('token-missing', 'Send one token as "Authorization: Bearer <token>".');
  return token;
};

/**
 * Bearer token → person with roles. The grant is read strongly for each request: a role that was taken away works no
 * more. Somebody without a grant is a person without roles, who may do nothing.
 */
export const makeAuthenticate = ({ verifier, registry, administrators = [] }: PeopleOptions): Authenticate => {
  const bootstrap: ReadonlySet<string> = new Set(administrators);
  return async (headers) => {
    const subject = await verifier.verify(tokenOf(headers));
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
