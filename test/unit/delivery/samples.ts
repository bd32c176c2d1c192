import type { Delivery } from '../../../shared/domain/delivery/delivery.ts';
import type { MergedNotice } from '../../../shared/domain/delivery/merge-notices.ts';
import { MINUTE_MS } from '../../../shared/domain/time.ts';

export const NOW = Date.parse('2026-03-02T10:00:00+08:00');
export const LINK = 'https://city.example/a/lookup-';

/** A technical notice among others. */
export const noticeNumber = (n: number): MergedNotice => {
  const zh = ['监控系统停止运行', `地点：第${n}托育园；区域：活动室`, '起始：2026-03-02 10:00:00', '现在做什么'].join(
    '\n',
  );
  const en = ['The monitoring system stopped', `Where: nursery ${n}`, 'Since: 2026-03-02 10:00:00', 'Do now'].join(
    '\n',
  );
  return {
    kind: 'opened',
    about: 'monitoring-running',
    duty: 'act',
    rung: 0,
    openedAtMs: NOW - MINUTE_MS,
    zh,
    en,
    incidentId: `incident-${n}`,
    message: {
      id: `notice-${n}`,
      lane: 'technical',
      drill: false,
      subjectLine: '[Cradlewatch] technical',
      text: `${zh}\n\n${en}`,
      shortText: `监控系统停止运行 第${n}托育园。请处置并答复`,
      link: `${LINK}${n}`,
      data: { notice: `notice-${n}`, about: 'monitoring-running' },
    },
  };
};

export const delivery = (over: Partial<Delivery> = {}): Delivery => ({
  incidentId: 'i',
  noticeId: 'i/0/police/opened',
  post: 'police~321202',
  contact: 'desk',
  department: 'police',
  duty: 'act',
  lane: 'technical',
  kind: 'opened',
  rung: 0,
  state: 'owed',
  createdAtMs: NOW,
  attempts: [],
  attemptCount: 0,
  dueAtMs: NOW,
  revision: 1,
  ...over,
});
