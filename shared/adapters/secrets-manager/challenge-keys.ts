import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { UnavailableError } from '../../domain/errors.ts';
import type { ChallengeKeys } from '../../ports/challenge-store.ts';

/** Raw X25519. */
const KEY_BYTES = 32;

/** No such secret, or one that is being deleted. */
const absent = new Set(['ResourceNotFoundException', 'InvalidRequestException']);

const nameOf = (cause: unknown): string => (cause instanceof Error ? cause.name : '');

/** Nothing of what went wrong is in the message: it could name the key's bytes. */
const unavailable = (cause: unknown): UnavailableError =>
  new UnavailableError('a key of challenges could not be reached', { cause });

/**
 * The private keys of the months in Secrets Manager, one secret for each, under a prefix that only `draw-challenges` may
 * touch. Whatever goes wrong, a missing right too, is `UnavailableError`.
 *
 * @param freshKey 32 bytes of chance, new with each call
 */
export const makeChallengeKeys = (
  client: SecretsManagerClient,
  prefix: string,
  freshKey: () => Uint8Array,
): ChallengeKeys => {
  const read = async (keyId: string): Promise<Uint8Array | undefined> => {
    try {
      const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: `${prefix}${keyId}` }));
      const key = new Uint8Array(Buffer.from(SecretString ?? '', 'base64url'));
      if (key.length !== KEY_BYTES) throw new Error('the secret holds no key');
      return key;
    } catch (cause) {
      if (absent.has(nameOf(cause))) return undefined;
      throw unavailable(cause);
    }
  };

  /** The one that stands: a name is given once, so of two that make a key at once one reads the other's. */
  const standing = async (keyId: string, cause: unknown): Promise<Uint8Array> => {
    const key = await read(keyId);
    if (key === undefined) throw unavailable(cause);
    return key;
  };

  return {
    read,
    make: async (keyId) => {
      const key = freshKey();
      try {
        // Dying after it: the key is there, nobody knows its public half yet, and the next run reads it.
        await client.send(
          new CreateSecretCommand({
            Name: `${prefix}${keyId}`,
            SecretString: Buffer.from(key).toString('base64url'),
            Description: 'Private key of the challenges of a month. Destroyed when it is needed no more.',
          }),
        );
        return key;
      } catch (cause) {
        if (nameOf(cause) !== 'ResourceExistsException') throw unavailable(cause);
        return await standing(keyId, cause);
      }
    },
    destroy: async (keyId) => {
      try {
        await client.send(new DeleteSecretCommand({ SecretId: `${prefix}${keyId}`, ForceDeleteWithoutRecovery: true }));
      } catch (cause) {
        if (!absent.has(nameOf(cause))) throw unavailable(cause);
      }
    },
  };
};
