import type { Facility } from '../../shared/domain/facility.ts';
import type { Incident } from '../../shared/domain/incident.ts';
import { closeBySweep } from '../../shared/domain/incidents/end.ts';
import { openAlarm, openTechnical } from '../../shared/domain/incidents/open.ts';
import { claimDue, dueNotices, markPublished } from '../../shared/domain/incidents/outbox.ts';
import type { Notice } from '../../shared/domain/notices/notice.ts';
import type { NoticeFacts } from '../../shared/domain/notices/notice-text.ts';
import { renderNotice } from '../../shared/domain/notices/render-notice.ts';
import type { AlarmReport } from '../../shared/domain/reports.ts';
import type { RulePack } from '../../shared/domain/rule-pack.ts';
import type { RuleName } from '../../shared/domain/verdict.ts';
import { packFor } from '../../shared/rule-packs/index.ts';
import { nursery } from './nursery.ts';

export const NOW_MS = Date.parse('2026-03-02T10:00:00+08:00');
export const taizhou = packFor({ division: '321202' }, NOW_MS);
export const demo = packFor({ division: '321202', pack: 'demo' }, NOW_MS);
export const national = packFor({ division: '110101' }, NOW_MS);
export const sun = nursery('sun');

/** An alarm of the nursery `sun` that came just now. */
export const alarmed = (
  over: Partial<AlarmReport> = {},
  facility: Facility | undefined = sun,
  pack = taizhou,
): Incident => {
  const report: AlarmReport = {
    id: '019cac2e-8b80-7000-8000-000000000001',
    timeMs: NOW_MS,
    ageMs: 0,
    kind: 'panic',
    area: 'play',
    confirmed: 'unknown',
    drill: false,
    ...over,
  };
  const sender = { facilityId: 'sun', box: 'b1', key: 'key', createdMs: NOW_MS, receivedMs: NOW_MS };
  return openAlarm(report, 'digest', sender, facility, pack);
};

/** A breach of the nursery `sun` that became true a minute ago. */
export const found = (rule: RuleName, subject: string, reason: string, pack: RulePack = taizhou): Incident =>
  openTechnical({ rule, subject, finding: 'breached', reason, sinceMs: NOW_MS - 60_000 }, sun, pack, NOW_MS);

/** The same told, and over. */
export const recovered = (incident: Incident): Incident => {
  const { incident: claimed, claimed: notices } = claimDue(incident, NOW_MS + 600_000);
  const told = markPublished(claimed, notices, NOW_MS + 600_000, 'watch');
  return closeBySweep(told, 'met-again', NOW_MS + 900_000, NOW_MS + 900_000).incident;
};

/** What every notice that an incident owes is made of. */
export const factsOf = (
  incident: Incident,
  facility: Facility | undefined = sun,
  pack = taizhou,
): readonly NoticeFacts[] =>
  dueNotices(incident, Number.POSITIVE_INFINITY).map((pending) => ({ incident, pending, facility, pack }));

/** Every notice that an incident owes, as its receivers get it. */
export const noticesOf = (incident: Incident, facility?: Facility, pack?: RulePack): readonly Notice[] =>
  factsOf(incident, facility, pack).map(renderNotice);

export const noticeTo = (department: string, incident: Incident, facility?: Facility, pack?: RulePack): Notice => {
  const notice = noticesOf(incident, facility, pack).find(({ recipient }) => recipient.department === department);
  if (notice === undefined) throw new Error(`nothing for ${department}`);
  return notice;
};
