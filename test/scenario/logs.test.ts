import { describe, expect, it } from 'vitest';
import { makeReceiveLog } from '../../functions/receive-logs/receive-logs.ts';
import type { Paper } from '../../shared/domain/facility.ts';
import type { LogReport } from '../../shared/domain/reports.ts';
import { packFor } from '../../shared/rule-packs/index.ts';
import { nursery } from '../support/nursery.ts';
import { at, scenario, Timeline } from '../support/timeline.ts';

const log = (
  day: Timeline,
  kind: LogReport['kind'],
  counts: LogReport['counts'],
  doneAtMs = day.nowMs,
  device?: string,
) => {
  const report: LogReport = { id: day.id(), timeMs: day.nowMs, kind, doneAtMs, counts, ...(device && { device }) };
  return makeReceiveLog({ ...day.kept, packFor })(day.sender('sun'), report, report.id);
};

/** A nursery in Taizhou that beats, whose closings and guards are logged until now. */
const started = async (day: Timeline, classes = nursery('any').classes): Promise<void> => {
  await day.register('sun', { classes: [...classes] });
  await day.kept.registry.putKey('sun', 'b1', 'key');
  const row = await day.kept.vitals.readFacility('sun');
  const friday = { day: '2026-02-27', atMs: at('18:05:00', '2026-02-27'), childrenIn: 18, childrenOut: 18 };
  const checked = { day: '2026-03-02', atMs: day.nowMs };
  const checks = { small: { morning: checked, noon: checked } };
  if (row) await day.kept.vitals.patchFacility(row, { closing: friday, guardUntilMs: at('18:00:00'), checks });
  await day.beat('sun');
};

const about = (day: Timeline, rule: string) => day.incidents().filter((one) => one.rule === rule);

describe('children in = out', () => {
  it(
    'nobody counts: an incident dated at the deadline, until the count comes',
    scenario('18:50:00', async (day) => {
      await started(day);
      await day.minutes(9, ['sun']);
      expect(about(day, 'closing')).toEqual([]);
      await day.minutes(1, ['sun']);
      const [opened] = about(day, 'closing');
      expect(opened).toMatchObject({ reason: 'not-logged', finding: 'breached', state: 'open' });
      expect(await log(day, 'closing', { childrenIn: 18, childrenOut: 18 })).toEqual({
        result: 'accepted',
        late: true,
      });
      await day.minutes(1, ['sun']);
      expect(about(day, 'closing')).toMatchObject([{ id: opened?.id, state: 'closed', closeReason: 'met-again' }]);
      day.expectTold('sun: facility opened closing', 'sun: facility recovered closing');
    }),
  );

  it(
    'one child is still inside, and then is not, while no sweep runs: one incident, dated exactly',
    scenario('18:01:00', async (day) => {
      await started(day);
      const insideMs = day.nowMs;
      await log(day, 'closing', { childrenIn: 18, childrenOut: 17 });
      day.moveTo('18:20:00');
      await day.beat('sun');
      await log(day, 'closing', { childrenIn: 18, childrenOut: 18 });
      await day.minutes(1, ['sun']);
      const [incident] = about(day, 'closing');
      expect(incident).toMatchObject({
        reason: 'children-in-not-out',
        sinceMs: insideMs,
        endedAtMs: at('18:20:00'),
        state: 'closed',
      });
    }),
  );
});

describe('a receiver that died right after keeping a log', () => {
  it(
    'costs nothing: the daily assessment folds what was kept',
    scenario('10:00:00', async (day) => {
      await started(day, []);
      const report: LogReport = {
        id: day.id(),
        timeMs: day.nowMs,
        kind: 'drill',
        doneAtMs: day.nowMs,
        counts: { participants: 20 },
      };
      const kept = { report, digest: report.id, receivedMs: day.nowMs, key: 'key' };
      await day.kept.records.putLog('sun', 'b1', kept);
      await day.minutes(1, ['sun']);
      expect((await day.kept.vitals.readFacility('sun'))?.doneAtMs).toBeUndefined();
      const row = day.kept.vitals.rows.facilities.get('sun');
      const slot = Math.floor(((day.nowMs + 60_000) % 86_400_000) / 60_000);
      if (row) day.kept.vitals.rows.facilities.set('sun', { ...row, slot });
      await day.minutes(1, ['sun']);
      expect((await day.kept.vitals.readFacility('sun'))?.doneAtMs).toEqual({ drill: report.doneAtMs });
    }),
  );
});

