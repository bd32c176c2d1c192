import fc from 'fast-check';
import { type DeletionReason, deletionReasons } from '../../shared/domain/camera-facts.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY_MINUTES = 1_440;
/** A history plays on so many days; every one of them is asked about. */
const DAYS = 6;
const MINUTES = DAYS * DAY_MINUTES;

export type Span = readonly [fromMs: number, toMs: number];

/** One report as it was received; plain numbers, so that the oracle and the code are each fed on their own. */
export interface HistoryReport {
  readonly about: Span;
  readonly recorded: readonly Span[];
  readonly receivedMs: number;
  /** Absent: when this hour came is not kept. */
  readonly hourEndMs?: number;
  readonly oldestMs?: number;
}

export interface HistoryCamera {
  readonly id: string;
  readonly installedMs: number;
  readonly retiredMs?: number;
  readonly reports: readonly HistoryReport[];
  readonly deletions: readonly { readonly span: Span; readonly reason: DeletionReason; readonly receivedMs: number }[];
  readonly holds: readonly { readonly span: Span; readonly orderedMs: number; readonly untilMs: number }[];
}

/** What happened to the cameras of one area, and as of when it is asked. */
export interface History {
  readonly zone: string;
  /** Local days that are asked about. */
  readonly days: readonly string[];
  readonly retentionDays: number;
  readonly nowMs: number;
  readonly closedMs?: number;
  readonly cameras: readonly HistoryCamera[];
}

/** A change of clocks, if the zone has one, falls on the third day. */
const worlds = [
  { zone: 'Europe/Berlin', firstDay: '2026-03-27' },
  { zone: 'Europe/Berlin', firstDay: '2026-10-23' },
  { zone: 'America/New_York', firstDay: '2026-03-06' },
  { zone: 'America/New_York', firstDay: '2026-10-30' },
  { zone: 'Asia/Shanghai', firstDay: '2026-03-01' },
  // Midnight itself is skipped; half an hour is; a whole day is.
  { zone: 'America/Sao_Paulo', firstDay: '2018-11-02' },
  { zone: 'Australia/Lord_Howe', firstDay: '2026-04-03' },
  { zone: 'Pacific/Apia', firstDay: '2011-12-28' },
] as const;

const dayAfter = (day: string, n: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + n * DAY_MINUTES * MINUTE).toISOString().slice(0, 10);

const aMinute = fc.nat(MINUTES);
const anEarlyMinute = fc.oneof({ weight: 3, arbitrary: fc.nat(600) }, { weight: 1, arbitrary: aMinute });
const aLength = fc.integer({ min: 1, max: 900 });

/** Minutes from the end of an hour to its reception: on time, around the settle time, days late, before it was over. */
const aDelay = fc.oneof(
  { weight: 4, arbitrary: fc.nat(20) },
  { weight: 2, arbitrary: fc.integer({ min: 119, max: 121 }) },
  { weight: 2, arbitrary: fc.nat(3 * DAY_MINUTES) },
  { weight: 1, arbitrary: fc.integer({ min: -300, max: 0 }) },
);

/** The recorder goes on for some hours, with outages, and its box reports each of them. */
const aRun = fc.record({
  fromHour: fc.nat(DAYS * 24 - 1),
  hours: fc.integer({ min: 1, max: 40 }),
  /** A clock that was set: hours that begin anywhere, and overlap those of other runs. */
  shiftMinutes: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(59) }),
  delay: aDelay,
  outages: fc.array(fc.record({ at: fc.nat(40 * 60), length: aLength }), { maxLength: 3 }),
  /** How far back it claims to reach, in minutes before the reception; below zero = a claim from the future. */
  reach: fc.option(
    fc.oneof({ weight: 6, arbitrary: aMinute }, { weight: 1, arbitrary: fc.integer({ min: -600, max: 1 }) }),
  ),
  isDated: fc.integer({ min: 0, max: 4 }).map((n) => n > 0),
});

