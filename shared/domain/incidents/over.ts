import { CANARY, type Incident } from '../incident.ts';
import { HOUR_MS } from '../time.ts';
import { type Decision, nothing, save } from './decision.ts';
import { withStep } from './steps.ts';

/** A test that nobody has seen by then is over all the same. */
export const TEST_LASTS_MS = HOUR_MS;

/**
 * When the sweep may close an alarm: a test once it was seen, the canary's once it was delivered, a drill when its
 * window ends. Absent = it is real, and only a person closes it.
 */
export const overAtMs = (incident: Incident): number | undefined => {
  if (incident.rule !== 'alarm' || incident.state === 'closed') return undefined;
  if (incident.alarm?.kind === 'test') return Math.min(incident.openedAtMs + TEST_LASTS_MS, ...shownAtMs(incident));
  return incident.drill?.toMs;
};

/** The instants that show that the way of a test works to its end. */
const shownAtMs = ({ facilityId, published, answeredAtMs }: Incident): readonly number[] => {
  const stamps = published.map(({ seenAtMs, deliveredAtMs }) => (facilityId === CANARY ? deliveredAtMs : seenAtMs));
  return [answeredAtMs, ...stamps].filter((atMs) => atMs !== undefined);
};

/** A test or a drill is over, and all that was owed of it is published: the sweep closes it. Nothing real ever so. */
export const closeOver = (incident: Incident, nowMs: number): Decision => {
  const overMs = overAtMs(incident);
  if (overMs === undefined) return nothing(incident, 'needs-a-person');
  if (nowMs < overMs) return nothing(incident, 'not-over');
  if (incident.outbox.length > 0) return nothing(incident, 'notices-owed');
  const reason = incident.alarm?.kind === 'test' ? 'test-over' : 'drill-over';
  const closed = withStep(incident, nowMs, 'closed', 'watch', reason);
  return save({ ...closed, state: 'closed', closedAtMs: nowMs, closeReason: reason }, reason);
};
