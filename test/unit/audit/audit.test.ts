import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeAuditHandler } from '../../../functions/audit/handler.ts';
import type { AuditDeps } from '../../../functions/audit/stores.ts';
import { exportView, facilityRetentionView, retentionPage, uptimeView } from '../../../shared/contracts/audit.ts';
import type { Facility } from '../../../shared/domain/facility.ts';
import { DAY_MS, HOUR_MS } from '../../../shared/domain/time.ts';
import { csvOf } from '../../../shared/runtime/sheets/csv.ts';
import { facility as aFacility } from '../../contract/samples.ts';
import { auditDeps } from '../../support/audit-deps.ts';
import {
  failing,
  memoryExportStore,
  memoryRecordStore,
  memoryRegistryStore,
  memoryVitalsStore,
} from '../../support/memory-stores.ts';
import { believing, type Call, callerOf, grantTo } from '../../support/people-api.ts';

const NOW_MS = Date.parse('2026-03-02T04:00:00Z');
const INSTALLED_MS = Date.parse('2025-06-01T00:00:00Z');

const make = () => {
  const [registry, vitals, records] = [memoryRegistryStore(), memoryVitalsStore(), memoryRecordStore()];
  const exports = memoryExportStore();
  let nowMs = NOW_MS;
  const deps = auditDeps({ registry, vitals, records, exports }, () => nowMs);
  const authenticate = believing(registry);
  const callWith = (more: Partial<AuditDeps>) => callerOf(makeAuditHandler(authenticate, { ...deps, ...more }));
  return { registry, vitals, records, exports, call: callWith({}), callWith, pass: (ms: number) => (nowMs += ms) };
};

let city: ReturnType<typeof make>;

const register = async (id: string, more: Partial<Facility> = {}): Promise<void> => {
  const camera = { id: 'cam-1', box: 'gate', areas: ['playroom'], installedAtMs: INSTALLED_MS };
  const registeredAtMs = INSTALLED_MS;
  const facility = aFacility({ id, cameras: [camera], registeredAtMs, ...more });
  await city.vitals.announceFacility(id, 1, 0);
  await city.vitals.announceBox(id, 'gate', 180_000, 0);
  await city.registry.putBox({ facilityId: id, id: 'gate', enrolledAtMs: registeredAtMs, liveKeys: [] });
  expect(await city.registry.putFacility(facility)).toBe(true);
};

const connect = async (id: string, connectedAtMs = INSTALLED_MS): Promise<void> => {
  const row = await city.vitals.readBox(id, 'gate');
  if (row === undefined) throw new Error('no row');
  await city.vitals.patchBox(row, { connectedAtMs, beatAtMs: NOW_MS - 1_000, silentAtMs: NOW_MS + 179_000 });
};

/** Reports for each of the last days, as a recorder that reaches back `depthDays` would send them. */
const record = async (id: string, days: number, depthDays: number, camera = 'cam-1'): Promise<void> => {
  for (let n = 0; n < days; n += 1) {
    const midnightMs = Date.parse('2026-03-01T16:00:00Z') - n * DAY_MS;
    const interval = { fromMs: midnightMs, toMs: Math.min(midnightMs + DAY_MS, NOW_MS) };
    const held = {
      camera,
      day: new Date(midnightMs + 8 * HOUR_MS).toISOString().slice(0, 10),
      recorded: [interval],
      reported: [interval],
      oldestRetrievableAtMs: interval.toMs - depthDays * DAY_MS,
      reportedAtMs: interval.toMs,
      revision: 1,
    };
    expect(await city.records.saveHeldDay(id, held, undefined)).toBe(true);
  }
};

beforeEach(async () => {
  city = make();
  await grantTo(city.registry, 'auditor', { role: 'auditor', division: '3212' });
  await grantTo(city.registry, 'second', { role: 'auditor', division: '3212' });
  await grantTo(city.registry, 'wuxi', { role: 'auditor', division: '3202' });
  await grantTo(city.registry, 'police', { role: 'officer', department: 'police', division: '3212' });
  await grantTo(city.registry, 'fire', { role: 'officer', department: 'fire', division: '3212' });
  await grantTo(city.registry, 'registrar', { role: 'registrar', division: '3212' });
  await grantTo(city.registry, 'head', { role: 'facility', facilityId: 'sunshine' });
});

