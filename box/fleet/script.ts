import { setTimeout as sleep } from 'node:timers/promises';
import { civilDayOf, civilTimeOf, instantOf } from '../../shared/domain/civil-day.ts';
import type { CheckSession } from '../../shared/domain/reports.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../shared/domain/time.ts';
import type { CheckDone } from '../reporter.ts';
import type { DemoBox } from './demo-box.ts';
import { logClosing, logDuties } from './duties.ts';
import { DEMO_BOX, DEMO_ZONE, LONELY_AREA, LONELY_CAMERA, type Part } from './nurseries.ts';
import type { Registrar } from './registrar.ts';
import type { Screen } from './screen.ts';

/**
 * When things happen, counted from the moment at which every facility is in service. What goes wrong lasts for two
 * sweeps, a minute apart: the first finds it, the second tells it if it was not yet time to tell.
 */
export const SCRIPT_SECONDS = {
  nobodyReached: 1,
  worksBegin: 20,
  goesBlind: 20,
  fallsSilent: 30,
  drill: 40,
  panic: 45,
  secondKey: 60,
  panicInDrill: 70,
  firstKeyRevoked: 90,
  seesAgain: 160,
  speaksAgain: 175,
  worksEnd: 200,
  somebodyReached: 240,
} as const;

/** The deadline of the noon check: a whole local minute, one to two minutes ahead. */
export const noonDeadlineMs = (nowMs: number): number => Math.ceil((nowMs + MINUTE_MS) / MINUTE_MS) * MINUTE_MS;

export const localMinute = (atMs: number): string => civilTimeOf(atMs, DEMO_ZONE).time;
const localDay = (atMs: number): string => civilDayOf(atMs, DEMO_ZONE);

/** A pseudonym, as a box makes it of a child that only it knows. */
const childRef = (n: number): string => n.toString(16).padStart(16, '0');

/** In one class one child in the morning and another at noon: two within a week are a signal. */
const findingsOf = ({ nursery }: DemoBox, n: number, session: CheckSession): { readonly findings?: Findings } =>
  nursery.part === 'has-hand-foot-mouth' && n === 0
    ? {
        findings: [
          { code: 'mouth-or-hand-blisters', childRef: childRef(session === 'morning' ? 1 : 2), action: 'sent-home' },
        ],
      }
    : {};
type Findings = NonNullable<CheckDone['findings']>;

const forgotten: Readonly<Partial<Record<Part, CheckSession>>> = {
  'forgets-morning-check': 'morning',
  'forgets-noon-check': 'noon',
};

/** Logs a day's checks in every class, but for the nurseries that forget one. */
export const logChecks = (boxes: readonly DemoBox[], day: string): void => {
  for (const box of boxes) {
    for (const [n, children] of box.nursery.classes.entries()) {
      const check = { class: `class-${n + 1}`, day, present: children - (n % 2), absent: n % 2 };
      for (const session of ['morning', 'noon'] as const) {
        if (forgotten[box.nursery.part] === session) continue;
        box.logCheck({ ...check, session, ...findingsOf(box, n, session) });
      }
    }
  }
};

const DUTIES_EVERY_MS = 12 * HOUR_MS;

/**
 * Checks and the closing count for every new local day, and the periodic duties twice a day, for as long as the fleet
 * runs. The day of `doneMs` has been done already.
 */
export const keepLogging = async (boxes: readonly DemoBox[], doneMs: number, signal: AbortSignal): Promise<void> => {
  let done = localDay(doneMs);
  let dutiesMs = Date.now();
  while (!signal.aborted) {
    await pause(MINUTE_MS, signal);
    const nowMs = Date.now();
    const today = localDay(nowMs);
    if (today > done) {
      logChecks(boxes, today);
      for (const box of boxes) logClosing(box, instantOf(today, '00:00', DEMO_ZONE));
      done = today;
    }
    if (nowMs - dutiesMs >= DUTIES_EVERY_MS) {
      for (const box of boxes) logDuties(box, nowMs, 'again');
      dutiesMs = nowMs;
    }
  }
};

/** The days for which checks are due while the script runs: today's, and the deadline's if that is past midnight. */
export const daysOfScript = (nowMs: number, noonMs: number): readonly string[] => [
  ...new Set([localDay(nowMs), localDay(noonMs)]),
];

