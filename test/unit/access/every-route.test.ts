import { createHmac, generateKeyPairSync } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeAuditHandler } from '../../../functions/audit/handler.ts';
import { makeAuditFilesHandler } from '../../../functions/audit-files/handler.ts';
import { makeDeskHandler } from '../../../functions/desk/handler.ts';
import { makeEraseHandler } from '../../../functions/erase-records/handler.ts';
import { makeRegistryHandler } from '../../../functions/registry/handler.ts';
import { makeTokenVerifier } from '../../../shared/adapters/oidc/token-verifier.ts';
import {
  erasureExample,
  facilityExample,
  objectionExample,
} from '../../../shared/contracts/openapi/people-examples.ts';
import { routeKey, routes } from '../../../shared/contracts/routes.ts';
import type { Role } from '../../../shared/domain/access.ts';
import type { Incident } from '../../../shared/domain/incident.ts';
import { openAlarm } from '../../../shared/domain/incidents/open.ts';
import { claimDue, markPublished } from '../../../shared/domain/incidents/outbox.ts';
import type { BoxAlarmKind } from '../../../shared/domain/reports.ts';
import { DAY_MS } from '../../../shared/domain/time.ts';
import type { Mute } from '../../../shared/domain/windows/windows.ts';
import { packById, packFor, packs, packsInForce } from '../../../shared/rule-packs/index.ts';
import { makeAuthenticate } from '../../../shared/runtime/people.ts';
import { facility as aFacility } from '../../contract/samples.ts';
import { auditDeps } from '../../support/audit-deps.ts';
import {
  callsOf,
  memoryAlarmStore,
  memoryDeliveryStore,
  memoryEvidenceStore,
  memoryExportStore,
  memoryIncidentStore,
  memoryLinkStore,
  memoryNoticeFeed,
  memoryNoticePublisher,
  memoryRecordStore,
  memoryRegistryStore,
  memoryVitalsStore,
  memoryWindowStore,
} from '../../support/memory-stores.ts';
import { type Answered, type Call, callerOf, grantTo, ISSUER, rosterWorld } from '../../support/people-api.ts';
import { sealedReads } from '../../support/sealed-facility.ts';

/*
 * Every route that people call, with the real verification of tokens and the real grants, against everybody who must not
 * come through. The facility `lakeside` lies in Wuxi (3202), `sunshine` in Taizhou (3212).
 */

const NOW_MS = Date.parse('2026-03-02T02:00:00Z');
const personRoutes = routes.filter((route) => route.caller === 'person');
const mutating = personRoutes.filter(({ method }) => method !== 'GET');
const aKey = (): string => generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x ?? '';
const [KEY, OTHER_KEY] = [aKey(), aKey()];
const SECRET = '0510-5555 7777';

type Keys = Awaited<ReturnType<typeof generateKeyPair>>;
let keys: Keys;
let others: Keys;
let jwks: string;

beforeAll(async () => {
  keys = await generateKeyPair('RS256', { extractable: true });
  others = await generateKeyPair('RS256', { extractable: true });
  jwks = JSON.stringify({ keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'one', use: 'sig' }] });
});

const claims = (sub: string, more: JWTPayload = {}): JWTPayload => ({
  iss: ISSUER,
  aud: 'cradlewatch',
  sub,
  exp: NOW_MS / 1_000 + 600,
  ...more,
});
const tokenOf = (payload: JWTPayload, key = keys.privateKey): Promise<string> =>
  new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(key);
