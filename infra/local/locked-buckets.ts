import { createHash } from 'node:crypto';

/** What a put to a bucket comes to before the engine is asked: it goes on, or S3 refuses it. */
export type PutVerdict = 'goes-on' | { readonly status: number; readonly code: string; readonly message: string };

export interface ObjectPut {
  readonly bucket: string;
  /** Path of the object as it was asked for. */
  readonly path: string;
  readonly body: Uint8Array;
  /** `if-none-match: *`. */
  readonly onlyIfAbsent: boolean;
}

export interface LockedBuckets {
  readonly names: ReadonlySet<string>;
  /** Runs one put after another on each object: everything that is put passes through here, so that "absent" stays so. */
  inTurn<T>(path: string, put: () => Promise<T>): Promise<T>;
  verdictOn(put: ObjectPut): Promise<PutVerdict>;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/**
 * Object Lock and conditional puts, which the emulator would accept and not keep. The buckets of this machine have no
 * versions: where the cloud would put other bytes beside a locked version, the put is refused here.
 */
export const lockedBuckets = (
  names: ReadonlySet<string>,
  read: (path: string) => Promise<Uint8Array | undefined>,
): LockedBuckets => {
  const last = new Map<string, Promise<unknown>>();
  return {
    names,
    inTurn: (path, put) => {
      const turn = (last.get(path) ?? Promise.resolve()).then(put, put);
      last.set(path, turn);
      const forget = () => {
        if (last.get(path) === turn) last.delete(path);
      };
      turn.then(forget, forget);
      return turn;
    },
    verdictOn: async ({ bucket, path, body, onlyIfAbsent }) => {
      if (!onlyIfAbsent && !names.has(bucket)) return 'goes-on';
      const there = await read(path);
      if (there === undefined) return 'goes-on';
      if (onlyIfAbsent) {
        const message = 'At least one of the pre-conditions you specified did not hold';
        return { status: 412, code: 'PreconditionFailed', message };
      }
      if (sha256(there) === sha256(body)) return 'goes-on';
      return { status: 403, code: 'AccessDenied', message: 'Access Denied because object protected by object lock.' };
    },
  };
};
