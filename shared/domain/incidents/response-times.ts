import type { Incident, Step } from '../incident.ts';
import { SECOND_MS } from '../time.ts';

/** Whole seconds after the opening. Absent = it never came so far, or nobody knows. */
export interface ResponseTimes {
  readonly publishedSeconds?: number;
  readonly deliveredSeconds?: number;
  readonly seenSeconds?: number;
  readonly answeredSeconds?: number;
  readonly closedSeconds?: number;
}

const least = (instants: readonly (number | undefined)[]): number | undefined => {
  const known = instants.filter((one) => one !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
};

/**
 * How fast an incident was told, seen, answered and closed.
 *
 * @param steps the whole timeline: an answer that expired, and a notice that was repeated since, are only there
 */
export const responseTimes = (incident: Incident, steps: readonly Step[]): ResponseTimes => {
  const { openedAtMs, published, answeredAtMs, closedAtMs } = incident;
  const first = (kind: Step['kind']): number | undefined => steps.find((step) => step.kind === kind)?.atMs;
  const after = (instants: readonly (number | undefined)[]): number | undefined => {
    const atMs = least(instants);
    return atMs === undefined ? undefined : Math.max(0, Math.round((atMs - openedAtMs) / SECOND_MS));
  };
  const times = {
    publishedSeconds: after([...published.map((one) => one.publishedAtMs), first('notice-published')]),
    deliveredSeconds: after(published.map((one) => one.deliveredAtMs)),
    seenSeconds: after([...published.map((one) => one.seenAtMs), first('seen')]),
    answeredSeconds: after([answeredAtMs, first('answered')]),
    // One that came back is closed by its last closing.
    closedSeconds: after([closedAtMs]),
  };
  return Object.fromEntries(Object.entries(times).filter(([, seconds]) => seconds !== undefined));
};
