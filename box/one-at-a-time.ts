import type { SliceReader } from './recorder.ts';

/**
 * The same recorder, asked for one slice at a time: download sessions are few, and the nursery's own people need them
 * too. A read that fails leaves the way free for the next.
 */
export const oneAtATime = ({ stability, readSlice }: SliceReader): SliceReader => {
  let last: Promise<unknown> = Promise.resolve();
  return {
    stability,
    readSlice: (camera, slice) => {
      const read = last.then(() => readSlice(camera, slice));
      last = read.catch(() => {});
      return read;
    },
  };
};
