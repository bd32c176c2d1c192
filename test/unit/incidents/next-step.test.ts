import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CANARY, type Incident, LARGEST_INCIDENT_BYTES } from '../../../shared/domain/incident.ts';
import { expireAnswer, tellingAgain } from '../../../shared/domain/incidents/expire-answer.ts';
import { nextStepOf } from '../../../shared/domain/incidents/next-step.ts';
import { type Found, openAlarm, openTechnical } from '../../../shared/domain/incidents/open.ts';
import { claimDue, markPublished } from '../../../shared/domain/incidents/outbox.ts';
import { closeOver, overAtMs } from '../../../shared/domain/incidents/over.ts';
import { answer, closeByPerson, markFalseAlarm, passOn } from '../../../shared/domain/incidents/people.ts';
import { trimSteps } from '../../../shared/domain/incidents/steps.ts';
import { tend } from '../../../shared/domain/incidents/tend.ts';
import { markUnreachable } from '../../../shared/domain/incidents/unreachable.ts';
import type { BoxAlarmKind } from '../../../shared/domain/reports.ts';
import { packFor } from '../../../shared/rule-packs/index.ts';
import { nursery } from '../../support/nursery.ts';
import { at } from '../../support/timeline.ts';

const NOW_MS = at('10:00:00');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const OFFICER = 'https://id.example.com|1';
const HEAD = 'https://id.example.com|2';
const sun = nursery('sun');
const pack = packFor(sun, NOW_MS);

const silence: Found = {
  rule: 'monitoring-running',
  subject: 'box/b1',
  finding: 'breached',
  reason: 'no-beat',
  sinceMs: NOW_MS,
};
const technical = (): Incident => openTechnical(silence, sun, pack, NOW_MS);

const alarm = (kind: BoxAlarmKind, facilityId = 'sun'): Incident =>
  openAlarm(
    { id: 'press-1', timeMs: NOW_MS, kind, ageMs: 0, confirmed: 'unknown', drill: false },
    'd'.repeat(64),
    { facilityId, box: 'b1', key: 'key', createdMs: NOW_MS, receivedMs: NOW_MS },
    sun,
    pack,
  );

const published = (incident: Incident, nowMs: number): Incident => {
  const { incident: read, claimed } = claimDue(incident, nowMs);
  return markPublished(read, claimed, nowMs, 'watch');
};

const again = (incident: Incident, nowMs: number) => tellingAgain(incident, sun, pack, nowMs);
const tended = (incident: Incident, nowMs: number) => tend(incident, nowMs, again(incident, nowMs));
const drill = { window: 'w1', toMs: NOW_MS + HOUR_MS };

describe('what comes next', () => {
  it('is the notice that is owed first, then the next rung', () => {
    const dueMs = NOW_MS + 5 * MINUTE_MS;
    expect(nextStepOf(technical())).toMatchObject({ what: 'publish', dueAtMs: dueMs });
    expect(nextStepOf(published(technical(), dueMs))).toEqual({
      what: 'climb',
      dueAtMs: NOW_MS + 20 * MINUTE_MS,
      why: '1 town',
    });
  });

  it('of a notice that SNS did not take is its next try', () => {
    const tried = claimDue(alarm('panic'), NOW_MS).incident;
    expect(nextStepOf(tried)).toMatchObject({ what: 'publish', dueAtMs: NOW_MS + 5_000 });
  });

  it('after a pause of ours is one level after the other, each counted from the one below', () => {
    const late = NOW_MS + 10 * HOUR_MS;
    const first = tended(published(technical(), NOW_MS + 5 * MINUTE_MS), late).decision.incident;
    expect(first.outbox).toMatchObject([{ rung: 1, attempts: 1 }]);
    expect(nextStepOf(first)).toEqual({ what: 'climb', dueAtMs: late, why: '2 district' });
  });

  it('of an answered one is the end of the answer; of one that holds for good, of one closed, and of a part of a storm nothing', () => {
    const open = published(technical(), NOW_MS + 5 * MINUTE_MS);
    const answered = answer(open, OFFICER, NOW_MS + HOUR_MS).incident;
    expect(nextStepOf(answered)).toEqual({
      what: 'expire-answer',
      dueAtMs: NOW_MS + 3 * HOUR_MS,
      why: 'nothing-followed',
    });
    const { answerUntilMs: _until, ...old } = answered;
    expect(nextStepOf(old)).toBeUndefined();
    expect(nextStepOf(closeByPerson(open, OFFICER, 'handled', NOW_MS).incident)).toBeUndefined();
    expect(nextStepOf({ ...technical(), storm: 'parent' })).toBeUndefined();
  });

  it('of a mute has moved with what it moved', () => {
    const untilMs = NOW_MS + 9 * HOUR_MS;
    const open = technical();
    const muted = {
      ...open,
      outbox: open.outbox.map((one) => ({ ...one, dueAtMs: untilMs })),
    };
    expect(nextStepOf(muted)).toMatchObject({ what: 'publish', dueAtMs: untilMs });
  });
});