const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const make = () => {
  const [registry, vitals, records] = [memoryRegistryStore(), memoryVitalsStore(), memoryRecordStore()];
  const [incidents, exports, alarms] = [memoryIncidentStore(), memoryExportStore(), memoryAlarmStore()];
  const [windows, publisher] = [memoryWindowStore(), memoryNoticePublisher()];
  const people = rosterWorld();
  const clock = (): number => NOW_MS;
  const verifier = makeTokenVerifier({
    issuers: [{ issuer: ISSUER, audience: 'cradlewatch', jwksUri: `${ISSUER}/keys`, algorithms: ['RS256'] }],
    clock,
    fetch: async () => new Response(jwks),
  });
  const authenticate = makeAuthenticate({ verifier, registry, administrators: [`${ISSUER}|root`] });
  let ids = 0;
  const isKnown = (name: string): boolean => packs.some((pack) => pack.name === name);
  const evidence = memoryEvidenceStore();
  const handlers = {
    'erase-records': callerOf(
      makeEraseHandler(authenticate, { evidence, records, registry, clock, newId: () => `change-${++ids}` }),
    ),
    desk: callerOf(
      makeDeskHandler(authenticate, {
        deliveries: memoryDeliveryStore(),
        links: memoryLinkStore(),
        feed: memoryNoticeFeed(),
        rosters: people.deps.rosters,
        incidents,
        records,
        registry,
        windows,
        publisher,
        packFor,
        packById,
        clock,
      }),
    ),
    audit: callerOf(
      makeAuditHandler(
        authenticate,
        auditDeps({ vitals, records, registry, exports, incidents }, clock, { largestCsvBytes: 10 }),
      ),
    ),
    'audit-files': callerOf(
      makeAuditFilesHandler(authenticate, {
        ...auditDeps({ vitals, records, registry, incidents }, clock),
        bundles: sealedReads(['lakeside', 'sunshine'], { firstDay: '2026-02-27', days: 2 }),
      }),
    ),
    registry: callerOf(
      makeRegistryHandler(authenticate, {
        registry,
        vitals,
        alarms,
        packs: { packFor, inForce: packsInForce, isKnown, topicOf: people.topicOf },
        ...people.deps,
        clock,
        newId: () => `change-${++ids}`,
      }),
    ),
  };
  const call = (asked: Call): Promise<Answered> => {
    const route = personRoutes.find((one) => routeKey(one) === asked.route);
    if (route === undefined) throw new Error(`no route ${asked.route}`);
    return handlers[route.serves](asked);
  };
  const everything = async () =>
    structuredClone([
      vitals.rows,
      records.kept,
      incidents.live,
      exports.kept,
      evidence.kept,
      windows.kept,
      publisher.published,
      await registry.readFacility('lakeside'),
      await registry.readFacility('sunshine'),
      await registry.listBoxes('lakeside'),
      await registry.isKeyLive('lakeside', 'gate', KEY),
      await registry.isKeyLive('lakeside', 'gate', OTHER_KEY),
      await registry.listGrants(100),
      await registry.listChanges('lakeside', 100),
      await registry.listChanges('police~320282', 100),
      await people.deps.rosters.list('32', 100),
      people.asked,
    ]);
  return {
    evidence,
    windows,
    rosters: people.deps.rosters,
    registry,
    vitals,
    records,
    incidents,
    exports,
    alarms,
    call,
    everything,
  };
};

let city: ReturnType<typeof make>;
let incident: Incident;

const alarmAt = (facilityId: string, kind: BoxAlarmKind, n: number): Incident => {
  const facility = aFacility(facilityId === 'lakeside' ? lakeside : {});
  const id = `01950000-0000-7000-8000-00000000000${n}`;
  const report = { id, timeMs: NOW_MS, ageMs: 0, kind, area: 'playroom', confirmed: 'yes', drill: false } as const;
  const sender = { facilityId, box: 'gate', key: KEY, createdMs: NOW_MS - n, receivedMs: NOW_MS - n };
  return openAlarm(report, `digest-${n}`, sender, facility, packFor(facility, NOW_MS));
};
const lakeside = {
  id: 'lakeside',
  legalHolds: [
    {
      id: 'hold-1',
      // The one that the edit of the registrar leaves there.
      camera: 'playroom-1',
      fromMs: NOW_MS - DAY_MS,
      toMs: NOW_MS,
      orderedAtMs: NOW_MS - 1,
      untilMs: NOW_MS + 2 * DAY_MS,
      by: 'health' as const,
    },
  ],
  division: '320282',
  landline: SECRET,
  name: { zh: '湖畔托育园', en: 'Waterfront' },
};

