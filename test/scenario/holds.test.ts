import { describe, expect, it } from 'vitest';
import { makeAskBox } from '../../functions/receive-recordings/ask-box.ts';
import { makeReceiveRecording } from '../../functions/receive-recordings/receive-recordings.ts';
import { orderHold, releaseHold } from '../../functions/registry/order-hold.ts';
import type { RegistryDeps } from '../../functions/registry/stores.ts';
import type { Person } from '../../shared/domain/access.ts';
import type { Incident } from '../../shared/domain/incident.ts';
import type { RecordingReport } from '../../shared/domain/reports.ts';
import { DAY_MS, HOUR_MS } from '../../shared/domain/time.ts';
import { packFor } from '../../shared/rule-packs/index.ts';
import { nursery } from '../support/nursery.ts';
import { rosterWorld } from '../support/people-api.ts';
import { at, Timeline } from '../support/timeline.ts';

const TUESDAY = '2026-03-03';
const { cameras, division } = nursery('any');
const police: Person = {
  subject: 'https://id.example|police',
  roles: [{ role: 'officer', department: 'police', division: division.slice(0, 4) }],
};

/** A nursery with one camera, and the use cases of whoever orders, hears and confirms. */
const aWorld = async () => {
  const day = new Timeline(at('10:00:00'));
  await day.register('sun', { cameras: cameras.slice(0, 1), areas: [] });
  await day.kept.registry.putKey('sun', 'b1', day.sender('sun').key);
  await day.beat('sun');
  const [camera] = cameras;
  if (camera === undefined) throw new Error('no camera');
  const deps: RegistryDeps = {
    ...rosterWorld().deps,
    registry: day.kept.registry,
    vitals: day.kept.vitals,
    alarms: day.kept.alarms,
    records: day.kept.records,
    packs: { packFor, inForce: () => [], isKnown: () => true, topicOf: () => undefined },
    clock: day.clock,
    newId: () => day.id(),
  };
  const span = { fromMs: day.nowMs - 2 * DAY_MS, toMs: day.nowMs - DAY_MS };
  const wire = (ms: number): string => new Date(ms).toISOString();
  const order = {
    camera: camera.id,
    from: wire(span.fromMs),
    to: wire(span.toMs),
    until: wire(day.nowMs + 30 * DAY_MS),
  };
  const report = async (more: Partial<RecordingReport> = {}): Promise<void> => {
    const hourMs = Math.floor(day.nowMs / HOUR_MS) * HOUR_MS - HOUR_MS;
    const id = day.id();
    const oldestRetrievableAtMs = day.nowMs - 90 * DAY_MS;
    const recorded = [{ fromMs: hourMs, toMs: hourMs + HOUR_MS }];
    const said = { id, timeMs: day.nowMs, camera: camera.id, hourMs, recorded, oldestRetrievableAtMs, ...more };
    const taken = await makeReceiveRecording({ ...day.kept, packFor })(day.sender('sun'), said, id);
    expect(taken).toEqual({ result: 'accepted' });
  };
  return {
    day,
    span,
    report,
    order: () => orderHold(deps, police, 'sun', order),
    release: () => releaseHold(deps, police, 'sun', 'hold-1'),
    heard: async () => (await makeAskBox(day.kept)(day.sender('sun'))).holds,
    about: (): readonly Incident[] => day.incidents().filter(({ subject }) => subject === 'hold/hold-1'),
    sweepAt: async (time: string, on?: string): Promise<void> => {
      day.moveTo(time, on);
      await day.beat('sun');
      await day.sweep();
    },
  };
};

describe('an order to keep recordings', () => {
  it('that its box confirms in time is told of to nobody', async () => {
    const { day, span, report, order, heard, about, sweepAt } = await aWorld();
    await report();
    await order();
    expect(await heard()).toMatchObject([{ hold: 'hold-1', from: new Date(span.fromMs).toISOString() }]);
    await sweepAt('10:01:00');
    await report({ confirmedHolds: [{ hold: 'hold-1', ...span }] });
    await sweepAt('10:02:00');
    await sweepAt('10:00:00', TUESDAY);
    await sweepAt('12:00:00', TUESDAY);
    expect(about()).toEqual([]);
    expect(day.kept.publisher.published.filter(({ about: what }) => what.startsWith('retention-held'))).toEqual([]);
  });

  it('that nobody confirms is a finding a day later, from that instant, and ends with the confirmation', async () => {
    const { day, span, report, order, about, sweepAt } = await aWorld();
    await report();
    await order();
    await sweepAt('09:59:59', TUESDAY);
    expect(about()).toEqual([]);
    await sweepAt('10:01:00', TUESDAY);
    const reason = 'hold-not-confirmed';
    expect(about()).toMatchObject([
      { rule: 'retention-held', reason, state: 'open', sinceMs: at('10:00:00', TUESDAY) },
    ]);
    // Half of it is not it.
    await report({ confirmedHolds: [{ hold: 'hold-1', fromMs: span.fromMs, toMs: span.toMs - 1 }] });
    await sweepAt('10:02:00', TUESDAY);
    expect(about()).toMatchObject([{ state: 'open' }]);
    day.moveTo('10:03:00', TUESDAY);
    await report({ confirmedHolds: [{ hold: 'hold-1', ...span }] });
    await sweepAt('10:04:00', TUESDAY);
    expect(about()).toMatchObject([{ state: 'closed', endedAtMs: at('10:03:00', TUESDAY) }]);
  });

  it('that is released binds its box no more, and the finding about it is over', async () => {
    const { report, order, release, heard, about, sweepAt } = await aWorld();
    await report();
    await order();
    await sweepAt('10:01:00', TUESDAY);
    expect(about()).toMatchObject([{ state: 'open' }]);
    await release();
    expect(await heard()).toEqual([]);
    await sweepAt('10:02:00', TUESDAY);
    expect(about().filter(({ state }) => state === 'open')).toEqual([]);
  });

  it('whose film its box deletes is a finding at once, though it is a minute and the reason is a permitted one', async () => {
    const { day, span, report, order, release, about, sweepAt } = await aWorld();
    await report();
    await order();
    await report({ confirmedHolds: [{ hold: 'hold-1', ...span }] });
    day.moveTo('10:02:00');
    const minute = { fromMs: span.fromMs, toMs: span.fromMs + 60_000 };
    await report({ deletions: [{ ...minute, reason: 'authority-order' }] });
    await sweepAt('10:03:00');
    expect(about()).toMatchObject([{ reason: 'held-film-deleted', state: 'open', sinceMs: at('10:02:00') }]);
    await report({ confirmedHolds: [{ hold: 'hold-1', ...span }] });
    await sweepAt('10:04:00');
    expect(about()).toMatchObject([{ state: 'open' }]);
    await release();
    await sweepAt('10:05:00');
    expect(about().filter(({ state }) => state === 'open')).toEqual([]);
  });
});
