/**
 * Carries the bearer token of a person where `Authorization` is taken: behind SigV4 (`ingress: iam`). The token alone,
 * without its scheme. HTTP APIs hand header names on in lower case.
 */
export const TOKEN_HEADER = 'x-cradlewatch-token';
