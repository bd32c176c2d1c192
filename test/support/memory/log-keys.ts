import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { localSigner, type NoteKey } from '../../../shared/evidence/note-key.ts';
import type { LogKeys } from '../../../shared/ports/sealed-store.ts';

/** One key for every test of a process: a fresh one each time would only cost time. */
let shared: KeyObject | undefined;
const sharedKey = (): KeyObject => {
  shared ??= createPrivateKey(
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' }),
  );
  return shared;
};

/** Keys of the logs in this process, of the kind that KMS has. */
export const memoryLogKeys = (
  name = 'cradlewatch-demo-dev',
  { privateKey = sharedKey(), retired = [] }: { privateKey?: KeyObject; retired?: readonly NoteKey[] } = {},
): LogKeys => {
  const signer = localSigner(name, privateKey);
  return { signer, keys: [signer.key, ...retired] };
};
