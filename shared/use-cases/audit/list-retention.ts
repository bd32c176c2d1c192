import type { FacilityVerdict, RetentionBasis, RetentionPage, RetentionQuery } from '../../contracts/audit.ts';
import type { Person } from '../../domain/access.ts';
import { writeInstant } from '../../domain/instants.ts';
import { inBatches } from '../in-batches.ts';
import { listFacilitiesFor } from '../list-facilities.ts';
import { asOfMs, queryInvalid } from './as-of.ts';
import { outcomeWords, reasonIn, standingWords, stateWords } from './audit-words.ts';
import { facilityVerdictOf, judgeRetention } from './judge-retention.ts';
import { type Column, coded, type Sheet } from './sheet.ts';
import type { AuditReads } from './stores.ts';

/** Every camera of a facility is 90 days of records: fewer facilities per page than other lists have. */
const USUAL_PAGE = 20;
/** One answer holds so many facilities; more are asked for county by county. */
const MOST_IN_ONE = 500;
const JUDGED_AT_ONCE = 4;

const pageOf = async (
  deps: AuditReads,
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
  const judged = await inBatches(there, JUDGED_AT_ONCE, async (facility) =>
    facilityVerdictOf(await judgeRetention(deps, facility, nowMs), nowMs),
  );
  const verdicts = judged.filter((one) => one !== undefined);
  const items = verdicts.filter((one) => show === 'all' || one.state !== 'held');
  return { items, lookedAt: page.items.length, ...(page.cursor !== undefined && { cursor: page.cursor }) };
};

/** Facilities that cannot show their recordings (or all), and which of their cameras cannot, and why. */
export const listRetention = async (
  deps: AuditReads,
  person: Person,
  query: RetentionQuery,
): Promise<RetentionPage> => {
  const nowMs = asOfMs(query.asOf, deps.clock());
  const { items, cursor } = await pageOf(deps, person, query, nowMs);
  return { items, asOf: writeInstant(nowMs), ...(cursor !== undefined && { cursor }) };
};

export interface RetentionLine {
  readonly asOf: string;
  /** As of this instant everybody was judged, who is not in the list too. */
  readonly judgedTo: string;
  readonly facility: FacilityVerdict;
  readonly camera: FacilityVerdict['cameras'][number] | undefined;
}

const outcomeSum = (outcome: keyof typeof outcomeWords): Column<RetentionLine> => ({
  heading: `抽查：${outcomeWords[outcome].zh}（次） challenges: ${outcomeWords[outcome].en}`,
  value: ({ facility }) => facility.challenges?.outcomes[outcome],
});