const roles: Readonly<Record<string, readonly Role[]>> = {
  ...Object.fromEntries(
    (['police', 'fire', 'emergency', 'health', 'supervision'] as const).map((department) => [
      department,
      [{ role: 'officer', department, division: '3212' }],
    ]),
  ),
  auditor: [{ role: 'auditor', division: '3212' }],
  registrar: [{ role: 'registrar', division: '3212' }],
  head: [{ role: 'facility', facilityId: 'sunshine' }],
  nobody: [],
};

/** What the head of `lakeside` has asked for, and nobody has allowed yet. */
const asked: Mute = {
  id: '01950000-0000-7000-8000-0000000000bb',
  is: 'maintenance',
  rules: ['monitoring-running'],
  fromMs: NOW_MS,
  toMs: NOW_MS + DAY_MS,
  by: `${ISSUER}|lakeside-head`,
  atMs: NOW_MS,
  reason: 'box-replaced',
};

/** A call of the route that would do its work on this facility, by somebody who may. */
const callOn = (route: (typeof personRoutes)[number], facility: string, incidentId: string): Omit<Call, 'as'> => {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const values: Record<string, string> = {
    facility,
    area: 'playroom',
    division: facility === 'lakeside' ? lakeside.division : aFacility().division,
    box: 'gate',
    key: route.method === 'DELETE' ? KEY : OTHER_KEY,
    incident: incidentId,
    export: 'E'.repeat(43),
    subject: `${ISSUER}|victim`,
    post: `police~${(facility === 'lakeside' ? lakeside : aFacility()).division}`,
    test: 'test-1',
    window: asked.id,
    hold: 'hold-1',
  };
  const { division } = facility === 'lakeside' ? lakeside : aFacility();
  const contact = {
    id: 'li',
    name: 'Li',
    is: 'person',
    channels: [{ id: 'sms', kind: 'sms', address: '13800000000' }],
  };
  if (route.path.endsWith('/import')) {
    const csv = `department,place,id,name,sms\npolice,${division},li,Li,13800000000\n`;
    return { route: routeKey(route), body: csv, type: 'text/csv' };
  }
  const window = { id: '01950000-0000-7000-8000-0000000000aa', to: new Date(NOW_MS + 3_600_000).toISOString() };
  const mute = { ...window, rules: ['monitoring-running'], reason: 'network-works' };
  const bodies: Readonly<Record<string, object>> = {
    '/desk/incidents': { id: window.id, facility, kind: 'panic', toldBy: 'phone' },
    '/close': { reason: 'handled' },
    '/false-alarm': { code: 'device-fault' },
    '/drills': { ...window, reason: 'fire-drill' },
    '/mutes': mute,
    '/maintenance': mute,
    '/objections': { ...objectionExample, from: '2026-02-01T00:00:00Z', to: '2026-02-01T02:00:00Z' },
    '/holds': {
      camera: 'cam-1',
      from: new Date(NOW_MS - DAY_MS).toISOString(),
      to: new Date(NOW_MS).toISOString(),
      until: new Date(NOW_MS + DAY_MS).toISOString(),
    },
    '/erasures': { ...erasureExample, receivedAt: new Date(NOW_MS).toISOString() },
    '/tests': { contact: 'li', channel: 'sms' },
    '/exports': { of: 'retention', division, format: 'csv' },
    '{post}': { zone: 'Asia/Shanghai', contacts: [contact], version: 1 },
    '{subject}': { roles: [{ role: 'administrator' }] },
    '{facility}': { ...facilityExample, division, version: 1 },
  };
  const [, body = {}] = Object.entries(bodies).find(([ending]) => route.path.endsWith(ending)) ?? [];
  return {
    route: routeKey(route),
    ...(names.length > 0 && { path: Object.fromEntries(names.map((name) => [name, values[name] ?? ''])) }),
    // Two hours that the question has to name.
    ...(route.path.endsWith('/recordings') && { query: { from: '2026-03-01T00:00:00Z', to: '2026-03-01T02:00:00Z' } }),
    ...(route.path.endsWith('/bundle') && { query: { from: '2026-02-27', to: '2026-02-28' } }),
    ...(['POST', 'PUT'].includes(route.method) && { body }),
  };
};

