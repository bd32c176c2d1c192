import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { OAuth2Server } from 'oauth2-mock-server';

/** The audience of every token of this machine, and the administrator who needs no grant. */
export const localAudience = 'cradlewatch';
export const localAdministrator = 'local-administrator';
const tokenSeconds = 12 * 3_600;

export interface LocalIssuer {
  readonly url: string;
  /** A token for this subject, as the issuer's token endpoint gives it. */
  tokenFor(subject: string): Promise<string>;
  stop(): Promise<void>;
}

/** The start of a person's session: who signs in is the subject. This is the issuer's own endpoint, not a way around it. */
export const requestToken = async (issuerUrl: string, subject: string): Promise<string> => {
  const response = await fetch(`${issuerUrl}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'password', username: subject, client_id: localAudience, scope: 'openid' }),
  });
  const body = (await response.json()) as { access_token?: unknown };
  if (!response.ok || typeof body.access_token !== 'string')
    throw new Error(`the local issuer gave no token (${response.status})`);
  return body.access_token;
};

/**
 * A local OIDC issuer with discovery, JWKS and token endpoint. Its key is kept beside the data and its port is asked
 * for again, so that a token stays good over a restart.
 */
export const startIssuer = async (
  keyFile: string | undefined,
  port: number,
  now: () => number,
): Promise<LocalIssuer> => {
  const server = new OAuth2Server();
  const { keys } = server.issuer;
  if (keyFile !== undefined && existsSync(keyFile)) {
    await keys.add(JSON.parse(readFileSync(keyFile, 'utf8')) as Record<string, unknown>);
  } else {
    await keys.generate('RS256');
    if (keyFile !== undefined) writeFileSync(keyFile, JSON.stringify(keys.toJSON(true)[0]), { mode: 0o600 });
  }
  server.service.on(
    'beforeTokenSigning',
    ({ payload }: { payload: Record<string, unknown> }, request: { body?: { username?: unknown } }) => {
      const issuedAt = Math.floor(now() / 1_000);
      payload.sub = request.body?.username ?? payload.sub;
      payload.aud = localAudience;
      payload.iat = issuedAt;
      payload.nbf = issuedAt - 10;
      payload.exp = issuedAt + tokenSeconds;
    },
  );
  await server.start(port, '127.0.0.1');
  const url = `http://127.0.0.1:${server.address().port}`;
  server.issuer.url = url;
  return { url, tokenFor: (subject) => requestToken(url, subject), stop: () => server.stop() };
};