const LIST = 'GET /v1/audit/retention';
const RETENTION = 'GET /v1/audit/facilities/{facility}/retention';
const UPTIME = 'GET /v1/audit/facilities/{facility}/uptime';
const EXPORT = 'GET /v1/audit/exports/{export}';
const list = (as: string, query: Record<string, string> = {}, more: Partial<Call> = {}) =>
  city.call({ as, route: LIST, query, ...more });
const states = async (query: Record<string, string> = {}): Promise<string[]> =>
  retentionPage
    .parse((await list('auditor', query)).body)
    .items.map(({ facility, state, reason }) => `${facility} ${state} ${reason}`);

describe('which facilities cannot show ninety days, and why', () => {
  beforeEach(async () => {
    await register('sunshine');
    await connect('sunshine');
    await record('sunshine', 92, 91);
  });

  it('leaves out those that can, unless all are asked for', async () => {
    expect(await states()).toEqual([]);
    expect(await states({ show: 'all' })).toEqual(['sunshine held held']);
  });

  it('names the recorder that keeps 35 days, the camera never reported and the box never connected', async () => {
    await register('short');
    await connect('short');
    await record('short', 92, 35);
    await register('silent');
    await connect('silent');
    await register('unplugged');
    await register('empty', { cameras: [] });
    await connect('empty');
    expect(await states()).toEqual([
      'empty unknown no-cameras',
      'short short recorder-keeps-less',
      'silent unknown never-reported',
      'unplugged unknown never-connected',
    ]);
    const { items } = retentionPage.parse((await list('auditor')).body);
    const camerasOf = (id: string) => items.find(({ facility }) => facility === id)?.cameras[0];
    expect(camerasOf('short')).toMatchObject({ depthDays: 35 });
    expect(camerasOf('unplugged')).toEqual({
      camera: 'cam-1',
      state: 'unknown',
      reason: 'never-connected',
      installedAt: '2025-06-01T00:00:00.000Z',
    });
    expect(items.map(({ connected }) => connected)).toEqual([true, true, true, false]);
  });

  it('judges as of an instant: a box that connected later was not connected, who registered later was not there', async () => {
    await register('late', { registeredAtMs: NOW_MS - DAY_MS });
    await register('plugged');
    await connect('plugged', NOW_MS - 2 * DAY_MS);
    // Midnight in Shanghai, when the reports of that day had come.
    const asOf = '2026-02-20T16:00:00Z';
    expect(await states({ asOf })).toEqual(['plugged unknown never-connected']);
    expect(await states()).toEqual(['late unknown never-connected', 'plugged unknown never-reported']);
    const future = await list('auditor', { asOf: new Date(NOW_MS + 1).toISOString() });
    expect(future).toMatchObject({ status: 400, body: { faults: [{ pointer: '/asOf' }] } });
  });

  it('keeps asking about a closed facility for ninety days', async () => {
    const closed = (daysAgo: number) => ({ state: { is: 'closed', sinceMs: NOW_MS - daysAgo * DAY_MS } as const });
    await register('closed-lately', closed(89));
    await register('closed-long', closed(90));
    expect(await states()).toEqual(['closed-lately unknown never-connected']);
  });

  it('is paged, each facility once', async () => {
    for (let n = 0; n < 7; n += 1) await register(`more-${n}`);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const { body } = await list('auditor', { limit: '3', ...(cursor && { cursor }) });
      seen.push(...retentionPage.parse(body).items.map(({ facility }) => facility));
      cursor = body.cursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(['more-0', 'more-1', 'more-2', 'more-3', 'more-4', 'more-5', 'more-6']);
  });

  it('has a facility once for whoever reaches it by two roles', async () => {
    await register('mine');
    const own = { role: 'facility', facilityId: 'mine' } as const;
    await grantTo(city.registry, 'both', { role: 'auditor', division: '3212' }, own);
    for (const show of ['failing', 'not-shown']) {
      const { body } = await list('both', { show });
      expect(retentionPage.parse(body).items.filter(({ facility }) => facility === 'mine')).toHaveLength(1);
    }
  });
});