beforeEach(async () => {
  city = make();
  for (const more of [{}, lakeside]) {
    const facility = aFacility(more);
    const record = { facility: facility.id, kind: 'checks', id: erasureExample.id, receivedAtMs: NOW_MS } as const;
    await city.evidence.put({ ...record, digest: 'd1'.repeat(32), content: {} });
    await city.vitals.announceFacility(facility.id, 1, 0);
    await city.vitals.announceBox(facility.id, 'gate', 180_000, 0);
    expect(await city.registry.putFacility(facility)).toBe(true);
    await city.registry.putBox({ facilityId: facility.id, id: 'gate', enrolledAtMs: 0, liveKeys: [KEY] });
    await city.registry.putKey(facility.id, 'gate', KEY);
    await city.vitals.admitKey(facility.id, 'gate', KEY);
    const change = { atMs: NOW_MS, id: 'c', by: `${ISSUER}|wuxi`, what: 'facility registered', version: 1 };
    await city.registry.appendChange(facility.id, change);
  }
  for (const place of ['320282', '321283']) {
    const channel = { id: 'sms', kind: 'sms', address: '13911112222' } as const;
    const contacts = [
      { id: 'li', name: place === '320282' ? SECRET : 'Li', is: 'person', channels: [channel] } as const,
    ];
    const roster = { department: 'police', place, version: 1, zone: 'Asia/Shanghai', contacts };
    expect(await city.rosters.put(roster)).toBe(true);
  }
  for (const [name, held] of Object.entries(roles)) if (held.length > 0) await grantTo(city.registry, name, ...held);
  await grantTo(city.registry, 'wuxi-auditor', { role: 'auditor', division: '3202' });
  await grantTo(city.registry, 'wuxi-registrar', { role: 'registrar', division: '3202' });
  await grantTo(city.registry, 'wuxi-police', { role: 'officer', department: 'police', division: '3202' });
  await grantTo(city.registry, 'lakeside-head', { role: 'facility', facilityId: 'lakeside' });
  expect(await city.windows.save({ facilityId: 'lakeside', drills: [], mutes: [asked], revision: 1 })).toBe(true);
  const { incident: rung, claimed } = claimDue(alarmAt('lakeside', 'panic', 1), NOW_MS);
  incident = markPublished(rung, claimed, NOW_MS, 'receive-alarms');
  expect(await city.incidents.putIfAbsent(incident)).toBe(true);
});

