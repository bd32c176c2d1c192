import type { Incident, IncidentState, PublishedNotice, Step } from '../incident.ts';

/** An incident with its whole timeline. */
export interface Told {
  readonly incident: Incident;
  readonly steps: readonly Step[];
}

/** In which state the steps leave it. An answer that still held when it came back is not told apart from none. */
const stateAfter = (steps: readonly Step[]): IncidentState => {
  let state: IncidentState = 'open';
  let answeredBy: string | undefined;
  for (const { kind, by } of steps) {
    if (kind === 'answered') [state, answeredBy] = ['answered', by];
    if (kind === 'closed') state = 'closed';
    if (kind === 'reopened' || kind === 'answer-expired' || kind === 'declared-real') state = 'open';
    if (kind === 'passed-on' && by === answeredBy) state = 'open';
  }
  return state;
};

const noticeAt = ({ deliveredAtMs, seenAtMs, ...notice }: PublishedNotice, atMs: number): PublishedNotice => ({
  ...notice,
  ...(deliveredAtMs !== undefined && deliveredAtMs <= atMs && { deliveredAtMs }),
  ...(seenAtMs !== undefined && seenAtMs <= atMs && { seenAtMs }),
});

const stateAt = (incident: Incident, then: readonly Step[], atMs: number): Incident => {
  const { closedAtMs: _closed, closeReason: _why, answeredAtMs, endedAtMs, ...rest } = incident;
  const state = stateAfter(then);
  const closed = then.findLast(({ kind }) => kind === 'closed');
  return {
    ...rest,
    state,
    ...(answeredAtMs !== undefined && answeredAtMs <= atMs && { answeredAtMs }),
    ...(endedAtMs !== undefined && then.some(({ kind }) => kind === 'ended') && { endedAtMs }),
    ...(state === 'closed' && closed && { closedAtMs: closed.atMs, closeReason: closed.reason }),
  };
};

/** What was known of an incident at an instant: who is told the state as of then hears nothing of what came later. */
export const knownAt = ({ incident, steps }: Told, atMs: number): Told => {
  const then = steps.filter((step) => step.atMs <= atMs);
  const known = then.length === steps.length ? incident : stateAt(incident, then, atMs);
  const published = known.published.filter(({ publishedAtMs }) => publishedAtMs <= atMs);
  return { incident: { ...known, published: published.map((one) => noticeAt(one, atMs)) }, steps: then };
};