describe('an alarm that the sweep may close', () => {
  it('is a test once it was seen, or an hour after it', () => {
    const test = published(alarm('test'), NOW_MS);
    expect(overAtMs(test)).toBe(NOW_MS + HOUR_MS);
    expect(closeOver(test, NOW_MS + HOUR_MS - 1)).toMatchObject({ does: 'nothing', reason: 'not-over' });
    expect(closeOver(test, NOW_MS + HOUR_MS)).toMatchObject({ does: 'save', reason: 'test-over' });
    const delivered = { ...test, published: test.published.map((one) => ({ ...one, deliveredAtMs: NOW_MS + 1 })) };
    expect(overAtMs(delivered)).toBe(NOW_MS + HOUR_MS);
    const seen = { ...test, published: test.published.map((one) => ({ ...one, seenAtMs: NOW_MS + 2 })) };
    expect(overAtMs(seen)).toBe(NOW_MS + 2);
    expect(nextStepOf(seen)).toEqual({ what: 'close-over', dueAtMs: NOW_MS + 2, why: 'test' });
  });

  it('is that of the canary once it was delivered', () => {
    const rung = published(alarm('test', CANARY), NOW_MS);
    expect(overAtMs(rung)).toBe(NOW_MS + HOUR_MS);
    expect(overAtMs({ ...rung, published: rung.published.map((one) => ({ ...one, deliveredAtMs: NOW_MS + 1 })) })).toBe(
      NOW_MS + 1,
    );
  });

  it('is a drill at the end of its window, answered or not, when all of it is published', () => {
    const open = published({ ...alarm('panic'), drill }, NOW_MS);
    expect(closeOver(open, drill.toMs - 1)).toMatchObject({ does: 'nothing', reason: 'not-over' });
    for (const incident of [open, answer(open, OFFICER, NOW_MS).incident]) {
      const closed = closeOver(incident, drill.toMs);
      expect(closed.incident).toMatchObject({ state: 'closed', closeReason: 'drill-over', closedAtMs: drill.toMs });
      expect(closed.incident.steps.at(-1)).toMatchObject({ kind: 'closed', by: 'watch', reason: 'drill-over' });
      expect(closeOver(closed.incident, drill.toMs + 1).reason).toBe('needs-a-person');
    }
    const owed = { ...open, outbox: alarm('panic').outbox };
    expect(closeOver(owed, drill.toMs)).toMatchObject({ does: 'nothing', reason: 'notices-owed' });
    expect(nextStepOf(owed)?.what).toBe('publish');
  });

  it.each(['panic', 'fire', 'abuse', 'power', 'tamper'] as const)('is never a real one: %s', (kind) => {
    const real = published(alarm(kind), NOW_MS);
    expect(overAtMs(real)).toBeUndefined();
    expect(closeOver(real, NOW_MS + 9_999 * HOUR_MS)).toMatchObject({ does: 'nothing', reason: 'needs-a-person' });
    expect(closeOver({ ...technical(), drill }, drill.toMs).does).toBe('nothing');
  });
});

type Deed = (incident: Incident, nowMs: number) => Incident;
const deeds: Readonly<Record<string, Deed>> = {
  answer: (one, nowMs) => answer(one, OFFICER, nowMs).incident,
  head: (one, nowMs) => answer(one, HEAD, nowMs, 'facility').incident,
  pass: (one, nowMs) => passOn(one, OFFICER, nowMs).incident,
  unreachable: (one, nowMs) => markUnreachable(one, 'facility', nowMs).incident,
  false: (one, nowMs) => markFalseAlarm(one, HEAD, 'device-fault', nowMs).incident,
  close: (one, nowMs) => closeByPerson(one, OFFICER, 'handled', nowMs).incident,
  publish: (one, nowMs) => published(one, nowMs),
  tend: (one, nowMs) => tended(one, nowMs).decision.incident,
};

const starts = [technical(), alarm('panic'), alarm('test'), alarm('power'), { ...alarm('fire'), drill }];
const days = fc.record({
  start: fc.constantFrom(...starts),
  deeds: fc.array(
    fc.record({
      what: fc.constantFrom(...Object.keys(deeds).filter((name) => name !== 'close')),
      afterMs: fc.constantFrom(0, 1, 5_000, MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS, 2 * HOUR_MS),
    }),
    { maxLength: 40 },
  ),
  closes: fc.boolean(),
});