describe('one facility', () => {
  beforeEach(async () => {
    await register('sunshine');
    await connect('sunshine');
  });

  it('by camera and day adds up to what was required', async () => {
    await record('sunshine', 3, 40);
    const answer = await city.call({ as: 'auditor', route: RETENTION, path: { facility: 'sunshine' } });
    const view = facilityRetentionView.parse(answer.body);
    const [camera] = view.cameras;
    expect(camera).toMatchObject({ camera: 'cam-1', state: 'short', depthDays: 40 });
    expect(camera?.days).toHaveLength(91);
    for (const day of camera?.days ?? []) {
      const sum = day.heldSeconds + day.declaredSeconds + day.missingSeconds + day.unknownSeconds;
      expect(sum, day.day).toBe(day.requiredSeconds);
    }
    const total = (field: 'heldSeconds' | 'missingSeconds' | 'unknownSeconds'): number =>
      (camera?.days ?? []).reduce((sum, day) => sum + day[field], 0) / 86_400;
    expect(total('missingSeconds')).toBe(50);
    expect(total('unknownSeconds')).toBe(0);
    const other = await city.call({
      as: 'auditor',
      route: RETENTION,
      path: { facility: 'sunshine' },
      query: { camera: 'cam-9' },
    });
    expect(other).toMatchObject({ status: 400, body: { faults: [{ pointer: '/camera' }] } });
  });

  it('uptime by day has the gaps, against 24 hours', async () => {
    await city.records.putGap({
      facilityId: 'sunshine',
      rule: 'monitoring-running',
      subject: 'box/gate',
      reason: 'no-beat',
      fromMs: Date.parse('2026-02-27T22:00:00+08:00'),
      toMs: Date.parse('2026-02-28T02:00:00+08:00'),
      shownLate: 30,
    });
    const query = { from: '2026-02-27', to: '2026-03-02' };
    const answer = await city.call({ as: 'auditor', route: UPTIME, path: { facility: 'sunshine' }, query });
    const view = uptimeView.parse(answer.body);
    expect(
      view.days.map(({ day, shownSeconds, missingSeconds, shownLateMinutes }) => [
        day,
        shownSeconds,
        missingSeconds,
        shownLateMinutes,
      ]),
    ).toEqual([
      ['2026-02-27', 79_200, 7_200, 30],
      ['2026-02-28', 79_200, 7_200, 0],
      ['2026-03-01', 86_400, 0, 0],
      ['2026-03-02', 43_200, 0, 0],
    ]);
    expect(view.gaps).toMatchObject([{ reason: 'no-beat', shownLateMinutes: 30 }]);
    expect(view.connectedAt).toBe('2025-06-01T00:00:00.000Z');
  });

  it('uptime of days that are upside down, to come or too many is refused', async () => {
    const ask = async (query: Record<string, string>) =>
      (await city.call({ as: 'auditor', route: UPTIME, path: { facility: 'sunshine' }, query })).body.faults?.[0]
        .pointer;
    expect(await ask({ from: '2026-03-02', to: '2026-03-01' })).toBe('/from');
    expect(await ask({ to: '2026-03-03' })).toBe('/to');
    expect(await ask({ from: '2024-01-01' })).toBe('/from');
    expect(await ask({ from: '2026-02-30' })).toBe('/from');
    expect(await ask({ from: '2026-02-28' })).toBeUndefined();
  });
});

const ZONE = 'Asia/Shanghai';