describe.each(personRoutes.map((route) => [routeKey(route), route] as const))('%s', (_, route) => {
  it('comes to its end for somebody who may, so that the refusals below are refused for their own reason', async () => {
    await city.exports.put('E'.repeat(43), 'x');
    const able: Record<string, string> = {
      desk: 'wuxi-police',
      registry: 'wuxi-registrar',
      'erase-records': 'wuxi-registrar',
    };
    const isAudit = route.path.startsWith('/v1/audit/') || route.path.includes('/holds');
    const isHeads = route.method === 'POST' && route.path.endsWith('/objections');
    const who = isHeads ? 'lakeside-head' : isAudit ? 'wuxi-auditor' : able[route.serves];
    const as = await tokenOf(claims(route.path.includes('grants') ? 'root' : (who ?? '')));
    const missing = route.path.includes('{export}') || (route.method === 'GET' && route.path.endsWith('{subject}'));
    expect((await city.call({ as, ...callOn(route, 'lakeside', incident.id) })).status).toBe(
      missing ? 404 : route.method === 'DELETE' ? 204 : /\/(tests|exports)$/.test(route.path) ? 202 : 200,
    );
  });

  it('refuses every token that proves nothing, before anything is read', async () => {
    const good = claims('root');
    const hmac = async (secret: string | Buffer): Promise<string> => {
      const input = `${base64url({ alg: 'HS256', kid: 'one' })}.${base64url(good)}`;
      return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
    };
    const tokens: Record<string, string> = {
      expired: await tokenOf({ ...good, exp: NOW_MS / 1_000 - 31 }),
      'wrongly signed': await tokenOf(good, others.privateKey),
      'alg none': `${base64url({ alg: 'none' })}.${base64url(good)}.`,
      'alg nOnE': `${base64url({ alg: 'nOnE', kid: 'one' })}.${base64url(good)}.c2ln`,
      'HS256 with the public key': await hmac(await exportSPKI(keys.publicKey)),
      'HS256 with the modulus': await hmac(Buffer.from((await exportJWK(keys.publicKey)).n ?? '', 'base64url')),
      'another audience': await tokenOf({ ...good, aud: 'portal' }),
      'another issuer': await tokenOf({ ...good, iss: 'https://evil.example' }),
      'no token': 'x',
    };
    const before = callsOf(city.registry).length;
    for (const [name, as] of Object.entries(tokens)) {
      const { status, body } = await city.call({ as, ...callOn(route, 'lakeside', incident.id) });
      expect([status, body.code], name).toEqual([401, 'token-refused']);
      expect(body.detail).not.toContain(as);
    }
    expect((await city.call({ as: '', ...callOn(route, 'lakeside', incident.id) })).body.code).toBe('token-missing');
    expect(callsOf(city.registry)).toHaveLength(before);
  });

  it('shows and changes nothing of 3202 for anybody of 3212, nor for who has no role', async () => {
    const asked = callOn(route, 'lakeside', incident.id);
    await city.exports.put('E'.repeat(43), 'x');
    const before = await city.everything();
    const isImport = route.path.endsWith('/import');
    const isList = route.method === 'GET' && !route.path.includes('{');
    for (const name of Object.keys(roles)) {
      const as = await tokenOf(claims(name));
      for (const division of isList && !/grants|packs|notices|keys/.test(route.path)
        ? ['3202', '320282', '32']
        : [undefined]) {
        const { status, text } = await city.call({ as, ...asked, ...(division && { query: { division } }) });
        expect(isList ? [200, 403] : isImport ? [403, 422] : [403, 404], `${name} ${text}`).toContain(status);
        for (const part of [SECRET, '湖畔', 'Waterfront', '~alarm~', KEY, 'facility registered']) {
          expect(text, `${name} ${division}`).not.toContain(part);
        }
      }
    }
    expect(await city.everything()).toEqual(before);
  });

  it('works no more for a person from the very request after the grant was taken away', async () => {
    if (route.path.includes('grants')) return;
    const root = await tokenOf(claims('root'));
    for (const name of ['wuxi-auditor', 'wuxi-registrar', 'wuxi-police', 'lakeside-head']) {
      const path = { subject: `${ISSUER}|${name}` };
      const removed = await city.call({ as: root, route: 'DELETE /v1/registry/grants/{subject}', path });
      expect(removed.status).toBe(204);
      const { status } = await city.call({
        as: await tokenOf(claims(name)),
        ...callOn(route, 'lakeside', incident.id),
      });
      expect([403, 404], name).toContain(status);
    }
  });
});

/** Beside officers of the place: what a head says of own incidents and asks for, what a registrar knows beforehand. */
const alsoBy: Readonly<Record<string, RegExp>> = {
  'lakeside-head': /desk.*(answer|pass-on|false-alarm|real|maintenance|windows.\{window\})$|objections$/,
  'wuxi-registrar': /desk.*(drills|mutes|maintenance|allow|windows.\{window\})$|registry(?!.*holds)/,
  'wuxi-police': /desk|holds|audit\/exports$/,
  'wuxi-auditor': /holds|audit\/exports$/,
};
const refusedBy = (name: string, route: (typeof mutating)[number]): number => {
  // A registrar does not even see an alarm. A head may import the own roster, and is told which lines are not of it.
  if (name === 'wuxi-registrar' && route.path.includes('{incident}')) return 404;
  return name === 'lakeside-head' && route.path.endsWith('/import') ? 422 : 403;
};

