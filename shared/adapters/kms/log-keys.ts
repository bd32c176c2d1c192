import { createHash } from 'node:crypto';
import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { UnavailableError } from '../../domain/errors.ts';
import { type NoteKey, type NoteSigner, noteKeyOf, parseNoteKey } from '../../evidence/note-key.ts';
import type { LogKeys } from '../../ports/sealed-store.ts';
import { answered } from '../engine-trouble.ts';

export interface LogKeySettings {
  /** Of the notes and of their key: `LOG_NAME`. */
  readonly name: string;
  /** ARN of the key: `LOG_KEY`. */
  readonly key: string;
  /** `RETIRED_LOG_KEYS`: verification keys by comma, or `none`. */
  readonly retired?: string;
}

/** Reads a list of verification keys. Throws `EvidenceError` `malformed`: a key that is misspelt must stop the start. */
export const parseRetiredKeys = (text = 'none'): readonly NoteKey[] =>
  text === 'none' || text === '' ? [] : text.split(',').map((key) => parseNoteKey(key.trim()));

const publicKeyOf = async (client: KMSClient, key: string): Promise<Uint8Array> => {
  const { PublicKey } = await answered(client.send(new GetPublicKeyCommand({ KeyId: key })));
  if (PublicKey === undefined) throw new UnavailableError('the public key of the logs did not come');
  return new Uint8Array(PublicKey);
};

/** KMS hashes nothing for us: a digest has one length, whatever is signed, and stays below what KMS takes. */
const signWith =
  (client: KMSClient, key: string): NoteSigner['sign'] =>
  async (bytes) => {
    const sign = new SignCommand({
      KeyId: key,
      Message: createHash('sha256').update(bytes).digest(),
      MessageType: 'DIGEST',
      SigningAlgorithm: 'ECDSA_SHA_256',
    });
    const { Signature } = await answered(client.send(sign));
    if (Signature === undefined) throw new UnavailableError('the signature of the logs did not come');
    return new Uint8Array(Signature);
  };

/**
 * The key of the logs in KMS, whose private half nobody has. Asks KMS once for its public half; whoever may only read
 * gets a signer too, which KMS refuses. Signing again makes other bytes for the same note: the first that is stored
 * stands.
 */
export const loadLogKeys = async (client: KMSClient, { name, key, retired }: LogKeySettings): Promise<LogKeys> => {
  const own = noteKeyOf(name, 'ecdsa-p256', await publicKeyOf(client, key));
  return {
    signer: { name, keyId: own.keyId, sign: signWith(client, key) },
    keys: [own, ...parseRetiredKeys(retired).filter(({ keyId }) => keyId !== own.keyId)],
  };
};

/** The keys as a function keeps them: asked for once per instance; a failure is not kept, so that the next try asks again. */
export const keptLogKeys = (client: KMSClient, settings: LogKeySettings): (() => Promise<LogKeys>) => {
  let kept: Promise<LogKeys> | undefined;
  return () => {
    kept ??= loadLogKeys(client, settings).catch((error: unknown) => {
      kept = undefined;
      throw error;
    });
    return kept;
  };
};