describe('CSV', () => {
  beforeEach(async () => {
    await register('sunshine', { name: { zh: '=HYPERLINK("http://evil")', en: '+Sunshine, "Ltd"' } });
    await connect('sunshine');
  });

  it('has headings in both languages, a byte order mark, and nothing that a spreadsheet would run', async () => {
    const answer = await list('auditor', { format: 'csv' });
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(answer.text.startsWith('\uFEFF')).toBe(true);
    const [heading, line] = answer.text.slice(1).split('\r\n');
    expect(heading).toContain('机构编号 facility');
    expect(line).toContain(`"'=HYPERLINK(""http://evil"")"`);
    expect(line).toContain(`"'+Sunshine, ""Ltd"""`);
  });

  it('guards every beginning that runs, says what is unknown, and leaves numbers alone', () => {
    const name = { zh: '表', en: 'sheet' };
    const cell = (value: string | number | undefined): string =>
      csvOf({ name, columns: [{ heading: 'h', value: (row: typeof value) => row }], rows: [value] }, ZONE).split(
        '\r\n',
      )[1] ?? '';
    for (const start of ['=', '+', '-', '@', '＝', '＋', '－', '＠']) expect(cell(`${start}1`)).toBe(`'${start}1`);
    for (const start of ['\t', '\r', '\n'])
      expect(csvOf({ name, columns: [{ heading: 'h', value: () => `${start}1` }], rows: [0] }, ZONE)).toContain(
        `'${start}1`,
      );
    expect([cell(undefined), cell(0), cell(-1), cell('ok')]).toEqual(['未知', '0', '-1', 'ok']);
  });

  it('writes an instant as a clock on the wall shows it, and names the clock', () => {
    const instant = { heading: '时间 at', value: (row: string | null) => row, is: 'instant' } as const;
    const rows = ['2026-11-05T16:00:30.250Z', '2026-11-06T00:00:30+08:00', null];
    const lines = csvOf({ name: { zh: '表', en: 'sheet' }, columns: [instant], rows }, ZONE)
      .slice(1)
      .split('\r\n');
    const midnight = '2026-11-06 00:00:30';
    expect(lines).toEqual(['时间 at (北京时间 Asia/Shanghai)', midnight, midnight, '—', '']);
  });

  it('is asked for by Accept too, and not against the query', async () => {
    expect((await list('auditor', {}, { accept: 'text/csv' })).headers['content-type']).toContain('text/csv');
    expect((await list('auditor', { format: 'json' }, { accept: 'text/csv' })).body.items).toHaveLength(1);
    for (const route of [RETENTION, UPTIME]) {
      const answer = await city.call({ as: 'auditor', route, path: { facility: 'sunshine' }, accept: 'text/csv' });
      expect(answer.text).toContain('机构编号 facility');
      expect(answer.headers['content-disposition']).toContain('sunshine.csv');
    }
  });

  it('of a list holds all pages', async () => {
    for (let n = 0; n < 45; n += 1) await register(`more-${String(n).padStart(2, '0')}`);
    const { text } = await list('auditor', { format: 'csv', limit: '2' });
    expect(text.trim().split('\r\n')).toHaveLength(1 + 46);
  });
});

