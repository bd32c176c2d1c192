import { isDeepStrictEqual } from 'node:util';
import { grantAddress } from '../../shared/contracts/grant-address.ts';
import type { GrantBody, GrantView, RoleBody } from '../../shared/contracts/registry.ts';
import { localAdministrator, requestToken } from './oidc.ts';
import type { RunningStack } from './running.ts';

/** The registry did not take a grant; the message is what it said. */
export class GrantRefusedError extends Error {
  override readonly name = 'GrantRefusedError';
}

const mostTries = 5;

/** The name that a person of this role has at the local issuer: `officer-police-3212`. */
export const subjectOf = ({ role, department, division, facilityId }: RoleBody): string =>
  [role, department, division, facilityId].filter((part) => part !== undefined).join('-');

/**
 * A token for a person with exactly this role. The grant is made through the public API by the local administrator, so
 * it is authorized, versioned and recorded as any other.
 */
export const tokenWithRole = (stack: Pick<RunningStack, 'url' | 'issuer'>, role: RoleBody): Promise<string> =>
  tokenWithRoles(stack, subjectOf(role), [role]);

/** The same for a person with several roles, such as one in each place. */
export const tokenWithRoles = async (
  { url, issuer }: Pick<RunningStack, 'url' | 'issuer'>,
  name: string,
  roles: readonly RoleBody[],
): Promise<string> => {
  const administrator = await requestToken(issuer, localAdministrator);
  const address = `${url}${grantAddress(`${issuer}|${name}`)}`;
  const headers = { authorization: `Bearer ${administrator}`, 'content-type': 'application/json' };

  for (let attempt = 1; ; attempt += 1) {
    const present = await fetch(address, { headers });
    const grant = present.ok ? ((await present.json()) as GrantView) : undefined;
    if (grant !== undefined && isDeepStrictEqual(grant.roles, roles)) break;
    const body: GrantBody = { roles: [...roles], ...(grant === undefined ? {} : { version: grant.version }) };
    const put = await fetch(address, { method: 'PUT', headers, body: JSON.stringify(body) });
    if (put.ok) break;
    // Somebody else edited the same grant, or the stack is busy: look again.
    if (attempt < mostTries && (put.status === 409 || put.status === 429 || put.status >= 500)) {
      await new Promise((resolve) => setTimeout(resolve, 200 * attempt));
      continue;
    }
    throw new GrantRefusedError(`the registry did not take the grant for ${name}: ${put.status} ${await put.text()}`);
  }
  return requestToken(issuer, name);
};
