import type { FacilityVerdict, RetentionPage, RetentionQuery } from '../../shared/contracts/audit.ts';
import { writeInstant } from '../../shared/contracts/wire.ts';
import type { Person } from '../../shared/domain/access.ts';
import { scopeOf } from '../../shared/domain/authorize.ts';
import type { Answer } from '../../shared/runtime/dispatch.ts';
import { listFacilitiesFor } from '../../shared/use-cases/list-facilities.ts';
import { asOfMs, queryInvalid } from './as-of.ts';
import { type Column, csvOf } from './csv.ts';
import { answerCsv, type Covers } from './exports.ts';
import { facilityVerdictOf, judgeRetention } from './judge-retention.ts';
import type { AuditDeps } from './stores.ts';

/** Every camera of a facility is 90 days of records: fewer facilities per page than other lists have. */
const USUAL_PAGE = 20;
/** One CSV holds so many facilities; more are asked for county by county. */
const MOST_IN_CSV = 500;
const JUDGED_AT_ONCE = 4;

const pageOf = async (
  deps: AuditDeps,
  person: Person,
  { division, limit = USUAL_PAGE, cursor, show }: RetentionQuery,
  nowMs: number,
): Promise<{ readonly items: FacilityVerdict[]; readonly cursor?: string; readonly lookedAt: number }> => {
  const page = await listFacilitiesFor(deps.registry, person, 'read-retention', {
    limit,
    ...(division !== undefined && { division }),
    ...(cursor !== undefined && { cursor }),
  });
  // Who was registered later was not there.
  const there = page.items.filter(({ registeredAtMs }) => registeredAtMs <= nowMs);
  const items: FacilityVerdict[] = [];
  for (let at = 0; at < there.length; at += JUDGED_AT_ONCE) {
    const some = there.slice(at, at + JUDGED_AT_ONCE).map((facility) => judgeRetention(deps, facility, nowMs));
    const verdicts = (await Promise.all(some)).map((judged) => facilityVerdictOf(judged, nowMs));
    items.push(...verdicts.filter((one) => one !== undefined).filter((one) => show === 'all' || one.state !== 'held'));
  }
  return { items, lookedAt: page.items.length, ...(page.cursor !== undefined && { cursor: page.cursor }) };
};

/** Facilities that cannot show their recordings (or all), and which of their cameras cannot, and why. */
export const listRetention = async (deps: AuditDeps, person: Person, query: RetentionQuery): Promise<RetentionPage> => {
  const nowMs = asOfMs(query.asOf, deps.clock());
  const { items, cursor } = await pageOf(deps, person, query, nowMs);
  return { items, asOf: writeInstant(nowMs), ...(cursor !== undefined && { cursor }) };
};

interface Line {
  readonly asOf: string;
  readonly facility: FacilityVerdict;
  readonly camera: FacilityVerdict['cameras'][number] | undefined;
}

const columns: readonly Column<Line>[] = [
  { heading: '截至时间 as of', value: ({ asOf }) => asOf },
  { heading: '行政区划 division', value: ({ facility }) => facility.division },
  { heading: '机构编号 facility', value: ({ facility }) => facility.facility },
  { heading: '机构名称 name (zh)', value: ({ facility }) => facility.name.zh },
  { heading: '英文名称 name (en)', value: ({ facility }) => facility.name.en },
  { heading: '机构状态 standing', value: ({ facility }) => facility.standing },
  { heading: '曾经接入 ever connected', value: ({ facility }) => facility.connected },
  { heading: '应保存天数 required days', value: ({ facility }) => facility.requiredDays },
  { heading: '摄像头 camera', value: ({ camera }) => camera?.camera },
  { heading: '安装时间 installed at', value: ({ camera }) => camera?.installedAt },
  { heading: '结论 state', value: ({ facility, camera }) => (camera ?? facility).state },
  { heading: '原因 reason', value: ({ facility, camera }) => (camera ?? facility).reason },
  { heading: '可回溯天数 depth in days', value: ({ camera }) => camera?.depthDays },
  { heading: '缺失秒数 missing seconds', value: ({ camera }) => camera?.missingSeconds },
];

const linesOf = (facility: FacilityVerdict, asOf: string): readonly Line[] =>
  facility.cameras.length === 0
    ? [{ asOf, facility, camera: undefined }]
    : facility.cameras.map((camera) => ({ asOf, facility, camera }));

const coversOf = (person: Person, { division }: RetentionQuery, items: readonly FacilityVerdict[]): Covers => {
  const { divisions, facilityIds } = scopeOf(person, 'read-retention', division);
  const single = items.filter(({ facility }) => facilityIds.includes(facility));
  return {
    action: 'read-retention',
    divisions: [...divisions],
    facilities: single.map(({ facility, division: of }) => ({ facilityId: facility, division: of })),
  };
};

/** The same as CSV, whole, one line per camera. Throws `InvalidInputError` if that is too much for one file. */
export const exportRetention = async (deps: AuditDeps, person: Person, query: RetentionQuery): Promise<Answer> => {
  const nowMs = asOfMs(query.asOf, deps.clock());
  const items: FacilityVerdict[] = [];
  let lookedAt = 0;
  let cursor = query.cursor;
  do {
    const page = await pageOf(deps, person, { ...query, ...(cursor !== undefined && { cursor }) }, nowMs);
    items.push(...page.items);
    lookedAt += page.lookedAt;
    cursor = page.cursor;
    if (lookedAt > MOST_IN_CSV) {
      throw queryInvalid('/division', `has more than ${MOST_IN_CSV} facilities: ask for a narrower one`);
    }
  } while (cursor !== undefined);
  const lines = items.flatMap((item) => linesOf(item, writeInstant(nowMs)));
  return answerCsv(deps, person, coversOf(person, query, items), csvOf(columns, lines), 'retention');
};
