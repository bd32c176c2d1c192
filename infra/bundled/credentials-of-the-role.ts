interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * Stands in for the SDK's whole chain of credential sources in a bundle. A function has one source only: the keys of its
 * role, which Lambda puts in its environment. The chain with its clients for SSO and STS is a fifth of a receiver's
 * bundle, and it would look for other keys when these are missing, where a clear failure is right.
 */
export const defaultProvider = (): (() => Promise<Credentials>) => async () => {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN } = process.env;
  if (!accessKeyId || !secretAccessKey) throw new Error('the environment holds no credentials of a role');
  return { accessKeyId, secretAccessKey, ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}) };
};
