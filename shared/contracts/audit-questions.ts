import * as z from 'zod';
import { sheetFormat } from './sheet-format.ts';
import { bilingualName, facilityId, instant, localDay, shortId } from './wire.ts';

const format = sheetFormat.exactOptional();
const seconds = z.number().min(0);
const word = z.string().max(100);
const count = z.number().int().min(0);

/** Local days of the facility, both included. */
const dayRange = z.strictObject({ from: localDay.exactOptional(), to: localDay.exactOptional(), format });

/** Of which facility an answer is, and as of when. */
const about = {
  facility: facilityId,
  name: bilingualName,
  division: z.string().max(12),
  asOf: instant,
  zone: z.string().max(64),
};

/** Coverage of the areas of one facility, at most 31 days. Absent = the last 7 days. */
export const coverageQuery = dayRange;
export type CoverageQuery = z.infer<typeof coverageQuery>;

/** The three add up to the part of the day that is asked about. */
const coveredTime = z.strictObject({
  /** At least one camera of the area showed it. */
  coveredSeconds: seconds,
  /** Every camera of the area in use is known not to have, or it had none. */
  uncoveredSeconds: seconds,
  /** No camera showed it, and of at least one nobody knows. Never counted as covered. */
  unknownSeconds: seconds,
});
export type CoveredTime = z.infer<typeof coveredTime>;

const coverageInterval = z.strictObject({
  from: instant,
  to: instant,
  is: z.enum(['uncovered', 'unknown']),
});

export const coverageView = z.strictObject({
  ...about,
  from: localDay,
  to: localDay,
  areas: z
    .array(
      z.strictObject({
        area: shortId,
        name: bilingualName,
        /** False = a corridor or a gate: no rule asks for its coverage. */
        activity: z.boolean(),
        days: z
          .array(
            z.strictObject({
              day: localDay,
              /** Of the day, what lies after the registration and before `asOf`. */
              askedSeconds: seconds,
              /** A camera was usable: online, recording, with a picture. */
              seen: coveredTime,
              /** A camera recorded, whether or not that is still held. */
              recorded: coveredTime,
            }),
          )
          .max(31),
        /** What was not seen, and what was not recorded; sorted, and touching ones are one. The first 1,000 of each. */
        notSeen: z.array(coverageInterval).max(1_000),
        notRecorded: z.array(coverageInterval).max(1_000),
      }),
    )
    .max(200),
});
export type CoverageView = z.infer<typeof coverageView>;

/** Daily checks of one facility, at most 92 days. Absent = the last 30 days. */
export const checksQuery = dayRange;
export type ChecksQuery = z.infer<typeof checksQuery>;

const keptCheck = z.strictObject({
  report: z.string().max(64),
  receivedAt: instant,
  /** `back-dated`: on a later day than it is about. */
  timeliness: z.enum(['in-time', 'late', 'back-dated']),
  present: count,
  absent: count,
  checked: count,
  /** How many findings; what they were, and of whom, is not for this list. */
  findings: count,
  /** The report that it corrects; that one stays in the list. */
  corrects: z.string().max(64).exactOptional(),
  /** False = a correction took its place. */
  stands: z.boolean(),
});

const checkDay = z.strictObject({
  day: localDay,
  class: shortId,
  session: z.enum(['morning', 'noon']),
  /**
   * `missing`: due, and nothing came. `not-due`: the calendar, or a class without children. `not-yet-due`: its time is
   * not over. `unknown`: whether the day owes a check is not known.
   */
  state: z.enum(['in-time', 'late', 'back-dated', 'missing', 'not-due', 'not-yet-due', 'unknown']),
  /** Kebab-case word: why. */
  reason: word,
  /** By when it was due; absent where nothing is. */
  dueAt: instant.exactOptional(),
  /** When the first check arrived. */
  receivedAt: instant.exactOptional(),
  /** Every check that came, originals and corrections, by arrival. */
  checks: z.array(keptCheck).max(100),
});
export type CheckDay = z.infer<typeof checkDay>;

export const checksView = z.strictObject({
  ...about,
  from: localDay,
  to: localDay,
  sums: z.strictObject({
    inTime: count,
    late: count,
    backDated: count,
    missing: count,
    notDue: count,
    notYetDue: count,
    unknown: count,
  }),
  items: z.array(checkDay).max(40_000),
});
export type ChecksView = z.infer<typeof checksView>;

/** Whether footage was shown when it was asked for without warning. */
export const challengesQuery = z.strictObject({ asOf: instant.exactOptional(), format });
export type ChallengesQuery = z.infer<typeof challengesQuery>;

const outcomeWords = [
  'open',
  'held',
  'mismatch',
  'not-found',
  'present',
  'busy',
  'unanswered',
  'token-refused',
] as const;

export const challengesView = z.strictObject({
  ...about,
  state: z.enum(['met', 'breached', 'unknown', 'not-applicable']),
  /** Kebab-case word: why. */
  reason: word,
  since: instant.exactOptional(),
  outcomes: z.strictObject(
    Object.fromEntries(outcomeWords.map((one) => [one, count])) as Record<(typeof outcomeWords)[number], typeof count>,
  ),
  /** Camera-hours put to the test in the window, per stratum. */
  draws: z.strictObject({ incident: count, oldest: count, rest: count }),
  /** How many of the camera-hours that must be held could have been drawn. */
  sealed: z.strictObject({ owed: count, sealed: count, presenceOnly: count }),
  /** How likely these draws would have met lost footage. */
  odds: z.strictObject({ zh: z.string(), en: z.string() }),
  /** What the odds assume and what they do not show. */
  assumptions: z.array(z.strictObject({ zh: z.string(), en: z.string() })).max(20),
  /** The challenges, the latest first. */
  items: z
    .array(
      z.strictObject({
        challenge: z.string().max(100),
        camera: shortId,
        /** The hour in which the asked slice lies. */
        hour: instant,
        stratum: z.enum(['incident', 'oldest', 'rest']),
        stability: z.enum(['byte-stable', 'presence-only']),
        askedAt: instant,
        answerBy: instant,
        outcome: z.enum(outcomeWords),
        /** When it became so; absent while it is open. */
        at: instant.exactOptional(),
        /** The answer came after its time. */
        late: z.boolean().exactOptional(),
      }),
    )
    .max(2_000),
});
export type ChallengesView = z.infer<typeof challengesView>;
