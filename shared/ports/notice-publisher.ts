import type { Notice } from '../domain/notices/notice.ts';

export interface NoticePublisher {
  /** Resolves when SNS took it. Throws `UnavailableError` otherwise; publishing again is harmless (same notice id). */
  publish(notice: Notice): Promise<void>;
}