describe('a CSV too large for an answer', () => {
  let made: ReturnType<typeof exportView.parse>;
  const fetchAs = (as: string, id = made.export) => city.call({ as, route: EXPORT, path: { export: id } });
  const ask = (as: string, more: Partial<Call> = {}) =>
    city.callWith({ largestCsvBytes: 10 })({ as, route: LIST, query: { format: 'csv' }, ...more });

  beforeEach(async () => {
    await register('sunshine');
    await connect('sunshine');
    const answer = await ask('auditor');
    expect(answer.status).toBe(200);
    made = exportView.parse(answer.body);
  });

  it('is kept and fetched by its link, byte for byte', async () => {
    const fetched = await fetchAs('auditor');
    expect(fetched.text).toBe((await list('auditor', { format: 'csv' })).text);
    expect(fetched.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(made.link).toBe(`/v1/audit/exports/${made.export}`);
    expect(made.export).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it('is there for nobody else, not even with the same role, and guessing finds nothing', async () => {
    for (const who of ['second', 'wuxi', 'police', 'head', 'registrar', 'stranger']) {
      const refused = await fetchAs(who);
      expect(refused.status, who).toBe(404);
      expect(refused.text).not.toContain('sunshine');
    }
    expect((await fetchAs('auditor', randomBytes(32).toString('base64url'))).status).toBe(404);
    for (const id of ['../secret', 'short', `${made.export}x`]) expect((await fetchAs('auditor', id)).status).toBe(400);
  });

  it('is gone with the role that made it, and after a week', async () => {
    city.pass(7 * DAY_MS - 1);
    expect((await fetchAs('auditor')).status).toBe(200);
    const grant = await city.registry.readGrant('https://id.example|auditor');
    if (grant === undefined) throw new Error('no grant');
    await city.registry.putGrant({ ...grant, version: 2, roles: [{ role: 'auditor', division: '321283' }] });
    expect((await fetchAs('auditor')).status).toBe(404);
    await city.registry.putGrant({ ...grant, version: 3 });
    expect((await fetchAs('auditor')).status).toBe(200);
    city.pass(1);
    expect((await fetchAs('auditor')).status).toBe(404);
  });

  it('of one facility is there for its maker only, and gone with the role', async () => {
    const answer = await ask('head', { route: RETENTION, path: { facility: 'sunshine' } });
    expect((await fetchAs('head', answer.body.export)).status).toBe(200);
    expect((await fetchAs('auditor', answer.body.export)).status).toBe(404);
    const ofList = await ask('head');
    expect((await fetchAs('head', ofList.body.export)).status).toBe(200);
    await city.registry.removeGrant('https://id.example|head');
    expect((await fetchAs('head', answer.body.export)).status).toBe(404);
    expect((await fetchAs('head', ofList.body.export)).status).toBe(404);
  });

  it('larger than the API can hand out again is refused before it is kept', async () => {
    const name = { zh: '阳'.repeat(100), en: 'S'.repeat(100) };
    const one = { box: 'gate', areas: ['playroom'], installedAtMs: INSTALLED_MS };
    const cameras = Array.from({ length: 160 }, (_, n) => ({ ...one, id: `cam-${n}` }));
    await register('crowded', { cameras, name });
    const kept = city.exports.kept.size;
    const asked = { route: RETENTION, path: { facility: 'crowded' } };
    const refused = await ask('auditor', asked);
    expect({ status: refused.status, code: refused.body.code }).toEqual({ status: 400, code: 'query-invalid' });
    expect(city.exports.kept.size).toBe(kept);
    expect((await ask('auditor', { ...asked, query: { format: 'csv', camera: 'cam-7' } })).status).toBe(200);
  });

  it('that cannot be kept is 503, and something else under the id is nothing', async () => {
    const broken = city.callWith({
      largestCsvBytes: 10,
      exports: failing(city.exports, { at: 1, when: 'before', only: ['put'] }),
    });
    expect((await broken({ as: 'auditor', route: LIST, query: { format: 'csv' } })).status).toBe(503);
    for (const content of ['', 'no header\nx', '{"owner":"https://id.example|auditor"}\nx']) {
      city.exports.kept.set(made.export, content);
      expect((await fetchAs('auditor')).status).toBe(404);
    }
  });
});

describe('divisions and roles', () => {
  beforeEach(async () => {
    await register('sunshine');
    await register('lakeside', { division: '320282' });
  });

  it('an auditor of 3212 learns nothing of 3202: by list, prefix, cursor, id or CSV', async () => {
    expect((await list('auditor', { division: '3202' })).status).toBe(403);
    for (const query of [{}, { division: '32' }, { division: '32', format: 'csv' }]) {
      const { text } = await list('auditor', query as Record<string, string>);
      expect(text).toContain('sunshine');
      expect(text).not.toContain('lakeside');
    }
    await register('riverside', { division: '320282' });
    const { cursor } = (await list('wuxi', { limit: '1' })).body;
    expect(cursor).toBeDefined();
    expect(await list('auditor', { cursor })).toMatchObject({ status: 400, body: { code: 'cursor-invalid' } });
    for (const route of [RETENTION, UPTIME]) {
      const refused = await city.call({ as: 'auditor', route, path: { facility: 'lakeside' } });
      expect(refused.status).toBe(404);
      const absent = await city.call({ as: 'auditor', route, path: { facility: 'nowhere' } });
      expect(refused.text).toBe(absent.text.replace('nowhere', 'lakeside'));
    }
  });

  it('a head reads the own record only', async () => {
    expect((await list('head')).body.items.map(({ facility }: { facility: string }) => facility)).toEqual(['sunshine']);
    expect((await city.call({ as: 'head', route: UPTIME, path: { facility: 'sunshine' } })).status).toBe(200);
    expect((await city.call({ as: 'head', route: UPTIME, path: { facility: 'lakeside' } })).status).toBe(404);
  });

  it('police read recordings, the fire brigade and the registrar do not', async () => {
    const of = async (as: string, route: string) =>
      (await city.call({ as, route, path: { facility: 'sunshine' } })).status;
    expect([await of('police', RETENTION), await of('police', UPTIME)]).toEqual([200, 200]);
    expect([await of('fire', RETENTION), await of('fire', UPTIME)]).toEqual([403, 200]);
    expect([await of('registrar', RETENTION), await of('registrar', UPTIME)]).toEqual([403, 403]);
    expect((await list('fire')).status).toBe(403);
    expect((await list('stranger')).status).toBe(403);
  });
});