/** Plays the demo once. The noon check that nobody logs needs no line of its own: nothing happens. */
export const playScript = async (
  stage: { readonly boxes: readonly DemoBox[]; readonly registrar: Registrar; readonly screen: Screen },
  noonMs: number,
  signal: AbortSignal,
): Promise<void> => {
  const { boxes, screen } = stage;
  const playing = (part: Part): DemoBox => {
    const found = boxes.find((box) => box.nursery.part === part);
    if (found === undefined) throw new Error(`no nursery plays ${part}`);
    return found;
  };
  const at = async (seconds: number, act: () => unknown): Promise<void> => {
    await pause(seconds * SECOND_MS, signal);
    if (!signal.aborted) await act();
  };
  const say = (box: DemoBox, zh: string, en: string): void => screen.say(box.nursery, zh, en);

  const blind = playing('goes-blind');
  const silent = playing('falls-silent');
  const panicking = playing('rings-panic');
  const drilling = playing('holds-a-drill');
  const working = playing('has-works');
  const unreached = playing('reaches-nobody');
  const noNoon = playing('forgets-noon-check');
  say(
    noNoon,
    `午检截止 ${localMinute(noonMs)}，今天没有午检`,
    `noon check due by ${localMinute(noonMs)}, and nobody logs it`,
  );
  say(playing('keeps-35-days'), '录像只能回放35天', 'its recorder keeps 35 of 90 days');
  say(playing('clock-is-off'), '时钟慢10分钟', 'its clock is 10 minutes slow');
  say(playing('forgets-morning-check'), `晨检截止 ${localMinute(noonMs)}，没有晨检`, 'nobody logs its morning check');
  say(playing('has-hand-foot-mouth'), '同班两名婴幼儿手口疱疹', 'two children of one class with blisters');
  say(playing('holds-no-drill'), '演练后不再演练', 'it held one drill and holds no other');
  say(
    playing('box-that-lies'),
    '录像已丢失，监控主机仍称在存',
    'lost its film, and its box goes on saying that it is there',
  );
  say(playing('nightly-gap'), '每晚1点至4点不录像', 'records nothing from one to four at night');
  say(playing('filed-otherwise'), '备案名称与登记不同', 'it was filed under another name');

  await Promise.all([
    at(SCRIPT_SECONDS.goesBlind, () => {
      blind.recorder.setOnline(LONELY_CAMERA, false);
      say(blind, '睡眠室唯一的摄像头离线', 'the only camera of the nap room goes blind');
    }),
    at(SCRIPT_SECONDS.fallsSilent, async () => {
      say(silent, '监控主机断电', 'its box loses power');
      await silent.unplug();
    }),
    at(SCRIPT_SECONDS.panic, () => {
      panicking.press({ kind: 'panic', area: LONELY_AREA, confirmed: 'yes' });
      say(panicking, '按下一键报警', 'somebody presses the panic button');
    }),
    at(SCRIPT_SECONDS.nobodyReached, async () => {
      say(unreached, '监控主机断电，且名册上无人', 'its box loses power, and nobody of it is on a roster');
      await unreached.unplug();
    }),
    at(SCRIPT_SECONDS.somebodyReached, () => {
      unreached.plugIn();
      say(unreached, '监控主机恢复供电', 'its box has power again');
    }),
    at(SCRIPT_SECONDS.worksBegin, () => {
      working.recorder.setOnline(LONELY_CAMERA, false);
      say(working, '更换睡眠室摄像头，事先已报备', 'replaces the camera of its nap room, as announced');
    }),
    at(SCRIPT_SECONDS.worksEnd, () => {
      working.recorder.setOnline(LONELY_CAMERA, true);
      say(working, '新摄像头已启用', 'its new camera is there');
    }),
    at(SCRIPT_SECONDS.drill, () => {
      drilling.press({ kind: 'fire', area: LONELY_AREA, confirmed: 'yes', drill: true });
      say(drilling, '消防演练：触发报警', 'holds a fire drill and rings');
    }),
    at(SCRIPT_SECONDS.panicInDrill, () => {
      drilling.press({ kind: 'panic', area: LONELY_AREA, confirmed: 'yes' });
      say(drilling, '演练期间真的按下一键报警', 'somebody presses the panic button in earnest, during the drill');
    }),
    rotateKey(playing('rotates-its-key'), stage, at),
    at(SCRIPT_SECONDS.speaksAgain, () => {
      silent.plugIn();
      say(silent, '监控主机恢复供电', 'its box has power again');
    }),
    at(SCRIPT_SECONDS.seesAgain, () => {
      blind.recorder.setOnline(LONELY_CAMERA, true);
      say(blind, '睡眠室摄像头恢复', 'the camera of the nap room is back');
    }),
  ]);
};

/** Both keys are live between the two steps: no beat is refused. */
const rotateKey = async (
  box: DemoBox,
  stage: { readonly registrar: Registrar; readonly screen: Screen },
  at: (seconds: number, act: () => unknown) => Promise<void>,
): Promise<void> => {
  const { id } = box.nursery;
  const old = box.identity().key;
  await at(SCRIPT_SECONDS.secondKey, async () => {
    const { next, adopt } = box.makeNextKey();
    await stage.registrar.putKey(id, DEMO_BOX, next.key);
    adopt();
    stage.screen.say(box.nursery, '启用新密钥，旧密钥仍有效', 'signs with a second key while the first is still live');
  });
  await at(SCRIPT_SECONDS.firstKeyRevoked - SCRIPT_SECONDS.secondKey, async () => {
    await stage.registrar.revokeKey(id, DEMO_BOX, old);
    stage.screen.say(box.nursery, '旧密钥已注销', 'its first key is revoked');
  });
};

/** Waits, and ends early (without a fault) when the fleet stops. */
const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
  await sleep(ms, undefined, { signal }).catch(() => {});
};
