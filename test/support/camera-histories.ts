import fc from 'fast-check';
import { type DeletionReason, deletionReasons } from '../../shared/domain/reports.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY_MINUTES = 1_440;
/** A history plays on so many days; every one of them is asked about. */
const DAYS = 4;
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
  readonly holds: readonly {
    readonly span: Span;
    readonly orderedMs: number;
    readonly untilMs: number;
    /** What of it the box said that it protects, and when we heard it. */
    readonly confirmed?: { readonly span: Span; readonly receivedMs: number };
  }[];
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
const anyTimes = <T>(weight: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: 10 - weight, arbitrary: fc.constant(null) }, { weight, arbitrary });
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
  hours: fc.integer({ min: 1, max: 30 }),
  /** A clock that was set: hours that begin anywhere, and overlap those of other runs. */
  shiftMinutes: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(59) }),
  delay: aDelay,
  outages: fc.array(fc.record({ at: fc.nat(30 * 60), length: aLength }), { maxLength: 3 }),
  /** How far back it claims to reach, in minutes before the reception; below zero = a claim from the future. */
  reach: anyTimes(
    6,
    fc.oneof(
      { weight: 4, arbitrary: aMinute },
      { weight: 4, arbitrary: fc.integer({ min: MINUTES / 2, max: MINUTES }) },
      { weight: 1, arbitrary: fc.integer({ min: -600, max: 1 }) },
    ),
  ),
  isDated: fc.integer({ min: 0, max: 4 }).map((n) => n > 0),
});

const aStory = fc.record({
  installed: anEarlyMinute,
  life: anyTimes(4, fc.integer({ min: 1, max: MINUTES })),
  /** Comes so many minutes after the one before it was retired, if that was. */
  replaces: anyTimes(5, fc.nat(300)),
  runs: fc.array(aRun, { maxLength: 4 }),
  deletions: fc.array(
    fc.record({ at: aMinute, length: aLength, reason: fc.constantFrom(...deletionReasons), received: aMinute }),
    { maxLength: 2 },
  ),
  holds: fc.array(
    fc.record({
      at: anEarlyMinute,
      length: fc.nat(3 * DAY_MINUTES),
      ordered: fc.oneof(aMinute, anEarlyMinute),
      lasts: fc.oneof(fc.nat(MINUTES), fc.constant(2 * MINUTES)),
      /** All but so much at its beginning. */
      confirmed: anyTimes(6, fc.record({ received: fc.oneof(aMinute, anEarlyMinute), skips: fc.nat(200) })),
    }),
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
    holds: story.holds.map(({ at: from, length, ordered, lasts, confirmed }) => ({
      span: [at(from), at(from + length)] as const,
      orderedMs: at(ordered),
      untilMs: at(ordered + lasts),
      ...(confirmed !== null && {
        confirmed: {
          span: [at(Math.min(from + confirmed.skips, from + length)), at(from + length)] as const,
          receivedMs: at(confirmed.received),
        },
      }),
    })),
  };
};

/** Random histories of an area with up to three cameras, every instant of them a whole minute. */
export const aHistory: fc.Arbitrary<History> = fc
  .record({
    world: fc.constantFrom(...worlds),
    retentionDays: fc.integer({ min: 1, max: 3 }),
    now: fc.oneof(aMinute, fc.integer({ min: MINUTES / 2, max: MINUTES + 600 })),
    closed: anyTimes(2, aMinute),
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

/** The same history with every instant of it moved; `by` is asked for the number of each, in one fixed order. */
export const moved = (history: History, by: (n: number) => number): History => {
  let n = -1;
  const move = (value: unknown): unknown => {
    if (typeof value === 'number') {
      n += 1;
      return value + by(n);
    }
    if (Array.isArray(value)) return value.map(move);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, move(one)]));
  };
  const { retentionDays, ...rest } = history;
  return { retentionDays, ...(move(rest) as Omit<History, 'retentionDays'>) };
};

/** How many instants a history has. */
export const instantsIn = (history: History): number => {
  let count = 0;
  moved(history, () => {
    count += 1;
    return 0;
  });
  return count;
};

const utc = (text: string): number => Date.parse(`${text}Z`);

/**
 * One of everything, each edge exactly on its limit: a report that came after just the settle time, an order of this very
 * instant and one that ends now, a claim of the instant of its own reception.
 */
