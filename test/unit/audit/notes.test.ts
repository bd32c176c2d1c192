import { beforeEach, describe, expect, it } from 'vitest';
import { facilityRetentionView } from '../../../shared/contracts/audit.ts';
import { accessPage, objectionPage, objectionView } from '../../../shared/contracts/audit-notes.ts';
import { UnavailableError } from '../../../shared/domain/errors.ts';
import { incident as anIncident } from '../../contract/samples.ts';
import { type AuditWorld, auditWorld, NOW_MS } from '../../support/audit-world.ts';
import { grantTo, ISSUER } from '../../support/people-api.ts';

const RETENTION = 'GET /v1/audit/facilities/{facility}/retention';
const UPTIME = 'GET /v1/audit/facilities/{facility}/uptime';
const POST = 'POST /v1/audit/facilities/{facility}/objections';
const OBJECTIONS = 'GET /v1/audit/facilities/{facility}/objections';
const OF_FACILITY = 'GET /v1/audit/facilities/{facility}/accesses';
const OF_DIVISION = 'GET /v1/audit/accesses';
const path = { facility: 'sunshine' };
const HEALTH_OF_PROVINCE = { role: 'officer', department: 'health', division: '32' } as const;
let city: AuditWorld;

const sealed = (facility: string, kind: string) =>
  [...city.evidence.kept.values()].filter((one) => one.facility === facility && one.kind === kind);
const said = (facility: string, kind: string): string[] =>
  sealed(facility, kind).map(({ content }) => new TextDecoder().decode(content.body));

const cut = {
  id: '019cac2e-8b80-7000-8000-0000000000c1',
  reason: 'power-cut',
  from: '2026-02-20T02:00:00Z',
  to: '2026-02-20T04:00:00Z',
  camera: 'cam-1',
  document: 'TZ-2026/0220',
};
const abuse = {
  kind: 'abuse',
  place: 'room',
  box: 'desk',
  reportId: '1',
  digest: 'd',
  confirmed: 'unknown',
  drillFlag: false,
  ageMs: 0,
} as const;
const attach = (body: object, as = 'head') => city.call({ as, route: POST, path, body });

beforeEach(async () => {
  city = await auditWorld();
  await city.fine('sunshine');
});

