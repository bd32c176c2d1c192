import { beforeEach, describe, expect, it } from 'vitest';
import { makeAuditHandler } from '../../../functions/audit/handler.ts';
import { areaRecordingsView } from '../../../shared/contracts/audit.ts';
import {
  type AreaRecordingState,
  areaRecordingStates,
  type StillHeld,
} from '../../../shared/domain/area-recordings.ts';
import type { Camera, Facility } from '../../../shared/domain/facility.ts';
import { DAY_MS, HOUR_MS, type Interval, MINUTE_MS } from '../../../shared/domain/time.ts';
import { areaSentence } from '../../../shared/use-cases/audit/area-sentence.ts';
import { facility as aFacility } from '../../contract/samples.ts';
import { auditDeps } from '../../support/audit-deps.ts';
import { memoryRecordStore, memoryRegistryStore } from '../../support/memory-stores.ts';
import { believing, callerOf, grantTo } from '../../support/people-api.ts';

const ROUTE = 'GET /v1/audit/facilities/{facility}/areas/{area}/recordings';
const at = (text: string): number => Date.parse(`${text}+08:00`);
const NOW_MS = at('2026-09-20T12:00');
const DAY = '2026-09-03';
const span = (from: string, to: string): Interval => ({ fromMs: at(`${DAY}T${from}`), toMs: at(`${DAY}T${to}`) });

const aCamera = (id: string, more: Partial<Camera> = {}): Camera => ({
  id,
  box: 'gate',
  areas: ['nap-room'],
  installedAtMs: at('2026-01-01T00:00'),
  ...more,
});

const make = () => {
  const [registry, records] = [memoryRegistryStore(), memoryRecordStore()];
  const call = callerOf(
    makeAuditHandler(
      believing(registry),
      auditDeps({ registry, records }, () => NOW_MS),
    ),
  );
  return { registry, records, call };
};
let city: ReturnType<typeof make>;

const register = async (cameras: readonly Camera[], more: Partial<Facility> = {}): Promise<void> => {
  const areas = [{ id: 'nap-room', name: { zh: '睡眠室', en: 'Nap room' }, floor: 1, activity: true }];
  const registeredAtMs = at('2026-01-01T00:00');
  expect(await city.registry.putFacility(aFacility({ areas, cameras, registeredAtMs, ...more }))).toBe(true);
};

/** A day of one camera, reported soon after it. */
const report = async (
  camera: string,
  recorded: readonly Interval[],
  reported: readonly Interval[] = recorded,
  oldestRetrievableAtMs?: number,
  day = DAY,
): Promise<void> => {
  const reportedAtMs = at(`${day}T00:00`) + DAY_MS + 10 * MINUTE_MS;
  const claim = oldestRetrievableAtMs === undefined ? {} : { oldestRetrievableAtMs };
  const held = { camera, day, recorded, reported, reportedAtMs, revision: 1, ...claim };
  expect(await city.records.saveHeldDay('sunshine', held, undefined)).toBe(true);
};

const asked = { from: `${DAY}T10:00:00+08:00`, to: `${DAY}T11:00:00+08:00` };
const call = (as: string, query: Record<string, string> = asked, area = 'nap-room', facility = 'sunshine') =>
  city.call({ as, route: ROUTE, path: { facility, area }, query });
const ask = async (query: Record<string, string> = {}) => {
  const answer = await call('auditor', { ...asked, ...query });
  expect(answer.status, answer.text).toBe(200);
  const view = areaRecordingsView.parse(answer.body);
  const { askedSeconds, ...parts } = view.totals;
  const sum = (values: Readonly<Record<string, number>>) => Object.values(values).reduce((all, one) => all + one, 0);
  expect(sum(parts)).toBe(askedSeconds);
  expect(sum(view.recording)).toBe(askedSeconds);
  expect(askedSeconds).toBe((Date.parse(view.to) - Date.parse(view.from)) / 1_000);
  return view;
};

beforeEach(async () => {
  city = make();
  await grantTo(city.registry, 'auditor', { role: 'auditor', division: '3212' });
  await grantTo(city.registry, 'wuxi', { role: 'auditor', division: '3202' });
  await grantTo(city.registry, 'police', { role: 'officer', department: 'police', division: '3212' });
  await grantTo(city.registry, 'fire', { role: 'officer', department: 'fire', division: '3212' });
  await grantTo(city.registry, 'registrar', { role: 'registrar', division: '3212' });
  await grantTo(city.registry, 'head', { role: 'facility', facilityId: 'sunshine' });
  await grantTo(city.registry, 'neighbour', { role: 'facility', facilityId: 'lakeside' });
});

