import type { ChallengesQuery, ChallengesView } from '../../contracts/audit-questions.ts';
import type { Person } from '../../domain/access.ts';
import { challengesAsOf } from '../../domain/challenges/as-of.ts';
import type { Challenge } from '../../domain/challenges/challenge.ts';
import { challengeAssumptions, oddsText, stratumWords } from '../../domain/challenges/odds-text.ts';
import { sealedOf } from '../../domain/challenges/owed-hours.ts';
import { usualPolicy } from '../../domain/challenges/policy.ts';
import { outcomeOf } from '../../domain/challenges/settle.ts';
import { judgeChallenges, type Sealed } from '../../domain/challenges/verdict.ts';
import type { Facility } from '../../domain/facility.ts';
import { writeInstant } from '../../domain/instants.ts';
import { daysToRead } from '../../domain/retention.ts';
import { owingCameras } from '../../domain/retention-verdict.ts';
import type { RulePack } from '../../domain/rule-pack.ts';
import { DAY_MS } from '../../domain/time.ts';
import type { ChallengeStore } from '../../ports/challenge-store.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import { inBatches } from '../in-batches.ts';
import { facilityFor } from '../read-facility.ts';
import { asOfMs } from './as-of.ts';
import { facilityColumns } from './facility-columns.ts';
import type { Column, Sheet } from './sheet.ts';
import type { AuditReads } from './stores.ts';

export type ChallengesDeps = Pick<AuditReads, 'registry' | 'packFor' | 'clock'> & {
  readonly challenges: Pick<ChallengeStore, 'challengesSince'>;
  readonly records: Pick<RecordStore, 'heldDays'>;
};

const READ_AT_ONCE = 10;

type Item = ChallengesView['items'][number];

const itemOf = (challenge: Challenge, nowMs: number): Item => {
  const outcome = outcomeOf(challenge, nowMs);
  return {
    challenge: challenge.id,
    camera: challenge.camera,
    hour: writeInstant(challenge.hourMs),
    stratum: challenge.stratum,
    stability: challenge.stability,
    askedAt: writeInstant(challenge.askedAtMs),
    answerBy: writeInstant(challenge.answerByMs),
    outcome: outcome.is,
    ...('atMs' in outcome && { at: writeInstant(outcome.atMs) }),
    ...('late' in outcome && { late: outcome.late }),
  };
};

/** How much of what must be held could have been drawn, counted as the sealing of a day counts it. */
const sealedAsOf = async (
  { records }: ChallengesDeps,
  facility: Facility,
  pack: RulePack,
  nowMs: number,
): Promise<Sealed> => {
  const { fromDay, toDay } = daysToRead(facility, pack, nowMs);
  const cameras = await inBatches(owingCameras(facility, pack, nowMs), READ_AT_ONCE, async (camera) => ({
    camera,
    held: await records.heldDays(facility.id, camera.id, fromDay, toDay),
  }));
  return sealedOf(cameras, facility, pack, nowMs);
};

/** What a facility was asked to show without warning, what came of it, and what that is worth. */
export const facilityChallenges = async (
  deps: ChallengesDeps,
  person: Person,
  facilityId: string,
  query: ChallengesQuery,
): Promise<ChallengesView> => {
  const facility = await facilityFor(deps.registry, person, 'read-retention', facilityId);
  const nowMs = asOfMs(query.asOf, deps.clock());
  const pack = deps.packFor(facility, nowMs);
  const days = pack.thresholds.retentionDays.value;
  // A failure counts until its footage need not be held any more: it was asked for within that time.
  const kept = await deps.challenges.challengesSince(facility.id, nowMs - (days + 1) * DAY_MS);
  const asked = challengesAsOf(
    kept.map(({ challenge }) => challenge),
    nowMs,
  );
  const sealed = await sealedAsOf(deps, facility, pack, nowMs);
  const verdict = judgeChallenges(asked, sealed, usualPolicy(days), nowMs);
  return {
    facility: facility.id,
    name: facility.name,
    division: facility.division,
    asOf: writeInstant(nowMs),
    zone: facility.calendar.zone,
    state: verdict.state,
    reason: verdict.reason,
    ...(verdict.state === 'breached' && { since: writeInstant(verdict.sinceMs) }),
    outcomes: { ...verdict.outcomes },
    draws: { ...verdict.draws },
    sealed: { ...sealed },
    odds: oddsText(verdict.draws),
    assumptions: [...challengeAssumptions],
    items: asked.toSorted((a, b) => b.askedAtMs - a.askedAtMs).map((challenge) => itemOf(challenge, nowMs)),
  };
};

export interface ChallengeLine {
  readonly view: ChallengesView;
  readonly item: Item;
}

const columns: readonly Column<ChallengeLine>[] = [
  ...facilityColumns,
  { heading: '抽查编号 challenge', value: ({ item }) => item.challenge },
  { heading: '摄像头 camera', value: ({ item }) => item.camera },
  { heading: '抽查的小时 hour', value: ({ item }) => item.hour },
  { heading: '抽样层 stratum', value: ({ item }) => item.stratum },
  { heading: '抽样层名称 stratum (zh)', value: ({ item }) => stratumWords[item.stratum].zh },
  { heading: '字节稳定性 stability', value: ({ item }) => item.stability },
  { heading: '提问时间 asked at', value: ({ item }) => item.askedAt },
  { heading: '应答期限 answer by', value: ({ item }) => item.answerBy },
  { heading: '结果 outcome', value: ({ item }) => item.outcome },
  { heading: '结果时间 at', value: ({ item }) => item.at },
  { heading: '迟答 late', value: ({ item }) => item.late },
];

/** The same as lines, one per challenge. */
export const challengesSheet = (view: ChallengesView): Sheet<ChallengeLine> => ({
  name: { zh: '录像抽查', en: 'Challenges' },
  columns,
  rows: view.items.map((item) => ({ view, item })),
});
