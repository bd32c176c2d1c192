import {
  type Incident,
  LARGEST_INCIDENT_BYTES,
  LONGEST_STEPS,
  type NoticeKind,
  type PublishedNotice,
  type Step,
  type StepKind,
} from '../incident.ts';

/** The longest reason of a step, so that the head of an incident stays bounded. */
const LONGEST_REASON = 160;

/** Adds one line to the timeline. `by`: `watch`, `receive-alarms` or `<issuer>|<subject>` of a person. */
export const withStep = (incident: Incident, atMs: number, kind: StepKind, by: string, reason: string): Incident => {
  const n = (incident.steps.at(-1)?.n ?? -1) + 1;
  return { ...incident, steps: [...incident.steps, { n, atMs, kind, by, reason: reason.slice(0, LONGEST_REASON) }] };
};

/** The instant of the last thing that happened. Whoever looked before it has seen an incident that is no more. */
export const lastMovedAtMs = (incident: Incident): number => incident.steps.at(-1)?.atMs ?? incident.openedAtMs;

/**
 * Steps that must be in the records before the head may drop them, and the head without them. Only steps that are
 * already stored (`read`) are trimmed: a step of an unsaved decision may still lose its race and never have happened.
 */
export const trimSteps = (read: Incident, next: Incident): { incident: Incident; flush: readonly Step[] } => {
  const storedUpTo = read.steps.at(-1)?.n ?? -1;
  const lastSteps = { ...next, steps: next.steps.slice(-LONGEST_STEPS) };
  const published = publishedWithin(next.published, bytesOver(lastSteps));
  const tooMany = Math.max(0, next.steps.length - LONGEST_STEPS, stepsOverSize({ ...next, published }));
  const flush = next.steps.slice(0, tooMany).filter((step) => step.n <= storedUpTo);
  return { incident: { ...next, published, steps: next.steps.slice(flush.length) }, flush };
};

const bytesOver = (incident: Incident): number => JSON.stringify(incident).length - LARGEST_INCIDENT_BYTES;

/**
 * Without so many bytes of the oldest repeats to departments that were told again at a higher rung: the timeline has
 * each. Neither kind ever comes back to a lower rung, so that no later notice gets the id of one that was dropped.
 */
const publishedWithin = (published: readonly PublishedNotice[], over: number): readonly PublishedNotice[] => {
  let left = over;
  return published.filter((one, at) => {
    const isRepeated = published.slice(at + 1).some((later) => isHigher(later, one));
    if (left <= 0 || !repeated.has(one.kind) || !isRepeated) return true;
    left -= JSON.stringify(one).length + 1;
    return false;
  });
};

const repeated: ReadonlySet<NoticeKind> = new Set(['climbed', 'expired']);

const isHigher = (later: PublishedNotice, one: PublishedNotice): boolean =>
  later.department === one.department && later.rung > one.rung && repeated.has(later.kind);

/** How many of its oldest steps make a head larger than it may be; never the last one, which numbers the next. */
const stepsOverSize = (incident: Incident): number => {
  let left = bytesOver(incident);
  let count = 0;
  for (const step of incident.steps.slice(0, -1)) {
    if (left <= 0) break;
    left -= JSON.stringify(step).length + 1;
    count += 1;
  }
  return count;
};