const afterDay = ({ start, deeds: done, closes }: typeof days extends fc.Arbitrary<infer T> ? T : never) => {
  let nowMs = NOW_MS;
  let incident: Incident = start;
  for (const { what, afterMs } of [...done, ...(closes ? [{ what: 'close', afterMs: 1 }] : [])]) {
    nowMs += afterMs;
    const next = deeds[what]?.(incident, nowMs) ?? incident;
    incident = trimSteps(next, next).incident;
  }
  return { incident, nowMs };
};

describe('whatever happened before', () => {
  it('the sweep has something to do exactly when the next step is due', () => {
    fc.assert(
      fc.property(days, (day) => {
        const { incident, nowMs } = afterDay(day);
        const next = nextStepOf(incident);
        expect(tended(incident, nowMs).decision.does).toBe(
          next !== undefined && next.dueAtMs <= nowMs ? 'save' : 'nothing',
        );
        if (next === undefined || next.dueAtMs <= nowMs) return;
        expect(tended(incident, next.dueAtMs - 1).decision.does).toBe('nothing');
        expect(tended(incident, next.dueAtMs).decision.does).toBe('save');
      }),
      { numRuns: 500, seed: 20260302 },
    );
  });

  it('its head stays within 8 KB, with at most ten rungs', () => {
    fc.assert(
      fc.property(days, (day) => {
        const { incident } = afterDay(day);
        expect(Buffer.byteLength(JSON.stringify(incident))).toBeLessThanOrEqual(LARGEST_INCIDENT_BYTES);
        expect(incident.ladder.length).toBeLessThanOrEqual(10);
      }),
      { numRuns: 500, seed: 20260303 },
    );
  });

  it('nothing but a person closes what is real', () => {
    fc.assert(
      fc.property(days, (day) => {
        const { incident } = afterDay({ ...day, closes: false });
        const isReal = incident.drill === undefined && incident.alarm?.kind !== 'test';
        if (isReal) expect(incident.state).not.toBe('closed');
      }),
      { numRuns: 200, seed: 20260304 },
    );
  });
});

describe('a head with everything in it', () => {
  it('ten rungs, every field, what was told of them with receipts, and the last ten steps fit into 8 KB', () => {
    let incident = published(alarm('panic'), NOW_MS);
    let nowMs = NOW_MS;
    for (let turn = 0; turn < 26; turn += 1) {
      const next = nextStepOf(incident);
      nowMs = next === undefined ? nowMs : next.dueAtMs;
      if (next === undefined) incident = answer(incident, OFFICER, nowMs).incident;
      incident = published(tended(incident, nowMs).decision.incident, nowMs + 10 * MINUTE_MS);
      const stamped = incident.published.map((one) => ({ ...one, deliveredAtMs: nowMs, seenAtMs: nowMs }));
      incident = trimSteps(incident, { ...incident, published: stamped }).incident;
    }
    expect(incident.ladder).toHaveLength(10);
    const whole: Incident = {
      ...answer(incident, `https://login.example.com/realms/city|${'0'.repeat(36)}`, nowMs).incident,
      drill,
      turns: 99,
      settledToMs: nowMs,
      falseAlarm: {
        by: `https://login.example.com/realms/city|${'0'.repeat(36)}`,
        atMs: nowMs,
        code: 'test-not-announced',
      },
      unreachable: ['health', 'police', 'emergency', 'fire', 'facility'],
    };
    const { incident: kept } = trimSteps(whole, whole);
    expect(Buffer.byteLength(JSON.stringify(kept))).toBeLessThanOrEqual(LARGEST_INCIDENT_BYTES);
    expect(kept.steps).toHaveLength(10);
    // The latest notice of each department is there, whatever was dropped of the repeats before it.
    expect(new Set(kept.published.map(({ department }) => department))).toEqual(
      new Set(['health', 'police', 'emergency', 'fire', 'facility']),
    );
    expect(kept.published.filter(({ rung, kind }) => rung === 9 && kind === 'climbed')).toHaveLength(4);
    const expired = expireAnswer(kept, nowMs + 3 * HOUR_MS, again(kept, nowMs + 3 * HOUR_MS)).incident;
    const ids = new Set([...kept.published, ...expired.outbox].map((one) => JSON.stringify(one)));
    expect(ids.size).toBe(kept.published.length + expired.outbox.length);
  });
});
