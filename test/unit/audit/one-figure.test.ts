import { beforeEach, describe, expect, it } from 'vitest';
import { facilityRetentionView, retentionPage } from '../../../shared/contracts/audit.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../shared/domain/time.ts';
import { type AuditWorld, at, auditWorld, NOW_MS } from '../../support/audit-world.ts';

let city: AuditWorld;
beforeEach(async () => {
  city = await auditWorld();
});

const listed = async (query: Record<string, string>) =>
  retentionPage.parse((await city.call({ as: 'auditor', route: 'GET /v1/audit/retention', query })).body).items[0];
const viewOf = async (query: Record<string, string> = {}) => {
  const route = 'GET /v1/audit/facilities/{facility}/retention';
  return facilityRetentionView.parse(
    (await city.call({ as: 'auditor', route, path: { facility: 'sunshine' }, query })).body,
  );
};
/** Depth and loss of the one camera, wherever they are told. */
const figures = async (query: Record<string, string> = {}) => {
  const [list, exact, view] = [
    await listed({ show: 'failing', ...query }),
    await listed({ show: 'not-shown', ...query }),
    await viewOf(query),
  ];
  const camera = view.cameras[0];
  const sum = (of: (day: NonNullable<typeof camera>['days'][number]) => number | undefined): number | undefined =>
    camera?.days.reduce((all, day) => all + (of(day) ?? Number.NaN), 0);
  return {
    depth: [list?.cameras[0], exact?.cameras[0], camera].map((one) => one?.depthDays),
    lost: [
      ...[list?.cameras[0], exact?.cameras[0], camera].map((one) => one?.missingSeconds),
      camera?.answers.completeness.lostSeconds,
      sum(({ missingSeconds }) => missingSeconds),
      sum(({ states }) => states?.lostSeconds),
    ],
  };
};

describe('one question as of one instant has one figure, in lists, in the view and by day', () => {
  it('of a recorder whose later word is not known yet', async () => {
    await city.register('sunshine');
    await city.connect('sunshine');
    await city.record('sunshine', 92, 91);
    const today = (await city.records.heldDays('sunshine', 'cam-1', '2026-03-02', '2026-03-02'))[0];
    if (today === undefined) throw new Error('no day');
    // Just now it says that it reaches back 35 days: two hours ago nobody knew.
    const claim = { claimHourMs: NOW_MS - HOUR_MS, claimReceivedAtMs: NOW_MS - MINUTE_MS };
    const less = { ...today, ...claim, oldestRetrievableAtMs: NOW_MS - 35 * DAY_MS, revision: 2 };
    expect(await city.records.saveHeldDay('sunshine', less, 1)).toBe(true);
    const now = await figures();
    expect(new Set(now.depth)).toEqual(new Set([35]));
    expect(new Set(now.lost).size).toBe(1);
    const then = await figures({ asOf: new Date(NOW_MS - 2 * HOUR_MS).toISOString() });
    expect(new Set(then.depth)).toEqual(new Set([91]));
    expect(new Set(then.lost).size).toBe(1);
  });

  it('of footage that was deleted and must not have been', async () => {
    await city.register('sunshine');
    await city.connect('sunshine');
    await city.record('sunshine', 92, 91);
    const day = (await city.records.heldDays('sunshine', 'cam-1', '2026-02-20', '2026-02-20'))[0];
    if (day === undefined) throw new Error('no day');
    const gone = { fromMs: at('2026-02-20T10:00'), toMs: at('2026-02-20T13:00') };
    const deletions = [{ ...gone, reason: 'by-mistake' as const, receivedAtMs: NOW_MS - DAY_MS }];
    expect(await city.records.saveHeldDay('sunshine', { ...day, deletions, revision: 2 }, 1)).toBe(true);
    expect(new Set((await figures()).lost)).toEqual(new Set([3 * 3_600]));
  });

  it('of a camera of which nobody ever spoke there is none: unknown is not zero', async () => {
    await city.register('sunshine');
    for (const show of ['failing', 'not-shown']) {
      const camera = (await listed({ show }))?.cameras[0];
      expect([camera?.reason, camera?.missingSeconds, camera?.depthDays]).toEqual([
        'never-connected',
        undefined,
        undefined,
      ]);
    }
  });
});

it('of a facility whose last recording may go the view says that it owes nothing, and judges nothing', async () => {
  await city.register('sunshine', { state: { is: 'closed', sinceMs: NOW_MS - 91 * DAY_MS } });
  const { state, reason, sentence, cameras } = await viewOf();
  expect([state, reason, cameras]).toEqual([undefined, undefined, []]);
  expect(sentence?.en).toBe('The facility owes no recordings any more.');
});
