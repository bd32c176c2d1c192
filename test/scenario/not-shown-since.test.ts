import { describe, expect, it } from 'vitest';
import { makeReceiveRecording } from '../../functions/receive-recordings/receive-recordings.ts';
import { putFacility } from '../../functions/registry/put-facility.ts';
import type { RegistryDeps } from '../../functions/registry/stores.ts';
import type { Person } from '../../shared/domain/access.ts';
import type { RecordingReport } from '../../shared/domain/reports.ts';
import { DAY_MS, HOUR_MS, hourFrom } from '../../shared/domain/time.ts';
import { packFor } from '../../shared/rule-packs/index.ts';
import { listRetention } from '../../shared/use-cases/audit/list-retention.ts';
import { wholeNotShown } from '../../shared/use-cases/audit/not-shown.ts';
import { auditDeps } from '../support/audit-deps.ts';
import { ChallengeWorld } from '../support/challenge-world.ts';
import { memoryLogStore } from '../support/memory/log-store.ts';
import { aFacility, rosterWorld } from '../support/people-api.ts';
import { at, Timeline } from '../support/timeline.ts';

const auditor: Person = { subject: 'issuer|auditor', roles: [{ role: 'auditor', division: '3212' }] };
const registrar: Person = { subject: 'issuer|registrar', roles: [{ role: 'registrar', division: '3212' }] };
const TODAY = '2026-03-02';
const midnightMs = at('00:00:00');
const camera = { id: 'c1', box: 'b1', areas: [], installedAtMs: midnightMs };

/**
 * Monday at eight; Sunday is sealed, and nobody is on its list. Two nurseries show all that they owe, but for an hour that
 * nobody spoke of and a second that was lost, as much as is tolerated.
 */
const monday = async () => {
  const day = new Timeline(at('08:00:00'));
  const logs = memoryLogStore();
  const registry: RegistryDeps = {
    ...rosterWorld().deps,
    registry: day.kept.registry,
    vitals: day.kept.vitals,
    alarms: day.kept.alarms,
    packs: { packFor, inForce: () => [], isKnown: () => true, topicOf: () => undefined },
    logs,
    clock: day.clock,
    newId: () => day.id(),
  };
  const deps = auditDeps({ ...day.kept, logs }, day.clock);
  logs.kept.runs.set('2026-03-01', { day: '2026-03-01', asked: 2, step: 'sealed', revision: 1 });
  for (const id of ['sun', 'moon']) {
    await day.register(id, { cameras: [camera] });
    await day.kept.registry.putKey(id, 'b1', day.sender(id).key);
    await day.beat(id);
    const recorded = [
      { fromMs: midnightMs, toMs: at('03:00:00') },
      { fromMs: at('04:00:01'), toMs: at('06:05:00') },
    ];
    const reported = [recorded[0], { fromMs: at('04:00:00'), toMs: at('06:05:00') }].filter((one) => one !== undefined);
    const held = { camera: 'c1', day: TODAY, recorded, reported, oldestRetrievableAtMs: midnightMs };
    await day.kept.records.saveHeldDay(id, { ...held, reportedAtMs: at('06:06:00'), revision: 1 }, undefined);
  }
  await day.sweep();

  const report = async (more: Partial<RecordingReport>): Promise<void> => {
    const id = day.id();
    const hourMs = at('06:00:00');
    const usual = { id, timeMs: day.nowMs, camera: 'c1', hourMs, recorded: [hourFrom(hourMs)] };
    const said: RecordingReport = { ...usual, oldestRetrievableAtMs: midnightMs, ...more };
    const taken = await makeReceiveRecording({ ...day.kept, packFor })(day.sender('sun'), said, id);
    expect(taken).toMatchObject({ result: 'accepted' });
  };
  const listed = async (): Promise<readonly string[]> => {
    const { items } = await wholeNotShown(deps, auditor, { show: 'not-shown', division: '3212' });
    return items.map(({ facility, reason }) => `${facility} ${reason}`);
  };
  const everybody = async (): Promise<readonly string[]> => {
    const { items } = await listRetention(deps, auditor, { show: 'failing', division: '3212' });
    return items.map(({ facility, reason }) => `${facility} ${reason}`);
  };
  expect([await listed(), await everybody()]).toEqual([[], []]);
  return { day, logs, registry, report, listed, everybody };
};

