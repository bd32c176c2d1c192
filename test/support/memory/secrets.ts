import { NotFoundError } from '../../../shared/domain/errors.ts';
import type { SecretStore } from '../../../shared/ports/channel.ts';
import { logged } from './calls.ts';

/** Secrets in memory, by name. */
export const memorySecretStore = (
  secrets: Readonly<Record<string, string>> = {},
): SecretStore & { readonly kept: Map<string, string> } => {
  const kept = new Map(Object.entries(secrets));
  return logged({
    kept,
    read: async (name: string) => {
      const text = kept.get(name);
      if (text === undefined) throw new NotFoundError('no such secret');
      return text;
    },
    forget: () => undefined,
  });
};
