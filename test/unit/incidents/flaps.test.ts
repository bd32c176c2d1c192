import { describe, expect, it } from 'vitest';
import type { Incident } from '../../../shared/domain/incident.ts';
import { calmFromMs, closeBySweep } from '../../../shared/domain/incidents/end.ts';
import { join } from '../../../shared/domain/incidents/join.ts';
import { type Found, openTechnical } from '../../../shared/domain/incidents/open.ts';
import { claimDue, markPublished } from '../../../shared/domain/incidents/outbox.ts';
import { answer, closeByPerson } from '../../../shared/domain/incidents/people.ts';
import { packFor } from '../../../shared/rule-packs/index.ts';
import { nursery } from '../../support/nursery.ts';
import { at } from '../../support/timeline.ts';

const NOW_MS = at('10:00:00');
const MINUTE_MS = 60_000;
const OFFICER = 'https://id.example.com|1';
const sun = nursery('sun');
const pack = packFor(sun, NOW_MS);
const flapMs = pack.thresholds.flapMs.value;

const silence: Found = {
  rule: 'monitoring-running',
  subject: 'box/b1',
  finding: 'breached',
  reason: 'no-beat',
  sinceMs: NOW_MS,
};
const minute = (n: number): number => NOW_MS + n * MINUTE_MS;

const publishDue = (incident: Incident, nowMs: number): Incident => {
  const { incident: read, claimed } = claimDue(incident, nowMs);
  return markPublished(read, claimed, nowMs, 'watch');
};

const untold = (): Incident => openTechnical(silence, sun, pack, NOW_MS);
const told = (): Incident => publishDue(untold(), minute(5));
const over = (incident: Incident, nowMs: number, tellAtMs = nowMs): Incident =>
  closeBySweep(incident, 'met-again', nowMs, nowMs, tellAtMs).incident;
const back = (incident: Incident, nowMs: number): Incident =>
  join(incident, { ...silence, sinceMs: nowMs }, sun, pack, nowMs).incident;
const lastReopened = ({ steps }: Incident): string | undefined =>
  steps.findLast(({ kind }) => kind === 'reopened')?.reason;

describe('an incident that comes back', () => {
  it('counts its returns', () => {
    const once = back(over(untold(), minute(1)), minute(2));
    expect([untold().turns, once.turns, back(over(once, minute(3)), minute(4)).turns]).toEqual([undefined, 1, 2]);
  });

  it('is told to nobody who believes that it goes on, and says so; its deadlines stand', () => {
    const returned = back(over(told(), minute(6)), minute(7));
    expect(returned).toMatchObject({ state: 'open', outbox: [], ladder: told().ladder });
    expect(returned.steps.slice(-3).map(({ kind, reason }) => [kind, reason])).toEqual([
      ['reopened', 'back-again'],
      ['no-notice', 'back-before-told: recovered:facility'],
      ['no-notice', 'believed-still: facility'],
    ]);
  });

  it('is told to who was told that it recovered, or may have been', () => {
    const recovered = publishDue(over(told(), minute(6)), minute(6));
    expect(back(recovered, minute(7)).outbox).toMatchObject([{ kind: 'reopened', dueAtMs: minute(12) }]);
    const tried = claimDue(over(told(), minute(6)), minute(6)).incident;
    expect(back(tried, minute(7)).outbox.map(({ kind }) => kind)).toEqual(['recovered', 'reopened']);
  });

  it('is told again to whom a person had closed it', () => {
    const closed = closeByPerson(told(), OFFICER, 'handled', minute(6)).incident;
    const still = back(closed, minute(7));
    expect(still.outbox).toMatchObject([{ kind: 'reopened', dueAtMs: minute(12) }]);
    expect(lastReopened(still)).toBe('still-so-after-closing');
  });

  it('keeps an answer that holds, as long as nobody heard that it was over', () => {
    const answered = answer(told(), OFFICER, minute(6)).incident;
    const untilMs = answered.answerUntilMs ?? 0;
    expect(back(over(answered, minute(7)), minute(8))).toMatchObject({ state: 'answered', answeredBy: OFFICER });
    expect(back(over(answered, untilMs - 2), untilMs - 1).state).toBe('answered');
    const late = back(over(answered, untilMs - 1), untilMs);
    expect(late.state).toBe('open');
    expect(late).not.toHaveProperty('answeredBy');
    const heard = back(publishDue(over(answered, minute(7)), minute(7)), minute(8));
    expect(heard.state).toBe('open');
    expect(heard).not.toHaveProperty('answerUntilMs');
  });
});

describe('an incident that comes and goes and was never told', () => {
  const turned = (times: number): Incident =>
    Array.from({ length: times }).reduce<Incident>(
      (one, _, turn) => back(over(one, minute(turn * 2 + 1)), minute(turn * 2 + 2)),
      untold(),
    );

  it('is told after the time of its rule at its second return, and at once at its third', () => {
    expect(lastReopened(turned(2))).toBe('back-again');
    expect(turned(2).outbox).toMatchObject([{ kind: 'reopened', dueAtMs: minute(4 + 5) }]);
    expect(lastReopened(turned(3))).toBe('flapping');
    expect(turned(3).outbox).toMatchObject([{ kind: 'reopened', dueAtMs: minute(6) }]);
    expect(turned(3).ladder[1]?.dueAtMs).toBe(minute(6 + 15));
  });

  it('once told so is not told again at its next return', () => {
    const heard = publishDue(turned(3), minute(6));
    const again = back(over(heard, minute(7), minute(17)), minute(8));
    expect(again.outbox).toEqual([]);
    expect(lastReopened(again)).toBe('back-again');
  });

  it('is told that it recovered only after the flap time of calm', () => {
    expect(calmFromMs(untold(), minute(1), minute(2), flapMs)).toBe(minute(2));
    expect(calmFromMs(turned(1), minute(3), minute(4), flapMs)).toBe(minute(3) + flapMs);
    expect(calmFromMs(turned(1), minute(3), minute(60), flapMs)).toBe(minute(60));
  });
});
