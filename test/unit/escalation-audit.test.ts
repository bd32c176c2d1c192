import { describe, expect, it } from 'vitest';
import { makeAuditEscalation } from '../../functions/audit-escalation/audit-escalation.ts';
import type { LedgerEntry } from '../../shared/domain/delivery/delivery.ts';
import { type Beats, LATE_AFTER_MS, lateOf, systemFaults } from '../../shared/domain/delivery/escalation-audit.ts';
import { UnavailableError } from '../../shared/domain/errors.ts';
import type { Incident } from '../../shared/domain/incident.ts';
import { climb } from '../../shared/domain/incidents/climb.ts';
import { claimDue, markPublished, publishedNoticeId } from '../../shared/domain/incidents/outbox.ts';
import { alarmed, found, NOW_MS } from '../support/sample-notices.ts';

const MINUTE_MS = 60_000;
const whats = (incident: Incident, nowMs: number, ledger: readonly LedgerEntry[] = []) =>
  lateOf(incident, ledger, nowMs).map(({ what }) => what);

/** Every notice that is due, taken by SNS at once. */
const published = (incident: Incident, nowMs = NOW_MS): Incident => {
  const { incident: claimed, claimed: notices } = claimDue(incident, nowMs);
  return markPublished(claimed, notices, nowMs, 'watch');
};

const entriesOf = (incident: Incident): readonly LedgerEntry[] =>
  incident.published.map((notice) => ({
    noticeId: publishedNoticeId(incident.id, notice),
    incidentId: incident.id,
    topic: notice.topic,
    snsAtMs: notice.publishedAtMs,
    receivedAtMs: notice.publishedAtMs,
  }));

const delivered = (incident: Incident): Incident => ({
  ...incident,
  published: incident.published.map((notice) => ({ ...notice, deliveredAtMs: notice.publishedAtMs })),
});

describe('an incident is on time', () => {
  it('while its owed notices are tried soon after they are due, and late after', () => {
    const panic = alarmed();
    expect(whats(panic, NOW_MS + LATE_AFTER_MS)).toEqual([]);
    expect(whats(panic, NOW_MS + LATE_AFTER_MS + 1)).toEqual(['step-late']);
  });

  it('while the next rung is entered soon after it is due, and late after', () => {
    const panic = delivered(published(alarmed()));
    const dueAtMs = panic.ladder[1]?.dueAtMs ?? 0;
    expect(whats(panic, dueAtMs + LATE_AFTER_MS, entriesOf(panic))).toEqual([]);
    expect(whats(panic, dueAtMs + LATE_AFTER_MS + 1, entriesOf(panic))).toEqual(['step-late']);
  });

  it('not if a notice was tried again and again, each time on time', () => {
    let stuck = alarmed();
    let nowMs = NOW_MS;
    const tries = [];
    for (let tried = 0; tried < 4; tried += 1) {
      stuck = claimDue(stuck, nowMs).incident;
      nowMs = stuck.outbox[0]?.dueAtMs ?? 0;
      tries.push(whats(stuck, nowMs).filter((what) => what === 'notice-stuck').length);
    }
    expect(tries.slice(0, 3)).toEqual([0, 0, 0]);
    expect(tries[3]).toBe(stuck.outbox.length);
  });

  it('while the ledger has heard of each published notice within three minutes, and late for each that it has not', () => {
    const panic = delivered(published(alarmed()));
    const all = entriesOf(panic);
    expect(all.length).toBeGreaterThan(3);
    const within = NOW_MS + 3 * MINUTE_MS;
    expect(whats(panic, within, [])).toEqual([]);
    expect(whats(panic, within + 1, all)).toEqual([]);
    expect(whats(panic, within + 1, all.slice(1))).toEqual(['not-passed-on']);
  });

  it('while every acting department of a panic was reached within five minutes, or is known to have nobody', () => {
    const panic = published(alarmed());
    const within = NOW_MS + 5 * MINUTE_MS;
    const climbed = climb(panic, within).incident;
    const ledger = entriesOf(climbed);
    expect(whats(climbed, within, ledger)).toEqual([]);
    const late = lateOf(climbed, ledger, within + 1);
    const acting = climbed.ladder[0]?.recipients
      .filter(({ duty }) => duty === 'act')
      .map(({ department }) => department);
    expect(late.map(({ detail }) => detail).sort()).toEqual(acting?.map((department) => `opened:${department}`).sort());
    expect(whats({ ...climbed, unreachable: acting ?? [] }, within + 1, ledger)).toEqual([]);
    expect(whats(delivered(climbed), within + 1, ledger)).toEqual([]);
  });

  it('while a department that had no notice at first has a later one, and not if it is the later one that it lacks', () => {
    const panic = published(alarmed());
    const dueMs = panic.ladder[1]?.dueAtMs ?? 0;
    const repeated = published(climb(panic, dueMs).incident, dueMs);
    const only = (told: number): Incident => ({
      ...repeated,
      published: repeated.published.map((one) =>
        one.rung === told ? { ...one, deliveredAtMs: one.publishedAtMs } : one,
      ),
    });
    const laterMs = dueMs + 6 * MINUTE_MS;
    const late = (incident: Incident) =>
      whats(incident, laterMs, entriesOf(repeated)).filter((one) => one !== 'step-late');
    expect(late(only(1))).toEqual([]);
    expect(new Set(late(only(0)))).toEqual(new Set(['not-delivered']));
  });

  it('a technical one need not have been seen by anybody to be on time', () => {
    const silence = found('monitoring-running', 'box/b1', 'no-beat');
    const told = published(silence, silence.outbox[0]?.dueAtMs);
    const soon = (told.published[0]?.publishedAtMs ?? 0) + 6 * MINUTE_MS;
    expect(whats(told, soon, entriesOf(told))).toEqual([]);
  });
});

