import { createHash } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ChallengeStore, SealedToken } from '../../ports/challenge-store.ts';
import { beginning, type Item, queryAll } from './engine.ts';
import { expiring } from './expiry.ts';
import { ofFacility, padMs } from './keys.ts';
import { putFirst } from './put-next.ts';

/** A token can be asked for while its hour is owed; then it lies here a month longer and is gone. */
const TOKEN_DAYS_AFTER = 30;

/** What came of an hour in one request, by camera; null = the word that its recorder has no stable bytes. */
type Tokens = Readonly<Record<string, Uint8Array | null>>;

const hourPrefix = (hourMs: number): string => `token#${padMs(hourMs)}#`;

const bytesOf = ({ token }: SealedToken): Uint8Array | null =>
  token === undefined ? null : new Uint8Array(Buffer.from(token, 'base64url'));

/** By what it says: the same tokens sent again are the same item. */
const nameOf = (tokens: readonly SealedToken[]): string => {
  const said = tokens.map(({ camera, token }) => [camera, token ?? null]);
  return createHash('sha256').update(JSON.stringify(said)).digest('base64url').slice(0, 22);
};

/** Of a camera that a request names twice, the first. */
const firstOfEach = (tokens: readonly SealedToken[]): readonly SealedToken[] => [
  ...new Map(tokens.toReversed().map((token) => [token.camera, token])).values(),
];

const receivedAtMs = (item: Item): number => Number(item.receivedAtMs);

/** One item holds an hour of all cameras of a request: sixteen of their own would be sixteen writes. */
export const makeTokenStore = (
  client: DynamoDBClient,
  table: string,
  retentionDays: number,
): Pick<ChallengeStore, 'putTokens' | 'readToken'> => {
  const putHour = async (hourMs: number, came: readonly SealedToken[]): Promise<void> => {
    const tokens = firstOfEach(came);
    const [first] = tokens;
    if (first === undefined) return;
    const key = { pk: ofFacility(first.facility), sk: `${hourPrefix(hourMs)}${nameOf(tokens)}` };
    const bytes: Tokens = Object.fromEntries(tokens.map((token) => [token.camera, bytesOf(token)]));
    const expires = expiring(hourMs, retentionDays + TOKEN_DAYS_AFTER);
    await putFirst(client, table, key, { receivedAtMs: first.receivedAtMs, tokens: bytes, ...expires });
  };

  return {
    // Dying among the hours: those that are put stand, and the box sends the request again.
    putTokens: async (tokens) => {
      const byHour = Map.groupBy(tokens, ({ hourMs }) => hourMs);
      await Promise.all([...byHour].map(([hourMs, came]) => putHour(hourMs, came)));
    },

    readToken: async (facility, camera, hourMs) => {
      const items = await queryAll(client, {
        ...beginning(table, ofFacility(facility), hourPrefix(hourMs)),
        // Of one camera: a box that repeats itself under other tokens must not fill the memory of who draws.
        ProjectionExpression: 'receivedAtMs, #tokens.#camera',
        ExpressionAttributeNames: { '#tokens': 'tokens', '#camera': camera },
      });
      const [first] = items
        .filter(({ tokens }) => tokens !== undefined && Object.hasOwn(tokens as Tokens, camera))
        .sort((a, b) => receivedAtMs(a) - receivedAtMs(b));
      if (first === undefined) return undefined;
      const of = { facility, camera, hourMs, receivedAtMs: receivedAtMs(first) };
      const token = (first.tokens as Tokens)[camera] ?? null;
      if (token === null) return { ...of, stability: 'presence-only' };
      return { ...of, stability: 'byte-stable', token: Buffer.from(token).toString('base64url') };
    },
  };
};
