import { SECOND_MS } from '../shared/domain/time.ts';
import type { SliceRead, SliceReader } from './recorder.ts';

/** Ten seconds of film come within seconds. A recorder that never answers must not hold up every hour to come. */
const LONGEST_READ_MS = 30 * SECOND_MS;

/**
 * The same recorder, asked for one slice at a time: download sessions are few, and the nursery's own people need them
 * too. A read that fails, or gives nothing for half a minute (`busy`), leaves the way free for the next.
 */
export const oneAtATime = ({ stability, readSlice }: SliceReader): SliceReader => {
  let last: Promise<unknown> = Promise.resolve();
  return {
    stability,
    readSlice: (camera, slice) => {
      const read = last.then(() => orBusy(readSlice(camera, slice)));
      last = read.catch(() => {});
      return read;
    },
  };
};

const orBusy = async (read: Promise<SliceRead>): Promise<SliceRead> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<SliceRead>((resolve) => {
    timer = setTimeout(() => resolve({ is: 'busy' }), LONGEST_READ_MS);
  });
  try {
    return await Promise.race([read, late]);
  } finally {
    clearTimeout(timer);
  }
};
