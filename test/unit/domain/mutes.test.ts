import { describe, expect, it } from 'vitest';
import type { Incident } from '../../../shared/domain/incident.ts';
import { openAlarm, openTechnical } from '../../../shared/domain/incidents/open.ts';
import { claimDue, dueNotices } from '../../../shared/domain/incidents/outbox.ts';
import { alarmKinds } from '../../../shared/domain/reports.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../shared/domain/time.ts';
import { ruleNames } from '../../../shared/domain/verdict.ts';
import { allowMute, HELD_AT_MOST_MS, holdBack, muteOf, registerMute } from '../../../shared/domain/windows/mutes.ts';
import { noWindows } from '../../../shared/domain/windows/window-list.ts';
import type { FacilityWindows, Mute } from '../../../shared/domain/windows/windows.ts';
import { packFor } from '../../../shared/rule-packs/index.ts';
import { nursery } from '../../support/nursery.ts';

const NOW_MS = Date.parse('2026-03-02T02:00:00Z');
const sunshine = nursery('sunshine');
const pack = packFor(sunshine, NOW_MS);
const mute = (over: Partial<Mute> = {}): Mute => ({
  id: 'works',
  is: 'mute',
  rules: ruleNames,
  fromMs: NOW_MS,
  toMs: NOW_MS + DAY_MS,
  by: 'https://id.example|wang',
  atMs: NOW_MS,
  reason: 'network-works',
  allowedBy: 'https://id.example|wang',
  ...over,
});
const withMutes = (...mutes: readonly Mute[]): FacilityWindows => ({ ...noWindows('sunshine'), mutes });
const silence = openTechnical(
  { rule: 'monitoring-running', subject: 'box/b1', finding: 'breached', reason: 'no-beat', sinceMs: NOW_MS },
  sunshine,
  pack,
  NOW_MS,
);

describe('a mute concerns', () => {
  it('an incident of a rule that it names, from its beginning to before its end', () => {
    const windows = withMutes(mute());
    expect(muteOf(windows, silence, NOW_MS - 1)).toBeUndefined();
    expect(muteOf(windows, silence, NOW_MS)?.id).toBe('works');
    expect(muteOf(windows, silence, NOW_MS + DAY_MS - 1)?.id).toBe('works');
    expect(muteOf(windows, silence, NOW_MS + DAY_MS)).toBeUndefined();
    expect(muteOf(withMutes(mute({ rules: ['area-covered'] })), silence, NOW_MS)).toBeUndefined();
  });

  it('nothing while it is only asked for', () => {
    const { allowedBy: _, ...asked } = mute({ is: 'maintenance' });
    expect(muteOf(withMutes(asked), silence, NOW_MS)).toBeUndefined();
    const allowed = allowMute(withMutes(asked), 'works', 'https://id.example|li');
    expect('windows' in allowed && muteOf(allowed.windows, silence, NOW_MS)?.allowedBy).toBe('https://id.example|li');
  });

  it.each(alarmKinds)('no alarm: %s', (kind) => {
    const report = { id: 'a', timeMs: NOW_MS, ageMs: 0, kind, confirmed: 'unknown', drill: false } as const;
    const sender = { facilityId: 'sunshine', box: 'b1', key: 'k', createdMs: NOW_MS, receivedMs: NOW_MS };
    const alarm = openAlarm(report, 'digest', sender, sunshine, pack);
    expect(muteOf(withMutes(mute()), alarm, NOW_MS)).toBeUndefined();
    expect(holdBack(alarm, mute(), NOW_MS)).toBe(alarm);
  });

  it('no storm, no registration, and nothing in the life-safety lane', () => {
    const others: Incident[] = [
      { ...silence, rule: 'storm' },
      { ...silence, rule: 'registration' },
      { ...silence, lane: 'life-safety' },
    ];
    for (const other of others) {
      expect(muteOf(withMutes(mute()), other, NOW_MS)).toBeUndefined();
      expect(holdBack(other, mute(), NOW_MS + DAY_MS)).toBe(other);
    }
  });
});

