import { describe, expect, it } from 'vitest';
import { technicalIncidentId } from '../../../shared/domain/incident.ts';
import { openTechnical } from '../../../shared/domain/incidents/open.ts';
import { judgeReachable } from '../../../shared/domain/rules/reachable.ts';
import { aFacility, aFacilityRow, beijing, DAY_MS, floor, NOW } from '../../support/rows.ts';

const DAYS = 35;
const judge = (headSeenAtMs: number | undefined, nowMs: number, facility = aFacility()) => {
  const { headSeenAtMs: _seen, ...row } = aFacilityRow();
  return judgeReachable({ ...row, ...(headSeenAtMs !== undefined && { headSeenAtMs }) }, facility, floor, nowMs);
};

describe('a facility is reachable while its head has seen a notice', () => {
  it('is met one millisecond before thirty-five days are over, breached at that instant and dated there', () => {
    const lostAtMs = NOW + DAYS * DAY_MS;
    expect(judge(NOW, lostAtMs - 1)).toMatchObject({ state: 'met', reason: 'seen', dueAtMs: lostAtMs });
    expect(judge(NOW, lostAtMs)).toMatchObject({ state: 'breached', reason: 'not-seen', sinceMs: lostAtMs });
    expect(judge(NOW, lostAtMs + 90 * DAY_MS)).toMatchObject({ state: 'breached', sinceMs: lostAtMs });
  });

  it('has as long from its first day in service if its head never saw any', () => {
    const lostAtMs = beijing('2026-01-01 00:00') + DAYS * DAY_MS;
    expect(judge(undefined, lostAtMs - 1)).toMatchObject({ state: 'met', reason: 'not-yet-due', dueAtMs: lostAtMs });
    expect(judge(undefined, lostAtMs)).toMatchObject({ state: 'breached', reason: 'never-seen', sinceMs: lostAtMs });
  });

  it('counts nothing against it from before its service began', () => {
    const longAgo = beijing('2025-06-01 00:00');
    expect(judge(longAgo, NOW, aFacility({ state: { is: 'in-service', sinceMs: NOW } }))).toMatchObject({
      state: 'met',
      dueAtMs: NOW + DAYS * DAY_MS,
    });
  });

  it('is told above the facility at once: whoever cannot be reached is not asked first', () => {
    const found = {
      rule: 'reachable',
      subject: 'facility',
      finding: 'breached',
      reason: 'not-seen',
      sinceMs: NOW,
    } as const;
    const incident = openTechnical(found, aFacility(), floor, NOW);
    expect(incident.id).toBe(technicalIncidentId('f1', 'reachable', 'facility', NOW));
    expect(incident.ladder.map(({ level, dueAtMs }) => [level, dueAtMs - NOW])).toEqual([
      ['town', 0],
      ['district', 30 * 60_000],
      ['city', 105 * 60_000],
    ]);
    expect(incident.outbox.map(({ recipient }) => recipient.department)).not.toContain('facility');
    expect(incident.outbox.length).toBeGreaterThan(0);
  });
});
