import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { NotFoundError, UnavailableError } from '../../domain/errors.ts';
import type { SecretStore } from '../../ports/channel.ts';
import type { Clock } from '../../ports/clock.ts';

/** A changed secret is known everywhere after five minutes at the latest. */
export const HELD_MS = 5 * 60_000;

/** No such secret, or one that is being deleted. */
const absent = new Set(['ResourceNotFoundException', 'InvalidRequestException']);

interface Held {
  readonly text: string;
  readonly untilMs: number;
}

/** The text of a secret; a binary one is not ours. */
const textOf = (text: string | undefined): string => {
  if (text === undefined) throw new NotFoundError('the secret holds no text');
  return text;
};

/**
 * Secrets of Secrets Manager, by name under a prefix, or by ARN without one. Each is held for five minutes, a failure
 * never. Whatever else goes wrong, a missing right too, is `UnavailableError`: one secret that cannot be read must not
 * stop the delivery to everybody else.
 */
export const makeSecretStore = (client: SecretsManagerClient, prefix = '', now: Clock = Date.now): SecretStore => {
  const held = new Map<string, Held>();

  const ask = async (name: string): Promise<string> => {
    try {
      const answer = await client.send(new GetSecretValueCommand({ SecretId: `${prefix}${name}` }));
      return textOf(answer.SecretString);
    } catch (cause) {
      if (cause instanceof NotFoundError) throw cause;
      if (cause instanceof Error && absent.has(cause.name)) throw new NotFoundError('no such secret', { cause });
      throw new UnavailableError('the secret could not be read', { cause });
    }
  };

  return {
    read: async (name) => {
      const known = held.get(name);
      if (known && now() < known.untilMs) return known.text;
      const text = await ask(name);
      held.set(name, { text, untilMs: now() + HELD_MS });
      return text;
    },
    forget: (name) => {
      held.delete(name);
    },
  };
};