describe('what is held back', () => {
  const dueMs = silence.outbox[0]?.dueAtMs ?? 0;

  it('waits with its rungs, which keep their spacing, and the timeline says so once', () => {
    const held = holdBack(silence, mute(), dueMs);
    expect(dueNotices(held, dueMs)).toEqual([]);
    expect(held.outbox[0]?.dueAtMs).toBe(dueMs + HELD_AT_MOST_MS);
    const spacing = ({ ladder, outbox }: Incident) =>
      ladder.slice(1).map((rung) => rung.dueAtMs - (outbox[0]?.dueAtMs ?? 0));
    expect(spacing(held)).toEqual(spacing(silence));
    const again = holdBack(held, mute(), dueMs + HELD_AT_MOST_MS);
    expect(again.steps.filter(({ kind }) => kind === 'no-notice').map(({ reason }) => reason)).toEqual([
      'muted works until 2026-03-03T02:00:00.000Z',
    ]);
  });

  it('waits no longer than the mute', () => {
    const ending = mute({ toMs: dueMs + MINUTE_MS });
    expect(holdBack(silence, ending, dueMs).outbox[0]?.dueAtMs).toBe(dueMs + MINUTE_MS);
  });

  it('is a rung that is due although nothing below it waits', () => {
    const told = { ...silence, outbox: [] };
    const rungMs = told.ladder[1]?.dueAtMs ?? 0;
    expect(holdBack(told, mute({ toMs: rungMs + DAY_MS }), rungMs - 1)).toBe(told);
    expect(holdBack(told, mute({ toMs: rungMs + DAY_MS }), rungMs).ladder[1]?.dueAtMs).toBe(rungMs + HELD_AT_MOST_MS);
  });

  it('is nothing that was tried: it may have been told', () => {
    const { incident } = claimDue(silence, dueMs);
    const retryMs = incident.outbox[0]?.dueAtMs ?? 0;
    expect(holdBack(incident, mute(), retryMs)).toBe(incident);
  });

  it('is nothing that is not due', () => {
    expect(holdBack(silence, mute(), dueMs - 1)).toBe(silence);
  });
});

describe('registering a mute', () => {
  const outcome = (over: Partial<Mute>, windows = withMutes()) => {
    const edited = registerMute(windows, mute({ id: 'new', ...over }), NOW_MS);
    return 'fault' in edited ? edited.fault : 'registered';
  };

  it.each([
    ['of seven days', { toMs: NOW_MS + 7 * DAY_MS }, 'registered'],
    ['longer than seven days', { toMs: NOW_MS + 7 * DAY_MS + 1 }, 'too-long'],
    ['that began within the hour', { fromMs: NOW_MS - HOUR_MS }, 'registered'],
    ['that began before that', { fromMs: NOW_MS - HOUR_MS - 1 }, 'starts-in-the-past'],
  ])('%s: %s', (_, over, expected) => {
    expect(outcome(over)).toBe(expected);
  });

  it('one after the other of the same rule is one mute, and no longer than one may be', () => {
    const next = (pauseMs: number) => ({
      fromMs: NOW_MS + DAY_MS + pauseMs,
      toMs: NOW_MS + pauseMs + 7 * DAY_MS,
    });
    const windows = withMutes(mute());
    expect(outcome(next(0), windows)).toBe('registered');
    expect(outcome(next(1), windows)).toBe('too-long');
    expect(outcome(next(HOUR_MS), windows)).toBe('too-long');
    expect(outcome(next(HOUR_MS + 1), windows)).toBe('registered');
    expect(outcome(next(1), withMutes(mute({ rules: ['area-covered'] })))).toBe('too-long');
    expect(outcome({ ...next(1), rules: ['noon-check'] }, withMutes(mute({ rules: ['area-covered'] })))).toBe(
      'registered',
    );
    const { allowedBy: _, ...asked } = mute({ id: 'asked', is: 'maintenance', ...next(1) });
    const noted = registerMute(windows, asked, NOW_MS);
    expect('windows' in noted && allowMute(noted.windows, 'asked', 'li')).toEqual({ fault: 'too-long' });
  });
});