const aStory = fc.record({
  installed: anEarlyMinute,
  life: fc.option(fc.integer({ min: 1, max: MINUTES })),
  /** Comes so many minutes after the one before it was retired, if that was. */
  replaces: fc.option(fc.nat(300)),
  runs: fc.array(aRun, { maxLength: 4 }),
  deletions: fc.array(
    fc.record({ at: aMinute, length: aLength, reason: fc.constantFrom(...deletionReasons), received: aMinute }),
    { maxLength: 2 },
  ),
  holds: fc.array(
    fc.record({ at: aMinute, length: fc.nat(2 * DAY_MINUTES), ordered: aMinute, lasts: fc.nat(MINUTES) }),
    { maxLength: 2 },
  ),
});
type Story = typeof aStory extends fc.Arbitrary<infer T> ? T : never;
type Run = Story['runs'][number];

/** What the outages leave of one hour: minutes that no outage names, joined. */
const recordedIn = (run: Run, hour: number): readonly Span[] => {
  const spans: [number, number][] = [];
  for (let minute = hour * 60; minute < hour * 60 + 60; minute += 1) {
    if (run.outages.some(({ at, length }) => at <= minute && minute < at + length)) continue;
    const last = spans.at(-1);
    if (last !== undefined && last[1] === minute) last[1] = minute + 1;
    else spans.push([minute, minute + 1]);
  }
  return spans;
};

const reportsOf = (run: Run, startMs: number): readonly HistoryReport[] =>
  Array.from({ length: run.hours }, (_, hour) => {
    const runMs = startMs + run.fromHour * HOUR + run.shiftMinutes * MINUTE;
    const endMs = runMs + (hour + 1) * HOUR;
    const receivedMs = endMs + run.delay * MINUTE;
    return {
      about: [endMs - HOUR, endMs] as const,
      recorded: recordedIn(run, hour).map(([from, to]) => [runMs + from * MINUTE, runMs + to * MINUTE] as const),
      receivedMs,
      ...(run.isDated && { hourEndMs: endMs }),
      ...(run.reach !== null && { oldestMs: receivedMs - run.reach * MINUTE }),
    };
  });

const cameraOf = (story: Story, n: number, startMs: number, before: HistoryCamera | undefined): HistoryCamera => {
  const at = (minute: number): number => startMs + minute * MINUTE;
  const installedMs =
    story.replaces !== null && before?.retiredMs !== undefined
      ? before.retiredMs + story.replaces * MINUTE
      : at(story.installed);
  return {
    id: `cam-${n + 1}`,
    installedMs,
    ...(story.life !== null && { retiredMs: installedMs + story.life * MINUTE }),
    reports: story.runs.flatMap((run) => reportsOf(run, startMs)),
    deletions: story.deletions.map(({ at: from, length, reason, received }) => ({
      span: [at(from), at(from + length)] as const,
      reason,
      receivedMs: at(received),
    })),
    holds: story.holds.map(({ at: from, length, ordered, lasts }) => ({
      span: [at(from), at(from + length)] as const,
      orderedMs: at(ordered),
      untilMs: at(ordered + lasts),
    })),
  };
};

/** Random histories of an area with up to three cameras, every instant of them a whole minute. */
export const aHistory: fc.Arbitrary<History> = fc
  .record({
    world: fc.constantFrom(...worlds),
    retentionDays: fc.integer({ min: 1, max: 4 }),
    now: fc.oneof(aMinute, fc.integer({ min: MINUTES / 2, max: MINUTES + 600 })),
    closed: fc.option(aMinute, { freq: 4 }),
    stories: fc.array(aStory, { minLength: 1, maxLength: 3 }),
  })
  .map(({ world, retentionDays, now, closed, stories }) => {
    // Somewhat before its first local midnight, wherever it is.
    const startMs = Date.parse(`${world.firstDay}T00:00:00Z`) - 6 * HOUR;
    const cameras: HistoryCamera[] = [];
    for (const [n, story] of stories.entries()) cameras.push(cameraOf(story, n, startMs, cameras.at(-1)));
    return {
      zone: world.zone,
      days: Array.from({ length: DAYS }, (_, n) => dayAfter(world.firstDay, n)),
      retentionDays,
      nowMs: startMs + now * MINUTE,
      ...(closed !== null && { closedMs: startMs + closed * MINUTE }),
      cameras,
    };
  });