describe('an objection', () => {
  it('of the head is sealed once, stays as it is, and stands beside the verdict that it does not change', async () => {
    const first = objectionView.parse((await attach(cut)).body);
    city.pass(60_000);
    expect((await attach({ ...cut, from: '2026-02-20T10:00:00+08:00' })).body).toEqual(first);
    const other = await attach({ ...cut, reason: 'clock-wrong' });
    expect(other.status).toBe(422);
    expect(other.text).toContain('is the id of another objection');
    expect(sealed('sunshine', 'objection')).toHaveLength(1);
    expect(said('sunshine', 'objection')[0]).not.toContain(ISSUER);
    const asked = { as: 'auditor', route: RETENTION, path };
    const view = facilityRetentionView.parse((await city.call(asked)).body);
    expect(view.objections).toEqual([first]);
    expect(view.cameras[0]?.state).toBe('held');
    const lines = (await city.call({ ...asked, query: { format: 'csv' } })).text.split('\r\n');
    expect(lines.filter((line) => line.includes('power-cut TZ-2026/0220')).map((line) => line.split(',')[8])).toEqual([
      '2026-02-20',
    ]);
    const page = await city.call({ as: 'auditor', route: OBJECTIONS, path });
    expect(objectionPage.parse(page.body).items).toEqual([first]);
  });

  it('is not there as of an instant before it came', async () => {
    city.pass(60_000);
    await attach(cut);
    const query = { asOf: new Date(NOW_MS).toISOString() };
    const view = facilityRetentionView.parse((await city.call({ as: 'auditor', route: RETENTION, path, query })).body);
    expect(view.objections).toEqual([]);
  });

  it.each([
    ['a reason of their own', { reason: 'the dog ate it' }],
    ['free text', { note: 'Li Ming was ill' }],
    ['a document that is a sentence', { document: 'letter of Li Ming' }],
    ['another document without its number', { reason: 'other-document', document: undefined }],
    ['the wrong way round', { to: cut.from }],
    ['the future', { to: '2026-04-01T00:00:00Z' }],
    ['more than a hundred days', { from: '2025-06-01T00:00:00Z' }],
    ['a camera of nobody', { camera: 'cam-9' }],
    ['an incident of another nursery', { incident: 'lakeside~alarm~gate~1' }],
    ['a sentence for an incident', { incident: 'sunshine~Li Ming was ill' }],
    ['an incident that the head may not know of', { incident: 'sunshine~alarm~desk~1' }],
  ])('does not take %s', async (_, wrong) => {
    await city.incidents.putIfAbsent(
      anIncident({ id: 'sunshine~alarm~desk~1', division: '321202001', rule: 'alarm', alarm: abuse }),
    );
    const { status, body } = await attach(JSON.parse(JSON.stringify({ ...cut, ...wrong })));
    expect([status, body.code]).toEqual([422, 'body-invalid']);
    expect(sealed('sunshine', 'objection')).toEqual([]);
  });

  it('names an incident that the head may read', async () => {
    await city.incidents.putIfAbsent(anIncident({ id: 'sunshine~x', division: '321202001' }));
    expect((await attach({ ...cut, incident: 'sunshine~x' })).status).toBe(200);
  });

  it('does not name it to a department that may not know of it', async () => {
    const id = 'sunshine~morning-check~class.small~1';
    await city.incidents.putIfAbsent(anIncident({ id, division: '321202001', rule: 'morning-check' }));
    await attach({ ...cut, incident: id });
    for (const [as, isNamed] of [
      ['auditor', true],
      ['police', false],
    ] as const) {
      for (const route of [OBJECTIONS, RETENTION]) {
        const { status, text } = await city.call({ as, route, path });
        expect([status, text.includes(cut.id), text.includes(id)], `${as} ${route}`).toEqual([200, true, isNamed]);
      }
    }
  });

  it('is attached by nobody but the head of the very facility', async () => {
    for (const who of ['auditor', 'police', 'health']) expect((await attach(cut, who)).status, who).toBe(403);
    expect((await attach(cut, 'wuxi')).status).toBe(404);
    expect(sealed('sunshine', 'objection')).toEqual([]);
  });
});

describe('a spreadsheet', () => {
  it('is every answer too, by query or by Accept, with the objections beside what is held', async () => {
    await attach(cut);
    const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
    const ofFacility = ['retention', 'uptime', 'coverage', 'checks', 'challenges', 'objections', 'accesses'];
    const routes = ofFacility.map((name) => `GET /v1/audit/facilities/{facility}/${name}`);
    for (const route of [...routes, 'GET /v1/audit/retention', 'GET /v1/audit/incidents', OF_DIVISION]) {
      const given = route.includes('{') ? { path } : {};
      const asked = route === OF_DIVISION ? { accept: type } : { query: { format: 'xlsx' } };
      const { status, headers, bytes } = await city.call({ as: 'auditor', route, ...asked, ...given });
      expect([status, headers['content-type']], route).toEqual([200, type]);
      expect(Buffer.from(bytes).subarray(0, 2).toString()).toBe('PK');
    }
    const { bytes } = await city.call({ as: 'auditor', route: RETENTION, path, query: { format: 'xlsx' } });
    expect(Buffer.from(bytes).includes('xl/worksheets/sheet2.xml')).toBe(true);
  });
});