describe.each(mutating.map((route) => [routeKey(route), route] as const))('%s', (_, route) => {
  it('is done by nobody of the very place whose role it is not', async () => {
    const before = await city.everything();
    for (const [name, theirs] of Object.entries(alsoBy)) {
      // Grants are the administrator's.
      if (theirs.test(route.path) && !route.path.includes('grants')) continue;
      const as = await tokenOf(claims(name));
      const { status } = await city.call({ as, ...callOn(route, 'lakeside', incident.id) });
      expect(status, name).toBe(refusedBy(name, route));
    }
    expect(await city.everything()).toEqual(before);
  });

  it('is done by whose role it is', async () => {
    for (const [name, theirs] of Object.entries(alsoBy)) {
      if (!theirs.test(route.path) || route.path.includes('grants')) continue;
      const as = await tokenOf(claims(name));
      const { status, text } = await city.call({ as, ...callOn(route, 'lakeside', incident.id) });
      expect([200, 202, 204, 409], `${name} ${text}`).toContain(status);
    }
  });
});

describe('an abuse alarm', () => {
  it('is in no answer of any route for the facility, live or archived, as JSON or CSV', async () => {
    const [live, archived] = [alarmAt('lakeside', 'abuse', 2), alarmAt('lakeside', 'abuse', 3)];
    expect(await city.incidents.putIfAbsent(live)).toBe(true);
    const closed = { ...archived, state: 'closed' as const, closedAtMs: NOW_MS, closeReason: 'handled' as const };
    await city.records.archiveIncident({ ...closed, outbox: [] });
    const as = await tokenOf(claims('lakeside-head'));
    for (const { id } of [live, archived]) {
      for (const route of personRoutes.filter(({ path }) => !path.includes('packs'))) {
        for (const query of [undefined, { format: 'csv' }, { limit: '1' }, { state: 'closed' }]) {
          const { text } = await city.call({ as, ...callOn(route, 'lakeside', id), ...(query && { query }) });
          for (const part of ['abuse', '虐', live.id, archived.id]) expect(text).not.toContain(part);
        }
      }
    }
    const seen = await city.call({ as, route: 'GET /v1/desk/incidents' });
    expect(seen.body.items.map(({ id }: Incident) => id)).toEqual([incident.id]);
  });

  it('is not in a cursor either, however many of them a page has looked at', async () => {
    for (let n = 0; n < 501; n += 1) {
      const id = `0195${String(n).padStart(4, '0')}-0000-7000-8000-000000000000`;
      const one = alarmAt('lakeside', 'abuse', 2);
      const openedAtMs = NOW_MS - 10 - Math.floor(n / 3);
      await city.incidents.putIfAbsent({ ...one, id: `lakeside~alarm~gate~${id}`, openedAtMs });
    }
    const old = { ...alarmAt('lakeside', 'panic', 9), openedAtMs: NOW_MS - DAY_MS };
    expect(await city.incidents.putIfAbsent(old)).toBe(true);
    const as = await tokenOf(claims('lakeside-head'));
    const found: string[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const query = { limit: '100', ...(cursor !== undefined && { cursor }) };
      const { body } = await city.call({ as, route: 'GET /v1/desk/incidents', query });
      found.push(...body.items.map(({ id }: Incident) => id));
      cursor = body.cursor;
      pages += 1;
      if (cursor !== undefined) expect(Buffer.from(cursor, 'base64url').toString()).not.toContain('0195');
    } while (cursor !== undefined);
    expect(found).toEqual([incident.id, old.id]);
    expect(pages).toBeGreaterThan(1);
  });
});
