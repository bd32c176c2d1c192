import {
  type AreaAnswer,
  type AreaRecording,
  type AreaRecordingState,
  areaRecordingStates,
  msOf,
  stillHeld,
} from '../../domain/area-recordings.ts';
import type { BilingualName } from '../../domain/facility.ts';
import { lengthOf } from './length-words.ts';
import { secondsThatAddUp } from './seconds-that-add-up.ts';

/** What is said of the time in one state, after its length. */
interface Clause extends BilingualName {
  readonly is: (one: AreaRecording) => boolean;
  /** Whose cameras stand behind it. */
  readonly by?: (one: AreaRecording) => readonly string[];
}

const isIn =
  (...states: readonly AreaRecordingState[]) =>
  ({ state }: AreaRecording): boolean =>
    states.includes(state);

/** Every stretch fits exactly one. Lost is three: it never was, it was and is gone, it cannot be played. */
const clauses: readonly Clause[] = [
  {
    is: isIn('held', 'held-late'),
    zh: '已录像且仍保存',
    en: 'was recorded and is still held',
    by: ({ heldBy }) => heldBy,
  },
  {
    is: isIn('on-hold'),
    zh: '已过保存期限，因留存指令仍保存',
    en: 'was recorded and is still held because of an order to keep it',
    by: ({ heldBy }) => heldBy,
  },
  {
    is: (one) => one.state === 'lost' && one.recorded === 'yes',
    zh: '曾经录像，现已丢失',
    en: 'was recorded and is lost since',
    by: ({ recordedBy }) => recordedBy,
  },
  { is: (one) => one.state === 'lost' && one.recorded === 'no', zh: '没有录像', en: 'was not recorded' },
  {
    is: (one) => one.state === 'lost' && one.recorded === 'not-known',
    zh: '录像设备已无法调取',
    en: 'can no longer be played by the recorder',
  },
  { is: isIn('declared-deleted'), zh: '因允许的原因已删除', en: 'was deleted for a permitted reason' },
  { is: isIn('no-camera'), zh: '没有在用的摄像头', en: 'had no camera in use' },
  { is: isIn('declared-held'), zh: '仅有录像设备自称保存', en: 'is held by the word of the recorder alone' },
  { is: isIn('unknown'), zh: '没有任何报告，情况不明', en: 'is not known, since nobody reported enough' },
  {
    is: (one) => one.state === 'not-yet-due' && one.recorded === 'yes',
    zh: '已有录像报告，时间太近，尚未核定',
    en: 'was recorded, too lately to be settled',
    by: ({ recordedBy }) => recordedBy,
  },
  {
    is: (one) => one.state === 'not-yet-due' && one.recorded !== 'yes',
    zh: '尚不到期或不在应保存的时间内',
    en: 'is not due yet, or was not due',
  },
  {
    is: (one) => one.state === 'no-longer-due' && one.recorded === 'yes',
    zh: '曾经录像，已过保存期限，可以不再保存',
    en: 'was recorded, is past its days and need not be kept',
    by: ({ recordedBy }) => recordedBy,
  },
  {
    is: (one) => one.state === 'no-longer-due' && one.recorded !== 'yes',
    zh: '已过保存期限，可以不再保存',
    en: 'is past its days and need not be kept',
  },
];

const words: Readonly<Record<AreaAnswer, BilingualName>> = {
  yes: { zh: '是', en: 'Yes' },
  partly: { zh: '部分', en: 'Partly' },
  no: { zh: '否', en: 'No' },
  'not-known': { zh: '无法确定', en: 'Not known' },
};

const partOf = (stretches: readonly AreaRecording[], { by, zh, en }: Clause, seconds: number): BilingualName => {
  const length = lengthOf(seconds);
  const cameras = by === undefined ? [] : [...new Set(stretches.flatMap(by))].sort();
  const names =
    cameras.length === 0 ? { zh: '', en: '' } : { zh: `（${cameras.join('、')}）`, en: ` (${cameras.join(', ')})` };
  return { zh: `${length.zh}${zh}${names.zh}`, en: `${length.en} ${en}${names.en}` };
};

/** The answer in one sentence, with every reason and how long it holds; the lengths add up to the whole. */
export const areaSentence = (
  area: BilingualName,
  answer: AreaAnswer,
  stretches: readonly AreaRecording[],
): BilingualName => {
  const lengths = clauses.map(({ is }, n) => [String(n), msOf(stretches, is)] as const);
  const seconds = secondsThatAddUp(lengths);
  const parts = lengths.flatMap(([n, ms]) => {
    const clause = clauses[Number(n)];
    return clause === undefined || ms === 0 ? [] : [partOf(stretches.filter(clause.is), clause, seconds[n] ?? 0)];
  });
  const whole = lengthOf(Object.values(seconds).reduce((sum, one) => sum + one, 0));
  const word = words[answer];
  return {
    zh: `${word.zh}：${area.zh}共${whole.zh}，其中${parts.map(({ zh }) => zh).join('，')}。`,
    en: `${word.en}: of ${whole.en} in ${area.en}, ${parts.map(({ en }) => en).join(', ')}.`,
  };
};

/** What most of the time is that is not shown to be held; of several as long, what is known comes first. */
export const reasonOf = (totals: Readonly<Record<AreaRecordingState, number>>): AreaRecordingState => {
  const [most] = areaRecordingStates
    .filter((state) => stillHeld[state] !== 'yes' && totals[state] > 0)
    .toReversed()
    .sort((a, b) => totals[b] - totals[a]);
  return most ?? 'held';
};