const columns: readonly Column<RetentionLine>[] = [
  { heading: '截至时间 as of', value: ({ asOf }) => asOf, is: 'instant' },
  { heading: '行政区划 division', value: ({ facility }) => facility.division },
  { heading: '机构编号 facility', value: ({ facility }) => facility.facility },
  { heading: '机构名称 name (zh)', value: ({ facility }) => facility.name.zh },
  { heading: '英文名称 name (en)', value: ({ facility }) => facility.name.en },
  coded('机构状态 standing', ({ facility }) => facility.standing, standingWords),
  { heading: '曾经接入 ever connected', value: ({ facility }) => facility.connected },
  { heading: '应保存天数 required days', value: ({ facility }) => facility.requiredDays },
  { heading: '摄像头 camera', value: ({ camera }) => camera?.camera ?? null },
  { heading: '安装时间 installed at', value: ({ camera }) => camera?.installedAt ?? null, is: 'instant' },
  coded('结论 state', ({ facility, camera }) => (camera ?? facility).state, stateWords),
  coded('原因 reason', ({ facility, camera }) => (camera ?? facility).reason, reasonIn),
  { heading: '可回溯天数 depth in days', value: ({ camera }) => (camera === undefined ? null : camera.depthDays) },
  { heading: '缺失秒数 missing seconds', value: ({ camera }) => (camera === undefined ? null : camera.missingSeconds) },
  // Only where the exact answer was asked for.
  { heading: '应保存毫秒 required ms', value: ({ camera }) => camera?.exact?.requiredMs ?? null },
  { heading: '丢失毫秒 lost ms', value: ({ camera }) => camera?.exact?.lostMs ?? null },
  { heading: '未知毫秒 unknown ms', value: ({ camera }) => camera?.exact?.unknownMs ?? null },
  { heading: '仅声明毫秒 declared ms', value: ({ camera }) => camera?.exact?.declaredMs ?? null },
  {
    heading: '最早丢失起 first lost from',
    value: ({ camera }) => camera?.exact?.firstLost?.from ?? null,
    is: 'instant',
  },
  { heading: '最早丢失止 first lost to', value: ({ camera }) => camera?.exact?.firstLost?.to ?? null, is: 'instant' },
  // A facility may fail a challenge while every camera says that it holds all.
  coded('机构结论 facility state', ({ facility }) => facility.state, stateWords),
  coded('机构原因 facility reason', ({ facility }) => facility.reason, reasonIn),
  coded('抽查结论 challenges state', ({ facility }) => facility.challenges?.state, stateWords),
  coded('抽查原因 challenges reason', ({ facility }) => facility.challenges?.reason, reasonIn),
  ...(['mismatch', 'not-found', 'unanswered'] as const).map(outcomeSum),
  { heading: '说明 sentence (zh)', value: ({ facility }) => facility.sentence?.zh ?? null },
  { heading: '英文说明 sentence (en)', value: ({ facility }) => facility.sentence?.en ?? null },
  { heading: '全部机构已核查至 everybody judged as of', value: ({ judgedTo }) => judgedTo, is: 'instant' },
];

/** A list as lines, one per camera. */
export const retentionSheet = (
  items: readonly FacilityVerdict[],
  asOf: string,
  { judgedTo = asOf }: Pick<RetentionBasis, 'judgedTo'> = {},
): Sheet<RetentionLine> => ({
  name: { zh: '录像保存核查', en: 'Retention' },
  columns,
  rows: items.flatMap((facility) =>
    (facility.cameras.length === 0 ? [undefined] : facility.cameras).map((camera) => ({
      asOf,
      judgedTo,
      facility,
      camera,
    })),
  ),
});

/** How far a list reaches, and what it cannot know: for whoever has it as a file, an empty one above all. */
export const reachSheet = ({
  judgedTo,
  sentence,
}: RetentionBasis): Sheet<Pick<RetentionBasis, 'judgedTo' | 'sentence'>> => ({
  name: { zh: '核查范围', en: 'Reach' },
  columns: [
    { heading: '全部机构已核查至 everybody judged as of', value: (one) => one.judgedTo ?? null, is: 'instant' },
    { heading: '说明 sentence (zh)', value: (one) => one.sentence?.zh ?? null },
    { heading: '英文说明 sentence (en)', value: (one) => one.sentence?.en ?? null },
  ],
  rows: sentence === undefined ? [] : [{ ...(judgedTo !== undefined && { judgedTo }), sentence }],
});

/** The whole list, whatever page is asked for. Throws `InvalidInputError` if that is too much for one answer. */
export const wholeRetention = async (
  deps: AuditReads,
  person: Person,
  { cursor: _asked, limit: _limit, ...query }: RetentionQuery,
): Promise<Omit<RetentionPage, 'cursor'>> => {
  const nowMs = asOfMs(query.asOf, deps.clock());
  const items: FacilityVerdict[] = [];
  let lookedAt = 0;
  let cursor: string | undefined;
  do {
    const page = await pageOf(deps, person, { ...query, ...(cursor !== undefined && { cursor }) }, nowMs);
    items.push(...page.items);
    lookedAt += page.lookedAt;
    cursor = page.cursor;
    if (lookedAt > MOST_IN_ONE) {
      throw queryInvalid('/division', `has more than ${MOST_IN_ONE} facilities: ask for a narrower one`);
    }
  } while (cursor !== undefined);
  return { items, asOf: writeInstant(nowMs) };
};
