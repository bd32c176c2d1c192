import * as z from 'zod';
import { addressOf, type ChannelSettings, isLoopback } from './http-post.ts';

/** A text of a secret: not empty, of a length that nothing real exceeds. */
export const secretText = z.string().min(1).max(2_000);

const address = secretText.transform((value, context) => {
  const url = addressOf(value);
  if (url !== undefined) return url;
  context.addIssue({ code: 'custom', message: 'must be an https address' });
  return z.NEVER;
});

/** Where a bot or receiver waits, and what signs: `{"url": "https://…", "key": "…"}`. */
export const addressed = <K extends z.ZodType>(key: K) => z.strictObject({ url: address, key });

/** A secret's JSON in its schema; nothing where it is not. What was wrong is not said, since it would quote the secret. */
export const secretOf = <S extends z.ZodType>(schema: S, secret: string | undefined): z.output<S> | undefined => {
  if (secret === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(secret)).data;
  } catch {
    return undefined;
  }
};

/** The same of a secret that says where the provider is; nothing, too, where it names a machine that is not spoken to. */
export const placedSecretOf = <S extends z.ZodType<{ readonly url: URL } | { readonly host: string }>>(
  schema: S,
  secret: string | undefined,
  { onThisMachine = false }: ChannelSettings,
): z.output<S> | undefined => {
  const read = secretOf(schema, secret);
  if (read === undefined) return undefined;
  const host = 'url' in read ? read.url.hostname : read.host;
  return onThisMachine || !isLoopback(host) ? read : undefined;
};
