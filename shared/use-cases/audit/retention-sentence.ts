import { civilTimeOf } from '../../domain/civil-day.ts';
import type { BilingualName, Camera } from '../../domain/facility.ts';
import type { CameraRetention } from '../../domain/retention-verdict.ts';
import type { Interval } from '../../domain/time.ts';
import { challengesAgainst, onReportsAlone, type SaidOfChallenges } from './challenge-words.ts';
import { lengthOf } from './length-words.ts';

/** What is said of one camera, to the millisecond. */
export interface SaidOfCamera {
  readonly camera: Camera;
  readonly state: CameraRetention['state'];
  readonly reason: CameraRetention['reason'];
  /** Whole days that its recorder says that it reaches back. */
  readonly reachesDays?: number;
  readonly lostMs: number;
  readonly unknownMs: number;
  readonly firstLost?: Interval;
}

const names = (cameras: readonly SaidOfCamera[]): BilingualName => {
  const ids = cameras.map(({ camera }) => camera.id).sort();
  return { zh: ids.join('、'), en: ids.join(', ') };
};

const sum = (cameras: readonly SaidOfCamera[], of: 'lostMs' | 'unknownMs'): BilingualName =>
  lengthOf(Math.round(cameras.reduce((ms, one) => ms + one[of], 0) / 1_000));

/** What is said of a facility as a whole. */
export interface SaidOfFacility {
  readonly requiredDays: number;
  /** By whose clock instants are told. */
  readonly zone: string;
  readonly challenges: SaidOfChallenges;
}

type Part = (cameras: readonly SaidOfCamera[], about: SaidOfFacility) => BilingualName;

/** As the clock on the wall of the facility showed it, to the minute. */
const wallTime = (ms: number, zone: string): string => {
  const { day, time } = civilTimeOf(ms, zone);
  return `${day} ${time}`;
};

const parts: Readonly<Record<Exclude<CameraRetention['reason'], 'held'>, Part>> = {
  'never-connected': () => ({ zh: '从未接入，没有任何录像报告', en: 'never connected, so nothing was shown' }),
  'recorder-keeps-less': (cameras, { requiredDays }) => {
    const least = Math.min(...cameras.map(({ reachesDays }) => reachesDays ?? 0));
    const of = names(cameras);
    return {
      zh: `录像设备应保存${requiredDays}天，仅保存${least}天（${of.zh}）`,
      en: `recorder keeps ${least} of ${requiredDays} days (${of.en})`,
    };
  },
  'time-missing': (cameras, { zone }) => {
    const [of, lost] = [names(cameras), sum(cameras, 'lostMs')];
    const first = Math.min(...cameras.flatMap(({ firstLost }) => firstLost?.fromMs ?? []));
    const since = Number.isFinite(first) ? wallTime(first, zone) : undefined;
    return {
      zh: `应保存的录像丢失${lost.zh}（${of.zh}${since ? `，最早自${since}起` : ''}）`,
      en: `${lost.en} of what must be kept are lost (${of.en}${since ? `, the first at ${since}` : ''})`,
    };
  },
  'never-reported': (cameras) => {
    const of = names(cameras);
    return { zh: `摄像头从未报告录像（${of.zh}）`, en: `nothing was ever reported of ${of.en}` };
  },
  'depth-unknown': (cameras) => {
    const of = names(cameras);
    return {
      zh: `录像设备未说明可回溯多久（${of.zh}）`,
      en: `the recorder never said how far it reaches back (${of.en})`,
    };
  },
  'no-report': (cameras) => {
    const [of, length] = [names(cameras), sum(cameras, 'unknownMs')];
    return { zh: `${length.zh}没有任何报告（${of.zh}）`, en: `nobody reported on ${length.en} (${of.en})` };
  },
};

const order = [
  'never-connected',
  'recorder-keeps-less',
  'time-missing',
  'never-reported',
  'depth-unknown',
  'no-report',
] as const;

const shownSentence = ({ requiredDays, challenges }: SaidOfFacility): BilingualName => {
  const alone = onReportsAlone(challenges);
  return {
    zh: `可以证明应保存的${requiredDays}天录像${alone ? `，但${alone.zh}` : ''}。`,
    en: `It can show the ${requiredDays} days that must be kept${alone ? `, ${alone.en}` : ''}.`,
  };
};

/** Of a facility whose last recording may go. */
export const owesNothing: BilingualName = {
  zh: '该机构已无须再保存录像。',
  en: 'The facility owes no recordings any more.',
};

/**
 * Why a facility cannot show its days, in one plain sentence: what its cameras admit to, the worst first, and what its
 * challenges found. Of one that can: whether more than reports says so.
 */
export const retentionSentence = (cameras: readonly SaidOfCamera[], about: SaidOfFacility): BilingualName => {
  if (cameras.length === 0) {
    return { zh: '没有应当录像的摄像头，无法证明任何录像。', en: 'No camera had to record, so nothing can be shown.' };
  }
  const against = challengesAgainst(about.challenges);
  const admitted = order.flatMap((reason) => {
    const those = cameras.filter((one) => one.reason === reason);
    return those.length === 0 ? [] : [parts[reason](those, about)];
  });
  const said = against === undefined ? admitted : [...admitted, against];
  if (said.length === 0) return shownSentence(about);
  const en = said.map((one) => one.en).join('; ');
  return { zh: `${said.map((one) => one.zh).join('；')}。`, en: `${en.charAt(0).toUpperCase()}${en.slice(1)}.` };
};