describe('was the nap room recorded, and is it still held', () => {
  it('yes: by one camera or the other, at every minute', async () => {
    await register([aCamera('left'), aCamera('right')]);
    await report('left', [span('09:00', '10:40')], [span('09:00', '11:00')]);
    await report('right', [span('10:30', '12:00')]);
    const view = await ask();
    expect(view).toMatchObject({ answer: 'yes', recorded: 'yes', reason: 'held' });
    expect(view.intervals.map(({ from, heldBy }) => [from.slice(11, 16), heldBy.join('+')])).toEqual([
      ['02:00', 'left'],
      ['02:30', 'left+right'],
      ['02:40', 'right'],
    ]);
    expect(view.sentence).toEqual({
      zh: '是：睡眠室共1小时，其中1小时已录像且仍保存（left、right）。',
      en: 'Yes: of 1 h in Nap room, 1 h was recorded and is still held (left, right).',
    });
  });

  it('partly: with what is missing and why', async () => {
    await register([aCamera('nap')]);
    await report('nap', [span('10:00', '10:30')], [span('10:00', '10:45')]);
    const view = await ask();
    expect(view).toMatchObject({
      answer: 'partly',
      recorded: 'partly',
      reason: 'lost',
      totals: { heldSeconds: 1_800, lostSeconds: 900, unknownSeconds: 900 },
      recording: { recordedSeconds: 1_800, notRecordedSeconds: 900, unknownSeconds: 900 },
    });
    expect(view.sentence.en).toBe(
      'Partly: of 1 h in Nap room, 30 min was recorded and is still held (nap), 15 min was not recorded, ' +
        '15 min is not known, since nobody reported enough.',
    );
    expect(view.sentence.zh).toBe(
      '部分：睡眠室共1小时，其中30分钟已录像且仍保存（nap），15分钟没有录像，15分钟没有任何报告，情况不明。',
    );
  });

  it('no: it was recorded, and the recorder no longer reaches back so far', async () => {
    await register([aCamera('nap')]);
    await report('nap', [span('10:00', '11:00')]);
    await report('nap', [], [], undefined, '2026-09-04');
    const later = { fromMs: at('2026-09-10T10:00'), toMs: at('2026-09-10T11:00') };
    await report('nap', [later], [later], at('2026-09-05T00:00'), '2026-09-10');
    const view = await ask();
    expect(view).toMatchObject({ answer: 'no', recorded: 'yes', reason: 'lost', totals: { lostSeconds: 3_600 } });
    expect(view.intervals).toMatchObject([{ recordedBy: ['nap'], heldBy: [], stillHeld: 'no' }]);
    expect(view.sentence.en).toContain('1 h was recorded and is lost since (nap)');
    // Before the recorder said so, nobody knew that it is gone.
    expect(await ask({ asOf: '2026-09-06T00:00:00+08:00' })).toMatchObject({ answer: 'yes' });
  });

  it('not known: nobody said anything, or the recorder alone claims it', async () => {
    await register([aCamera('nap')]);
    expect(await ask()).toMatchObject({ answer: 'not-known', recorded: 'not-known', reason: 'unknown' });
    const later = { fromMs: at('2026-09-10T10:00'), toMs: at('2026-09-10T11:00') };
    await report('nap', [later], [later], at('2026-09-01T00:00'), '2026-09-10');
    const view = await ask();
    expect(view).toMatchObject({ answer: 'not-known', recorded: 'not-known', reason: 'declared-held' });
    expect(view.sentence.en).toContain('by the word of the recorder alone');
    expect(view.totals.declaredHeldSeconds).toBe(3_600);
  });

  it('counts the camera that was replaced, and the time in between as without a camera', async () => {
    const old = aCamera('old', { retiredAtMs: at(`${DAY}T10:20`) });
    const next = aCamera('new', { installedAtMs: at(`${DAY}T10:30`) });
    await register([old, next, aCamera('gone', { retiredAtMs: at(`${DAY}T10:00`) })]);
    await report('old', [span('10:00', '10:20')]);
    await report('new', [span('10:30', '11:00')]);
    const view = await ask();
    expect(view.cameras.map(({ camera, retiredAt }) => [camera, retiredAt])).toEqual([
      ['old', '2026-09-03T02:20:00.000Z'],
      ['new', undefined],
    ]);
    expect(view.totals).toMatchObject({ heldSeconds: 3_000, noCameraSeconds: 600 });
    expect(view.intervals.map(({ state, recorded }) => [state, recorded])).toEqual([
      ['held', 'yes'],
      ['no-camera', 'no'],
      ['held', 'yes'],
    ]);
    expect(view.sentence.en).toContain('10 min had no camera in use');
  });

  it('past its days it need not be kept, unless an order is in effect', async () => {
    const legalHolds = [{ camera: 'nap', untilMs: NOW_MS + DAY_MS }];
    const old = { from: '2026-03-03T02:00:00Z', to: '2026-03-03T03:00:00Z' };
    const interval = { fromMs: Date.parse(old.from), toMs: Date.parse(old.to) };
    await register([aCamera('nap')]);
    await report('nap', [interval], [interval], undefined, '2026-03-03');
    expect(await ask(old)).toMatchObject({ answer: 'not-known', recorded: 'yes', reason: 'no-longer-due' });
    await register([aCamera('nap')], { version: 2, legalHolds });
    const view = await ask(old);
    expect(view).toMatchObject({ answer: 'yes', totals: { onHoldSeconds: 3_600 } });
    expect(view.sentence.en).toContain('because of an order');
  });

  it('no: one camera deleted it by permission and the other never recorded it', async () => {
    await register([aCamera('left'), aCamera('right')]);
    await report('left', [span('10:00', '11:00')]);
    await report('right', [], [span('10:00', '10:40')]);
    const receivedAtMs = at('2026-09-10T09:00');
    const deletions = [{ ...span('10:00', '10:50'), reason: 'erasure-request' as const, receivedAtMs }];
    const held = {
      camera: 'left',
      day: '2026-09-10',
      recorded: [],
      reportedAtMs: receivedAtMs,
      revision: 1,
      deletions,
    };
    expect(await city.records.saveHeldDay('sunshine', held, undefined)).toBe(true);
    const view = await ask({ to: `${DAY}T10:50:00+08:00` });
    expect(view.intervals.map(({ to, state, recordedBy }) => [to.slice(11, 16), state, recordedBy.join()])).toEqual([
      ['02:40', 'declared-deleted', 'left'],
      ['02:50', 'unknown', 'left'],
    ]);
    expect(view).toMatchObject({ answer: 'not-known', recorded: 'yes', reason: 'declared-deleted' });
    expect(await ask({ to: `${DAY}T10:40:00+08:00` })).toMatchObject({ answer: 'no', reason: 'declared-deleted' });
    // Before the box said that it deleted it, it was there.
    expect(await ask({ asOf: '2026-09-09T00:00:00+08:00' })).toMatchObject({ answer: 'yes' });
  });

  it('says of the last two hours that they were recorded, and that this is not settled', async () => {
    await register([aCamera('nap')]);
    const hour = { fromMs: NOW_MS - 2 * HOUR_MS, toMs: NOW_MS - HOUR_MS };
    const held = { camera: 'nap', day: '2026-09-20', recorded: [hour], reportedAtMs: NOW_MS - MINUTE_MS, revision: 1 };
    expect(await city.records.saveHeldDay('sunshine', held, undefined)).toBe(true);
    const query = { from: new Date(hour.fromMs).toISOString(), to: new Date(NOW_MS).toISOString() };
    const view = await ask(query);
    expect(view).toMatchObject({ answer: 'not-known', recorded: 'partly', reason: 'not-yet-due' });
    expect(view.sentence.en).toBe(
      'Not known: of 2 h in Nap room, 1 h was recorded, too lately to be settled (nap), 1 h is not due yet, or was not due.',
    );
  });

  it('tells every state in a clause of its own, so that the parts are the whole', () => {
    const lengths = (state: AreaRecordingState, recorded: StillHeld): string =>
      areaSentence({ zh: '室', en: 'Room' }, 'partly', [
        { fromMs: 0, toMs: 90_000, state, recorded, recordedBy: [], heldBy: [] },
      ]).en;
    for (const state of areaRecordingStates) {
      for (const recorded of ['yes', 'no', 'not-known'] as const) {
        expect(lengths(state, recorded), `${state} ${recorded}`).toMatch(
          /^Partly: of 1 min 30 s in Room, 1 min 30 s [^,]+(, [^0-9]+)?\.$/,
        );
      }
    }
  });

  it('adds up in whole seconds however the milliseconds fall', async () => {
    await register([aCamera('nap')]);
    const parts = [0, 2, 4, 6].map((n) => ({
      fromMs: at(`${DAY}T10:00`) + n * 1_500 + 400,
      toMs: at(`${DAY}T10:00`) + n * 1_500 + 1_900,
    }));
    await report('nap', parts, [span('10:00', '10:30')]);
    const view = await ask();
    expect(view.totals.heldSeconds).toBe(6);
    expect(view.intervals).toHaveLength(10);
    const odd = await ask({ to: `${DAY}T10:00:04+08:00` });
    expect(odd.totals).toMatchObject({ heldSeconds: 2, lostSeconds: 2 });
    expect(odd.sentence.en).toContain('of 4 s in Nap room, 2 s was recorded and is still held (nap), 2 s was not');
  });
});