describe('who began to fail since the last sealed day is on the list', () => {
  it('from its registration on, and from an edit on that gives it a camera', async () => {
    const { day, registry, listed } = await monday();
    const body = aFacility({ areas: [], cameras: [], classes: [], division: '321202001' });
    await putFacility(registry, registrar, 'new', body);
    expect(await listed()).toEqual(['new no-cameras']);
    day.nowMs += HOUR_MS;
    const { installedAtMs: _at, ...fresh } = camera;
    const area = { id: 'hall', name: { zh: '门厅', en: 'Hall' }, floor: 1, activity: false };
    const cameras = [{ ...fresh, areas: ['hall'], installedAt: new Date(midnightMs).toISOString() }];
    await putFacility(registry, registrar, 'new', { ...body, areas: [area], cameras, version: 1 });
    expect(await listed()).toEqual(['new never-connected']);
  });

  it.each([
    ['an hour that was not recorded', { hourMs: at('03:00:00'), recorded: [] }, 'time-missing'],
    ['film that the recorder cannot reach any more', { oldestRetrievableAtMs: at('02:00:00') }, 'recorder-keeps-less'],
    [
      'film that was deleted without being allowed to',
      { deletions: [{ fromMs: midnightMs, toMs: at('02:00:00'), reason: 'space-needed' }] },
      'time-missing',
    ],
  ] as const)('with the first sweep after a report says so: %s', async (_what, more, reason) => {
    const { day, report, listed, everybody } = await monday();
    await report(more as Partial<RecordingReport>);
    await day.minutes(1, ['sun', 'moon']);
    expect(await listed()).toEqual([`sun ${reason}`]);
    expect(await everybody()).toEqual([`sun ${reason}`]);
  });

  it.each([
    ['is not found', 'film-not-found'],
    ['is not answered for', 'challenge-unanswered'],
  ] as const)('with the first sweep after footage that was asked for %s', async (_what, reason) => {
    const world = new ChallengeWorld();
    await world.filmADay();
    world.daysLater(0);
    const logs = memoryLogStore();
    const yesterday = world.yesterday();
    logs.kept.runs.set(yesterday, { day: yesterday, asked: 1, step: 'sealed', revision: 1 });
    const deps = auditDeps({ ...world.day.kept, logs }, world.day.clock);
    const unproved = async () => {
      const { items } = await wholeNotShown(deps, auditor, { show: 'not-shown', division: '3212' });
      return items.map(({ challenges }) => challenges?.reason);
    };
    await world.draw();
    const questions = await world.questions();
    await world.day.sweep();
    expect(await unproved()).toEqual([]);
    if (reason === 'challenge-unanswered') world.day.nowMs += DAY_MS;
    else for (const { id } of questions) await world.answer({ id, is: 'not-found' });
    await world.day.sweep();
    expect(world.day.incidents().map(({ rule, subject }) => `${rule} ${subject}`)).toContain(
      'retention-held challenges',
    );
    expect(await unproved()).toEqual([reason]);
  });

  it('when its box is silent, as soon as more is unknown than is tolerated; one that beats and sends nothing is said not to be known', async () => {
    const { day, listed, everybody } = await monday();
    await day.minutes(10, ['moon']);
    expect(await listed()).toEqual(['sun no-report']);
    // Both stopped to send recordings; of the one that beats nobody knows before its day is closed, or all are looked at.
    expect(await everybody()).toEqual(['moon no-report', 'sun no-report']);
  });
});
