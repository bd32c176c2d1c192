import { type Incident, LONGEST_STEPS, type Step, type StepKind } from '../incident.ts';

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
  const tooMany = Math.max(0, next.steps.length - LONGEST_STEPS);
  const flush = next.steps.slice(0, tooMany).filter((step) => step.n <= storedUpTo);
  return { incident: { ...next, steps: next.steps.slice(flush.length) }, flush };
};