describe('what cannot be asked', () => {
  const pointerOf = async (query: Record<string, string>): Promise<unknown> => {
    const { status, body } = await call('auditor', query);
    return [status, body.code, body.faults?.[0]?.pointer];
  };

  it('is refused, with the field that is wrong', async () => {
    await register([aCamera('nap')]);
    const refused = (pointer: string) => [400, 'query-invalid', pointer];
    expect(await pointerOf({ from: asked.from })).toEqual(refused('/to'));
    expect(await pointerOf({ ...asked, from: 'yesterday' })).toEqual(refused('/from'));
    expect(await pointerOf({ ...asked, from: asked.to })).toEqual(refused('/from'));
    expect(await pointerOf({ ...asked, camera: 'nap' })).toEqual(refused('/camera'));
    const later = (ms: number) => new Date(NOW_MS + ms).toISOString();
    expect(await pointerOf({ ...asked, to: later(1) })).toEqual(refused('/to'));
    expect(await pointerOf({ ...asked, asOf: later(1) })).toEqual(refused('/asOf'));
    expect(await pointerOf({ ...asked, asOf: asked.from })).toEqual(refused('/to'));
    const days = (count: number) => new Date(Date.parse(asked.to) - count * DAY_MS).toISOString();
    expect(await pointerOf({ ...asked, from: new Date(Date.parse(days(31)) - 1).toISOString() })).toEqual(
      refused('/from'),
    );
    expect((await call('auditor', { ...asked, from: days(31) })).status).toBe(200);
  });

  it('about an area that is none is not found, and one that only a retired camera knows is', async () => {
    await register([aCamera('nap', { areas: ['attic'], retiredAtMs: NOW_MS - HOUR_MS })]);
    expect((await call('auditor', asked, 'cellar')).status).toBe(404);
    expect((await call('auditor', asked, 'attic')).status).toBe(200);
    expect((await call('auditor', asked, 'nap-room')).body).toMatchObject({ answer: 'no', reason: 'no-camera' });
    expect((await call('auditor', asked, '../x')).status).toBe(400);
  });
});

describe('who may ask', () => {
  it('auditors and officers of recordings in their division, and the head of the own facility', async () => {
    await register([aCamera('nap')]);
    const statuses: Record<string, number> = {};
    for (const who of ['auditor', 'police', 'head', 'fire', 'registrar', 'wuxi', 'neighbour', 'stranger']) {
      const { status, text } = await call(who);
      statuses[who] = status;
      if (status !== 200) expect(text).not.toContain('睡眠室');
    }
    expect(statuses).toEqual({
      auditor: 200,
      police: 200,
      head: 200,
      fire: 403,
      registrar: 403,
      wuxi: 404,
      neighbour: 404,
      stranger: 404,
    });
    const refused = await call('wuxi');
    const absent = await call('wuxi', asked, 'nap-room', 'nowhere');
    expect(refused.text).toBe(absent.text.replaceAll('nowhere', 'sunshine'));
  });
});
