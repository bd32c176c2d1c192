/**
 * Where the grant of a subject is. A subject holds slashes (`https://…|…`), and an HTTP API decodes a path before it
 * chooses the route: encoded once, a slash splits the path and the answer is 404. Encoded twice it arrives encoded.
 */
export const grantAddress = (subject: string): string =>
  `/v1/registry/grants/${encodeURIComponent(encodeURIComponent(subject))}`;