describe('a duty that nobody ever logged', () => {
  it('opens nothing while its first interval runs, and a breach when it is over', async () => {
    // All else fails meanwhile, and is told: this looks at the duties alone.
    const day = new Timeline(at('09:00:00'));
    await started(day);
    const opened = () => about(day, 'duty-overdue').map(({ subject, finding }) => `${subject} ${finding}`);
    day.moveTo('09:00:00', '2026-03-31');
    await day.minutes(1);
    expect(opened()).not.toContain('duty/device-self-test breached');
    day.moveTo('09:00:00', '2026-04-20');
    await day.minutes(1);
    expect(opened()).toContain('duty/device-self-test breached');
    expect(opened()).not.toContain('duty/staff-health-check breached');
    expect(opened().filter((one) => !one.endsWith(' breached'))).toEqual([]);
  });
});

describe('a device that nobody tests', () => {
  it('is found by itself, while another is tested, until its own test is logged', async () => {
    const day = new Timeline(at('09:00:00'));
    await started(day);
    const sun = await day.kept.registry.readFacility('sun');
    const devices = [
      { id: 'panic-1', kind: 'panic-button' },
      { id: 'smoke-1', kind: 'smoke-detector' },
    ] as const;
    if (sun) await day.kept.registry.putFacility({ ...sun, version: sun.version + 1, devices });
    const found = () => about(day, 'duty-overdue').filter(({ subject }) => subject.startsWith('device/'));
    day.moveTo('09:00:00', '2026-03-31');
    await log(day, 'device-test', {}, day.nowMs, 'panic-1');
    await day.minutes(1);
    expect(found()).toEqual([]);
    day.moveTo('09:00:00', '2026-04-20');
    await day.minutes(1);
    expect(found()).toMatchObject([
      { subject: 'device/smoke-1', reason: 'device-untested', state: 'open', hazard: 'security_video' },
    ]);
    await log(day, 'device-test', {}, day.nowMs, 'smoke-1');
    await day.minutes(1);
    expect(found()).toMatchObject([{ subject: 'device/smoke-1', state: 'closed', closeReason: 'met-again' }]);
  });
});

describe('a paper that expired', () => {
  it('and is then taken out of the registry ends nothing, though its first showing is not yet due', async () => {
    const day = new Timeline(at('09:00:00'));
    await started(day);
    const expiresAtMs = at('09:00:00', '2026-03-05');
    const edit = async (papers: readonly Paper[]) => {
      const sun = await day.kept.registry.readFacility('sun');
      if (sun) await day.kept.registry.putFacility({ ...sun, version: sun.version + 1, papers });
    };
    await edit([{ kind: 'health-evaluation', number: 'n1', expiresAtMs }]);
    day.moveTo('10:00:00', '2026-03-05');
    await day.minutes(1);
    const found = () => about(day, 'duty-overdue').filter(({ subject }) => subject === 'duty/paper-health-evaluation');
    expect(found()).toMatchObject([{ state: 'open', reason: 'paper-expired' }]);
    await edit([]);
    day.moveTo('10:00:00', '2026-03-07');
    await day.minutes(1);
    expect(found()).toMatchObject([{ state: 'open' }]);
    await edit([{ kind: 'health-evaluation', number: 'n2' }]);
    day.moveTo('10:00:00', '2026-03-09');
    await day.minutes(1);
    expect(found()).toMatchObject([{ state: 'closed', closeReason: 'met-again' }]);
  });
});
