import { signCheckpoint } from '../../evidence/checkpoint.ts';
import { EvidenceError } from '../../evidence/evidence-error.ts';
import { checkpointOf } from '../../evidence/facility-log.ts';
import type { LogHead } from '../../ports/sealed-store.ts';
import type { LogDeps } from './dependencies.ts';

/** What was decided is under lock before it is decided: that it is not there is no trouble that passes. */
export const readSealed = async ({ objects }: Pick<LogDeps, 'objects'>, address: string): Promise<Uint8Array> => {
  const bytes = await objects.read(address);
  if (bytes !== undefined) return bytes;
  throw new EvidenceError('dropped-leaf', `The object ${address} was decided on and is not there.`);
};

/**
 * Signs the log as it stands. A log has a checkpoint of every size: whoever finds a head without one makes it before the
 * log grows further.
 */
export const signHead = async ({ logs, objects, keys }: LogDeps, head: LogHead): Promise<void> => {
  const { origin, range } = head;
  if (range.size === 0) return;
  // A signature of ECDSA is another one each time. Dying before the first is decided: the next run signs again, and
  // nobody saw this one. After: the one that was decided stands, whoever signed it.
  const note =
    (await logs.readCheckpoint(origin, range.size)) ??
    (await logs.decideCheckpoint(
      origin,
      range.size,
      await signCheckpoint(checkpointOf(head), [(await keys()).signer]),
    ));
  // Dying before this: the next run of this log finds the checkpoint and puts it again.
  await objects.put(note);
};
