import type { ChallengesQuery, ChallengesView } from '../../contracts/audit-questions.ts';
import type { Person } from '../../domain/access.ts';
import type { Challenge } from '../../domain/challenges/challenge.ts';
import { challengeAssumptions, oddsText, stratumWords } from '../../domain/challenges/odds-text.ts';
import { outcomeOf } from '../../domain/challenges/settle.ts';
import { writeInstant } from '../../domain/instants.ts';
import { daysToRead } from '../../domain/retention.ts';
import { owingCameras } from '../../domain/retention-verdict.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import { inBatches } from '../in-batches.ts';
import { facilityFor } from '../read-facility.ts';
import { asOfMs } from './as-of.ts';
import { outcomeWords, stabilityWords } from './audit-words.ts';
import { type ChallengeReads, challengeVerdict } from './challenge-verdict.ts';
import { facilityColumns, facilityHead } from './facility-columns.ts';
import { challengesVerdictOf } from './judge-retention.ts';
import { type Column, coded, type Sheet } from './sheet.ts';
import type { AuditReads } from './stores.ts';

export type ChallengesDeps = Pick<AuditReads, 'registry' | 'packFor' | 'clock'> &
  ChallengeReads & {
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
  const { fromDay, toDay } = daysToRead(facility, pack, nowMs);
  const cameras = await inBatches(owingCameras(facility, pack, nowMs), READ_AT_ONCE, async (camera) => ({
    camera,
    held: await deps.records.heldDays(facility.id, camera.id, fromDay, toDay),
  }));
  const { asked, verdict } = await challengeVerdict(deps, facility, pack, cameras, nowMs);
  return {
    ...facilityHead(facility, nowMs),
    zone: facility.calendar.zone,
    ...challengesVerdictOf(verdict),
    draws: { ...verdict.draws },
    sealed: { ...verdict.sealed },
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
  { heading: '抽查的小时 hour', value: ({ item }) => item.hour, is: 'instant' },
  coded('抽样层 stratum', ({ item }) => item.stratum, stratumWords),
  coded('字节稳定性 stability', ({ item }) => item.stability, stabilityWords),
  { heading: '提问时间 asked at', value: ({ item }) => item.askedAt, is: 'instant' },
  { heading: '应答期限 answer by', value: ({ item }) => item.answerBy, is: 'instant' },
  coded('结果 outcome', ({ item }) => item.outcome, outcomeWords),
  { heading: '结果时间 at', value: ({ item }) => item.at ?? null, is: 'instant' },
  { heading: '迟答 late', value: ({ item }) => item.late ?? null },
];

/** The same as lines, one per challenge. */
export const challengesSheet = (view: ChallengesView): Sheet<ChallengeLine> => ({
  name: { zh: '录像抽查', en: 'Challenges' },
  columns,
  rows: view.items.map((item) => ({ view, item })),
});
