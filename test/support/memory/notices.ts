import { UnavailableError } from '../../../shared/domain/errors.ts';
import type { Notice } from '../../../shared/domain/notices/notice.ts';
import type { NoticePublisher } from '../../../shared/ports/notice-publisher.ts';
import { logged } from './calls.ts';

export interface MemoryNotices extends NoticePublisher {
  /** What the topics took, in order; a repeat is in it twice. */
  readonly published: readonly Notice[];
  /** From now on the topics refuse notices for which this answers true; no argument = every one. */
  refuse(which?: (notice: Notice) => boolean): void;
  /** The topics are back. */
  recover(): void;
  /** Forgets what was published so far and answers it. */
  drain(): readonly Notice[];
}

/** A publisher that keeps what it was given, and can be told to fail. */
export const memoryNoticePublisher = (): MemoryNotices => {
  const published: Notice[] = [];
  let refused: (notice: Notice) => boolean = () => false;
  return logged({
    published,
    publish: async (notice) => {
      if (refused(notice)) throw new UnavailableError(`planned: topic ${notice.topic} took nothing`);
      published.push(structuredClone(notice));
    },
    refuse: (which = () => true) => {
      refused = which;
    },
    recover: () => {
      refused = () => false;
    },
    drain: () => published.splice(0),
  } satisfies MemoryNotices);
};
