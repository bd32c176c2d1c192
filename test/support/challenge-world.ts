import { answerChallenge, type SealedHour, sealHour } from '../../box/challenges.ts';
import type { SliceReader } from '../../box/recorder.ts';
import {
  type SimulatedRecorder,
  type SimulatedRecorderOptions,
  simulateRecorder,
} from '../../box/simulated-recorder.ts';
import { type DrawDependencies, makeDrawChallenges } from '../../functions/draw-challenges/draw-challenges.ts';
import { makeMonthKeys } from '../../functions/draw-challenges/month-keys.ts';
import { makeReceiveChallenge } from '../../functions/receive-challenges/receive-challenges.ts';
import { makeAskBox, rememberKeys } from '../../functions/receive-recordings/ask-box.ts';
import { makeKeepTokens } from '../../functions/receive-recordings/keep-tokens.ts';
import { makeReceiveRecording } from '../../functions/receive-recordings/receive-recordings.ts';
import type { ChallengeAnswer, ChallengeQuestion } from '../../shared/domain/challenges/challenge.ts';
import { usualPolicy } from '../../shared/domain/challenges/policy.ts';
import { addDays, civilDayOf } from '../../shared/domain/civil-day.ts';
import type { ChallengeReport } from '../../shared/domain/reports.ts';
import type { TakenReport } from '../../shared/domain/taken-report.ts';
import { DAY_MS, HOUR_MS, hourFrom } from '../../shared/domain/time.ts';
import { packFor } from '../../shared/rule-packs/index.ts';
import type { Told } from '../../shared/runtime/receive-reports.ts';
import { makeKeepEvidence } from '../../shared/use-cases/keep-evidence.ts';
import { failing, memoryChallengeKeys, type RunningPlan } from './memory-stores.ts';
import { Timeline } from './timeline.ts';

/** Midnight in Shanghai. */
export const START_MS = Date.parse('2026-11-10T00:00:00+08:00');
export const CAMERA = 'c1';
const HOURS = 24;