export const edgyHistory: History = {
  zone: 'Europe/Berlin',
  days: ['2026-10-23', '2026-10-24', '2026-10-25', '2026-10-26'],
  retentionDays: 1,
  nowMs: utc('2026-10-26T12:00'),
  closedMs: utc('2026-10-26T09:30'),
  cameras: [
    {
      id: 'cam-1',
      installedMs: utc('2026-10-23T05:00'),
      retiredMs: utc('2026-10-26T06:00'),
      reports: [
        ...['24T07', '25T20', '25T21', '26T02'].map((hour, n) => {
          const fromMs = utc(`2026-10-${hour}:00`);
          const endMs = fromMs + HOUR;
          return {
            about: [fromMs, endMs] as const,
            recorded: [
              [fromMs, fromMs + 25 * MINUTE],
              [fromMs + 25 * MINUTE, endMs - n * 10 * MINUTE],
            ] as const,
            receivedMs: endMs + 120 * MINUTE,
            hourEndMs: endMs,
            oldestMs: utc('2026-10-24T06:00'),
          };
        }),
        // Received while its hour was going on; and at the very instant that is asked about.
        {
          about: [utc('2026-10-26T03:00'), utc('2026-10-26T04:00')],
          recorded: [[utc('2026-10-26T03:00'), utc('2026-10-26T04:00')]],
          receivedMs: utc('2026-10-26T03:40'),
          hourEndMs: utc('2026-10-26T04:00'),
          oldestMs: utc('2026-10-24T06:00'),
        },
        {
          about: [utc('2026-10-25T22:00'), utc('2026-10-25T23:00')],
          recorded: [[utc('2026-10-25T22:10'), utc('2026-10-25T23:00')]],
          receivedMs: utc('2026-10-26T12:00'),
          hourEndMs: utc('2026-10-25T23:00'),
        },
      ],
      deletions: [
        {
          span: [utc('2026-10-25T20:05'), utc('2026-10-25T20:10')],
          reason: 'authority-order',
          receivedMs: utc('2026-10-26T12:00'),
        },
        {
          span: [utc('2026-10-24T07:05'), utc('2026-10-24T07:20')],
          reason: 'space-needed',
          receivedMs: utc('2026-10-25T07:10'),
        },
        {
          span: [utc('2026-10-25T21:30'), utc('2026-10-25T21:40')],
          reason: 'erasure-request',
          receivedMs: utc('2026-10-26T11:00'),
        },
      ],
      holds: [
        {
          span: [utc('2026-10-23T22:00'), utc('2026-10-24T09:00')],
          orderedMs: utc('2026-10-25T05:00'),
          untilMs: utc('2026-11-26T12:00'),
        },
        {
          span: [utc('2026-10-25T21:35'), utc('2026-10-25T22:00')],
          orderedMs: utc('2026-10-26T11:00'),
          untilMs: utc('2026-10-26T12:00'),
        },
        {
          span: [utc('2026-10-24T22:00'), utc('2026-10-24T23:00')],
          orderedMs: utc('2026-10-26T12:00'),
          untilMs: utc('2026-10-27T12:00'),
        },
        {
          span: [utc('2026-10-24T20:00'), utc('2026-10-24T21:00')],
          orderedMs: utc('2026-10-25T05:00'),
          untilMs: utc('2026-10-26T12:00'),
        },
        {
          span: [utc('2026-10-25T21:30'), utc('2026-10-25T21:32')],
          orderedMs: utc('2026-10-26T05:00'),
          untilMs: utc('2026-10-26T11:00'),
        },
      ],
    },
    {
      id: 'cam-2',
      installedMs: utc('2026-10-26T06:00'),
      reports: [
        {
          about: [utc('2026-10-26T07:00'), utc('2026-10-26T08:00')],
          recorded: [[utc('2026-10-26T07:00'), utc('2026-10-26T08:00')]],
          receivedMs: utc('2026-10-26T08:10'),
          oldestMs: utc('2026-10-26T08:10'),
        },
        {
          about: [utc('2026-10-26T06:30'), utc('2026-10-26T07:00')],
          recorded: [[utc('2026-10-26T06:30'), utc('2026-10-26T07:00')]],
          receivedMs: utc('2026-10-26T07:10'),
          hourEndMs: utc('2026-10-26T07:00'),
          oldestMs: utc('2026-10-26T06:15'),
        },
      ],
      deletions: [],
      holds: [],
    },
  ],
};