describe('who looked', () => {
  it('is noted of an auditor before the answer, in the facility’s own sealed records, without a name', async () => {
    await city.call({ as: 'auditor', route: UPTIME, path, query: { from: '2026-02-01', format: 'csv' } });
    const [body, ...others] = said('sunshine', 'access');
    expect(others).toEqual([]);
    expect(JSON.parse(body ?? '')).toEqual({
      at: new Date(NOW_MS).toISOString(),
      person: await city.deps.personId(`${ISSUER}|auditor`),
      question: 'uptime',
      facility: 'sunshine',
      division: '321202001',
      asked: { from: '2026-02-01' },
    });
  });

  it('is not noted of others, nor of a question that was refused', async () => {
    for (const as of ['head', 'health']) await city.call({ as, route: UPTIME, path });
    await city.call({ as: 'wuxi', route: UPTIME, path });
    await city.call({ as: 'auditor', route: UPTIME, path, query: { from: '2027-01-01' } });
    expect([...city.evidence.kept.values()]).toEqual([]);
  });

  it('every question notes it: none of their routes answers an auditor if that cannot be kept', async () => {
    const keepEvidence = async (): Promise<void> => {
      throw new UnavailableError('no table');
    };
    const call = city.callWith({ keepEvidence });
    await city.incidents.putIfAbsent(anIncident({ id: 'sunshine~x', division: '321202001' }));
    const ofFacility = ['retention', 'uptime', 'coverage', 'checks', 'challenges', 'objections', 'accesses'];
    const routes = [
      ...ofFacility.map((name) => `GET /v1/audit/facilities/{facility}/${name}`),
      'GET /v1/audit/retention',
      'GET /v1/audit/incidents',
      OF_DIVISION,
    ];
    for (const route of routes) {
      for (const format of ['json', 'csv']) {
        const given = route.includes('{') ? { path } : {};
        const { status, text } = await call({ as: 'auditor', route, query: { format }, ...given });
        expect(status, `${route} ${format}`).toBe(503);
        expect(text).not.toContain('sunshine');
      }
    }
    const recordings = {
      route: 'GET /v1/audit/facilities/{facility}/areas/{area}/recordings',
      path: { ...path, area: 'playroom' },
      query: { from: '2026-02-20T02:00:00Z', to: '2026-02-20T04:00:00Z' },
    };
    const incident = { route: 'GET /v1/audit/incidents/{incident}', path: { incident: 'sunshine~x' } };
    for (const asked of [recordings, incident]) expect((await call({ as: 'auditor', ...asked })).status).toBe(503);
    // A head asks as the head, and is answered.
    expect((await call({ as: 'head', route: UPTIME, path })).status).toBe(200);
  });

  it('is read by auditors and by the head, the latest first, page by page', async () => {
    for (const route of [UPTIME, RETENTION]) {
      await city.call({ as: 'auditor', route, path });
      city.pass(1_000);
    }
    const ask = async (as: string, query: Record<string, string> = {}) =>
      city.call({ as, route: OF_FACILITY, path, query });
    const page = accessPage.parse((await ask('head')).body);
    expect(page.items.map(({ question }) => question)).toEqual(['retention', 'uptime']);
    const first = accessPage.parse((await ask('head', { limit: '1' })).body);
    const second = accessPage.parse((await ask('head', { limit: '1', cursor: first.cursor ?? '' })).body);
    expect(second.items.map(({ question }) => question)).toEqual(['uptime']);
    expect((await ask('head', { cursor: 'eA' })).status).toBe(400);
    for (const who of ['police', 'health']) expect((await ask(who)).status, who).toBe(403);
    // And that an auditor read this list is in it as well.
    await ask('auditor');
    expect(accessPage.parse((await ask('head')).body).items[0]?.question).toBe('accesses');
  });

  it('tells the head of no incident that the head may not know of', async () => {
    const [secret, other] = ['sunshine~alarm~desk~1', 'sunshine~connected~facility~1'];
    await city.incidents.putIfAbsent(anIncident({ id: secret, division: '321202001', rule: 'alarm', alarm: abuse }));
    await city.incidents.putIfAbsent(anIncident({ id: other, division: '321202001', rule: 'connected' }));
    for (const incident of [secret, other]) {
      const { status } = await city.call({
        as: 'auditor',
        route: 'GET /v1/audit/incidents/{incident}',
        path: { incident },
      });
      expect(status).toBe(200);
      city.pass(1_000);
    }
    const asked = async (as: string) =>
      accessPage.parse((await city.call({ as, route: OF_FACILITY, path })).body).items.map((one) => one.asked);
    expect(await asked('head')).toEqual([{ incident: other }, {}]);
    expect((await asked('auditor')).slice(-2)).toEqual([{ incident: other }, { incident: secret }]);
  });

  it('is paged without telling anybody twice, though each page is noted at its head', async () => {
    for (let n = 0; n < 5; n += 1) {
      await city.call({ as: 'auditor', route: UPTIME, path, query: { from: `2026-02-0${n + 1}` } });
      await city.call({ as: 'auditor', route: 'GET /v1/audit/retention', query: { division: '3212' } });
      city.pass(1_000);
    }
    for (const [route, given, question] of [
      [OF_FACILITY, { path }, 'uptime'],
      [OF_DIVISION, {}, 'division-retention'],
    ] as const) {
      const seen: string[] = [];
      for (let cursor: string | undefined = ''; cursor !== undefined; ) {
        const query: Record<string, string> = { limit: '2', ...(cursor !== '' && { cursor }) };
        const page = accessPage.parse((await city.call({ as: 'auditor', route, query, ...given })).body);
        seen.push(...page.items.map((one) => one.at + one.question));
        cursor = page.cursor;
        city.pass(1_000);
      }
      expect(seen, route).toHaveLength(new Set(seen).size);
      expect(seen.filter((one) => one.endsWith(question)).length, route).toBe(5);
    }
  });

  it('is whole in lines: a file has no second page', async () => {
    for (let n = 0; n < 3; n += 1) await city.call({ as: 'auditor', route: UPTIME, path });
    const query = { format: 'csv', limit: '1' };
    const { text } = await city.call({ as: 'head', route: OF_FACILITY, path, query });
    expect(text.trim().split('\r\n')).toHaveLength(1 + 3);
    for (const n of [1, 2]) await attach({ ...cut, id: `019cac2e-8b80-7000-8000-0000000000c${n}` });
    const objections = await city.call({ as: 'head', route: OBJECTIONS, path, query });
    expect(objections.text.trim().split('\r\n')).toHaveLength(1 + 2);
  });

  it('is not hidden by a wider role that the auditor holds as well', async () => {
    await grantTo(city.registry, 'both', { role: 'auditor', division: '321202' }, HEALTH_OF_PROVINCE);
    for (const division of ['32', '321202001']) {
      await city.call({ as: 'both', route: 'GET /v1/audit/retention', query: { division } });
    }
    const noted = said('division~321202', 'access').map((body) => JSON.parse(body).division);
    expect(noted).toEqual(['321202', '321202001']);
    // And where the seal of the region finds them all.
    expect(said('division~every', 'access').map((body) => JSON.parse(body).division)).toEqual(noted);
  });

  it('is noted where the incidents of a nursery opened, though it lies elsewhere now', async () => {
    await city.incidents.putIfAbsent(anIncident({ id: 'sunshine~x', division: '321202002', openedAtMs: NOW_MS - 1 }));
    await grantTo(city.registry, 'old-town', { role: 'auditor', division: '321202002' });
    const asked = { as: 'old-town', route: 'GET /v1/audit/incidents', query: { facility: 'sunshine' } };
    const { body } = await city.call(asked);
    expect(body.items).toHaveLength(1);
    expect(said('sunshine', 'access').map((one) => JSON.parse(one).division)).toEqual(['321202002']);
  });

  it('is kept with the division where a whole division was asked about, and found from above', async () => {
    for (const division of ['3212', '321202', '321202001']) {
      await city.call({ as: 'auditor', route: 'GET /v1/audit/retention', query: { division } });
    }
    const ask = async (division: string, as = 'auditor') => city.call({ as, route: OF_DIVISION, query: { division } });
    const listed = async (division: string) =>
      accessPage.parse((await ask(division)).body).items.filter(({ question }) => question === 'division-retention');
    expect((await listed('3212')).map(({ division }) => division).sort()).toEqual(['3212', '321202', '321202001']);
    expect((await listed('321202001')).map(({ division }) => division)).toEqual(['321202001']);
    expect((await ask('3212', 'wuxi')).status).toBe(403);
    expect((await ask('3212', 'head')).status).toBe(403);
    expect(sealed('sunshine', 'access')).toEqual([]);
  });
});