/** A nursery whose one camera has filmed one day, each hour of it sealed, and the use cases of challenges around it. */
export class ChallengeWorld {
  readonly day = new Timeline(START_MS);
  readonly keys = memoryChallengeKeys();
  readonly lostKeys: string[] = [];
  readonly recorder: SimulatedRecorder;
  readonly #askBox = makeAskBox({
    ...this.day.kept,
    challenges: { ...this.day.kept.challenges, publishedKeys: rememberKeys(this.day.kept.challenges) },
  });

  constructor(over: Partial<SimulatedRecorderOptions> = {}) {
    const cameras = [{ id: CAMERA, installedAtMs: START_MS }];
    this.recorder = simulateRecorder({ cameras, keepsMs: 95 * DAY_MS, nowMs: this.day.clock, ...over });
  }

  async register(): Promise<void> {
    const camera = { id: CAMERA, box: 'b1', areas: ['play'], installedAtMs: START_MS };
    const areas = [{ id: 'play', name: { zh: '活动室', en: 'Playroom' }, floor: 1, activity: false }];
    await this.day.register('sun', { areas, cameras: [camera] });
    await this.day.kept.registry.putKey('sun', 'b1', this.day.sender('sun').key);
  }

  /** What draws, over stores that may die by a plan. Each is an instance of its own. */
  drawing(plan?: RunningPlan): (day?: string) => Promise<void> {
    const through = <T extends object>(store: T): T => (plan ? failing(store, plan) : store);
    const { challenges, records, registry, vitals } = this.day.kept;
    const lost = (keyId: string): void => {
      this.lostKeys.push(keyId);
    };
    const policy = usualPolicy(90);
    const keys = { keys: through(this.keys), challenges: through(challenges), policy, lost };
    const evidence = through(this.day.evidence);
    const deps: DrawDependencies = {
      challenges: through(challenges),
      records: through(records),
      registry: through(registry),
      vitals: through(vitals),
      monthKeys: makeMonthKeys(keys),
      keepEvidence: makeKeepEvidence({
        putEvidence: (record) => evidence.put(record),
        freshSalt: () => new Uint8Array(32).fill(1),
      }),
      packFor,
      clock: this.day.clock,
      lost,
    };
    return (day = this.yesterday()) => makeDrawChallenges(deps)({ facility: 'sun', day });
  }

  draw(day?: string): Promise<void> {
    return this.drawing()(day);
  }

  yesterday(): string {
    return addDays(civilDayOf(this.day.nowMs, 'Asia/Shanghai'), -1);
  }

  /** What the answer to a recording report tells the box now. */
  told(): Promise<Told> {
    return this.#askBox(this.day.sender('sun'));
  }

  /** The questions as a box reads them. */
  async questions(): Promise<readonly ChallengeQuestion[]> {
    return (await this.told()).challenges.map(({ id, camera, from, to, answerBy, key }) => ({
      id,
      camera,
      slice: { fromMs: Date.parse(from), toMs: Date.parse(to) },
      answerByMs: Date.parse(answerBy),
      ...(key !== undefined && { key }),
    }));
  }

  /** The box films and reports one hour, sealed by what it was told, or as the caller says. */
  async film(hourMs: number, reader: SliceReader = this.recorder, sealed?: SealedHour): Promise<TakenReport> {
    this.day.nowMs = hourMs + HOUR_MS;
    const recorded = [hourFrom(hourMs)];
    const { sealTo } = await this.told();
    if (sealTo === undefined) throw new Error('no key to seal to');
    const to = { keyId: sealTo.keyId, publicKey: new Uint8Array(Buffer.from(sealTo.publicKey, 'base64url')) };
    const subject = { facilityId: 'sun', camera: CAMERA, hourMs };
    const seal = sealed ?? (await sealHour(reader, subject, recorded, to));
    const id = this.day.id();
    const report = { id, timeMs: this.day.nowMs, ageMs: 0, camera: CAMERA, hourMs, recorded, ...challengeOf(seal) };
    const sender = this.day.sender('sun');
    await makeKeepTokens(this.day.kept)(sender, [report]);
    return makeReceiveRecording({ ...this.day.kept, packFor })(sender, report, id);
  }

  /** A first draw makes the key; then one whole day is filmed, or its first hours. */
  async filmADay(reader?: SliceReader, hours = HOURS): Promise<void> {
    await this.register();
    await this.draw();
    for (let hour = 0; hour < hours; hour += 1) await this.film(START_MS + hour * HOUR_MS, reader);
  }

  /** So many days after the day that was filmed, a quarter past midnight. */
  daysLater(days: number): void {
    this.day.nowMs = START_MS + (days + 1) * DAY_MS + 15 * 60_000;
  }

  answer(answer: ChallengeAnswer, over: Partial<ChallengeReport> = {}, box = 'b1'): Promise<TakenReport> {
    const { id: challenge, ...said } = answer;
    const base = { id: this.day.id(), timeMs: this.day.nowMs, ageMs: 0, challenge };
    const report = { ...base, ...said, ...over } as ChallengeReport;
    const { id: _id, ...content } = report;
    const sender = this.day.sender('sun', box);
    return makeReceiveChallenge({ ...this.day.kept, packFor })(sender, report, JSON.stringify(content));
  }

  /** The box answers all that it is asked, from what it reads. */
  async answerAll(reader: SliceReader = this.recorder): Promise<readonly TakenReport[]> {
    const answered: TakenReport[] = [];
    for (const question of await this.questions()) {
      answered.push(await this.answer(await answerChallenge(reader, question)));
    }
    return answered;
  }

  fold() {
    return this.day.kept.vitals.rows.facilities.get('sun')?.challenges;
  }

  asked() {
    return [...this.day.kept.challenges.kept.challenges.values()];
  }
}

const challengeOf = (seal: SealedHour) => {
  if (seal.is === 'sealed') {
    return { challenge: { mode: 'byte-stable', token: Buffer.from(seal.token).toString('base64url') } } as const;
  }
  return seal.is === 'presence-only' ? ({ challenge: { mode: 'presence-only' } } as const) : {};
};