const beats = (ages: Readonly<Record<string, number>>): Beats =>
  new Map(Object.entries(ages).map(([name, ageMs]) => [name, { atMs: NOW_MS - ageMs }]));
const alive = { watch: MINUTE_MS, 'canary-rung': 4 * MINUTE_MS, 'canary-delivered': 4 * MINUTE_MS - 500 };

describe('our own parts show life', () => {
  it('by a completed sweep and a canary that arrived', () => {
    expect(systemFaults(beats(alive), NOW_MS)).toEqual([]);
  });

  it('not before the first ones came', () => {
    expect(systemFaults(new Map(), NOW_MS)).toEqual(['sweep-missing', 'canary-not-rung']);
    expect(systemFaults(beats({ watch: 0, 'canary-rung': 0 }), NOW_MS)).toEqual(['canary-late']);
  });

  it('the sweep for three minutes', () => {
    expect(systemFaults(beats({ ...alive, watch: 3 * MINUTE_MS }), NOW_MS)).toEqual([]);
    expect(systemFaults(beats({ ...alive, watch: 3 * MINUTE_MS + 1 }), NOW_MS)).toEqual(['sweep-missing']);
  });

  it('the canary while one ring at most is missed', () => {
    const rung = (ageMs: number) => ({ ...alive, 'canary-rung': ageMs, 'canary-delivered': ageMs - 1 });
    expect(systemFaults(beats(rung(11 * MINUTE_MS)), NOW_MS)).toEqual([]);
    expect(systemFaults(beats(rung(11 * MINUTE_MS + 1)), NOW_MS)).toEqual(['canary-not-rung']);
  });

  it('a canary that is on its way for two minutes at most, after one that arrived', () => {
    const onItsWay = (ageMs: number, lastMs: number) => ({
      ...alive,
      'canary-rung': ageMs,
      'canary-delivered': lastMs,
    });
    expect(systemFaults(beats(onItsWay(2 * MINUTE_MS, 7 * MINUTE_MS)), NOW_MS)).toEqual([]);
    expect(systemFaults(beats(onItsWay(2 * MINUTE_MS, 7 * MINUTE_MS + 1)), NOW_MS)).toEqual(['canary-late']);
    expect(systemFaults(beats(onItsWay(2 * MINUTE_MS + 1, 5 * MINUTE_MS)), NOW_MS)).toEqual(['canary-late']);
  });
});

const audited = async (over: { incidents?: readonly Incident[]; shown?: Beats; feed?: () => Promise<void> }) => {
  const told: string[] = [];
  let fed = 0;
  const report = await makeAuditEscalation({
    incidents: {
      scan: async function* () {
        yield over.incidents ?? [];
      },
    },
    ledger: { ofIncident: async () => [] },
    beats: { beat: async () => undefined, read: async () => over.shown ?? beats(alive) },
    watchdog: {
      feed: async () => {
        await over.feed?.();
        fed += 1;
      },
    },
    clock: () => NOW_MS,
    tell: (what, about, detail) => told.push(`${what} ${about}${about === 'system' ? `: ${detail}` : ''}`),
  })();
  return { report, fed, told };
};

describe('the ledger', () => {
  it('is asked about many incidents at the same time: a large event does not outlast the audit', async () => {
    const told = delivered(published(alarmed()));
    let asked = 0;
    let atOnce = 0;
    const report = await makeAuditEscalation({
      incidents: {
        scan: async function* () {
          yield Array.from({ length: 40 }, () => told);
        },
      },
      ledger: {
        ofIncident: async () => {
          asked += 1;
          atOnce = Math.max(atOnce, asked);
          await new Promise(setImmediate);
          asked -= 1;
          return entriesOf(told);
        },
      },
      beats: { beat: async () => undefined, read: async () => beats(alive) },
      watchdog: undefined,
      clock: () => NOW_MS + 4 * MINUTE_MS,
      tell: () => undefined,
    })();
    expect(report.incidents).toBe(40);
    expect(atOnce).toBe(16);
  });
});

describe('the watchdog outside is fed', () => {
  it('only if everything is on time', async () => {
    expect(await audited({})).toMatchObject({ fed: 1, report: { watchdog: 'fed', late: [], faults: [] } });
  });

  it('not if one incident among many is late, and the log says which', async () => {
    const late = { ...alarmed(), openedAtMs: NOW_MS - 10 * MINUTE_MS };
    const forgotten = { ...late, outbox: late.outbox.map((one) => ({ ...one, dueAtMs: NOW_MS - 10 * MINUTE_MS })) };
    const { fed, report, told } = await audited({ incidents: [alarmed(), forgotten] });
    expect(fed).toBe(0);
    expect(report.watchdog).toBe('withheld');
    expect(told).toEqual([`step-late ${forgotten.id}`]);
  });

  it('not if a part of ours is dead', async () => {
    const { 'canary-delivered': _, ...dead } = alive;
    const { fed, report, told } = await audited({ shown: beats(dead) });
    expect({ fed, faults: report.faults }).toEqual({ fed: 0, faults: ['canary-late'] });
    expect(told).toEqual(['canary-late system: none has come yet']);
  });

  it('and if it does not take it, that is told', async () => {
    const feed = () => Promise.reject(new UnavailableError('planned'));
    expect(await audited({ feed })).toMatchObject({
      report: { watchdog: 'refused' },
      told: ['watchdog-refused system: UnavailableError: planned'],
    });
  });
});
