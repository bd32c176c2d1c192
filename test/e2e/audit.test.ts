import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { subjectOf } from '../../infra/local/grants.ts';
import type { LocalStack } from '../../infra/local/stack.ts';
import {
  areaRecordingsView,
  exportView,
  facilityRetentionView,
  retentionPage,
  uptimeView,
} from '../../shared/contracts/audit.ts';
import { exportJobView, logKeysView } from '../../shared/contracts/audit-files.ts';
import { accessPage } from '../../shared/contracts/audit-notes.ts';
import { grantAddress } from '../../shared/contracts/grant-address.ts';
import { objectionExample } from '../../shared/contracts/openapi/people-examples.ts';
import { changePage, facilityPage, grantView, packListView } from '../../shared/contracts/registry.ts';
import { startTestStack } from '../support/local-stack.ts';
import { beat, type Caller, enrol, nurseryBody, sent, signIn } from '../support/outside.ts';

const nowMs = Date.parse('2026-11-23T10:00:00+08:00');

let stack: LocalStack;
let auditor: Caller;
let other: Caller;

beforeAll(async () => {
  stack = await startTestStack({ clock: { atMs: nowMs, rate: 0 } });
  auditor = await signIn(stack, { role: 'auditor', division: '3212' });
  other = await signIn(stack, { role: 'auditor', division: '3202' });
  const cameras = Array.from({ length: 64 }, (_, n) => ({
    id: `cam-${n + 1}`,
    box: 'box-1',
    areas: ['play'],
    installedAt: '2020-01-01T00:00:00Z',
  }));
  const box = await enrol(stack, 'many-cameras', nurseryBody({ cameras }));
  expect(await sent(stack, box, 'heartbeats', [beat(1, nowMs)], nowMs)).toEqual(['accepted']);
  await enrol(stack, 'never-plugged-in');
  await enrol(stack, 'next-city', nurseryBody({ division: '320282' }));
}, 120_000);
afterAll(() => stack?.stop());

describe('an auditor', () => {
  it('sees which facilities cannot show ninety days, those never connected included', async () => {
    const { status, body, text } = await auditor.call('GET', '/v1/audit/retention?division=32');
    expect(status, text).toBe(200);
    expect(retentionPage.parse(body).items.map(({ facility, state, reason }) => [facility, state, reason])).toEqual([
      ['many-cameras', 'unknown', 'never-reported'],
      ['never-plugged-in', 'unknown', 'never-connected'],
    ]);
  });

  it('sees a day of which nothing was shown as unknown', async () => {
    const { body } = await auditor.call('GET', '/v1/audit/facilities/never-plugged-in/uptime?from=2026-11-23');
    expect(uptimeView.parse(body).days).toMatchObject([{ day: '2026-11-23', shownSeconds: 0, missingSeconds: 0 }]);
    const connected = await auditor.call('GET', '/v1/audit/facilities/many-cameras/uptime?from=2026-11-23');
    expect(uptimeView.parse(connected.body).connectedAt).toBe(new Date(nowMs).toISOString());
  });

  it('asks whether a room was recorded and is still held, and hears that nobody said so', async () => {
    const path = '/v1/audit/facilities/many-cameras/areas/play/recordings';
    const from = encodeURIComponent('2026-11-23T06:00:00+08:00');
    const { body, text } = await auditor.call('GET', `${path}?from=${from}&to=2026-11-22T23:00:00Z`);
    const view = areaRecordingsView.parse(body);
    expect(view.cameras, text).toHaveLength(64);
    expect(view).toMatchObject({ answer: 'not-known', recorded: 'not-known', totals: { unknownSeconds: 3_600 } });
    expect((await other.call('GET', `${path}?from=${from}&to=2026-11-22T23:00:00Z`)).status).toBe(404);
  });

  it('takes away a file too large for an answer by a link that opens for nobody else', async () => {
    const path = '/v1/audit/facilities/many-cameras/retention';
    const view = facilityRetentionView.parse((await auditor.call('GET', path)).body);
    expect(view.cameras).toHaveLength(64);
    const made = await auditor.call('GET', `${path}?format=csv`);
    expect(made.status, made.text).toBe(200);
    const { link, bytes } = exportView.parse(made.body);
    const fetched = await auditor.call('GET', link);
    expect(fetched.status).toBe(200);
    expect(Buffer.byteLength(fetched.text)).toBeGreaterThan(bytes - 4);
    expect(fetched.text.trim().split('\r\n')).toHaveLength(1 + 64 * (view.cameras[0]?.days.length ?? 0));
    expect((await other.call('GET', link)).status).toBe(404);
    const forged = link.replace(/\/(.)([^/]+)$/, (_, first, rest) => `/${first === 'A' ? 'B' : 'A'}${rest}`);
    expect(forged).not.toBe(link);
    expect((await auditor.call('GET', forged)).status).toBe(404);
  });

  it('asks every question of real stores, and each look is on record for the head, who may object', async () => {
    const listed = retentionPage.parse(
      (await auditor.call('GET', '/v1/audit/retention?division=32&show=not-shown')).body,
    );
    expect(listed.basis?.looked).toBe('all');
    expect(listed.items.map(({ facility, sentence }) => [facility, sentence?.zh])).toEqual([
      ['many-cameras', expect.stringContaining('摄像头从未报告录像')],
      ['never-plugged-in', '从未接入，没有任何录像报告。'],
    ]);
    const of = '/v1/audit/facilities/never-plugged-in';
    const objection = { ...objectionExample, from: '2026-11-22T00:00:00Z', to: '2026-11-22T02:00:00Z' };
    const head = await signIn(stack, { role: 'facility', facilityId: 'never-plugged-in' });
    const attached = await head.call('POST', `${of}/objections`, objection);
    expect(attached.status, attached.text).toBe(200);
    for (const question of ['coverage', 'checks', 'challenges', 'objections']) {
      const { status, text } = await auditor.call('GET', `${of}/${question}`);
      expect(status, `${question} ${text}`).toBe(200);
    }
    const { body } = await auditor.call('GET', `${of}/retention`);
    expect(facilityRetentionView.parse(body).objections).toMatchObject([objection]);
    const incidents = await auditor.call('GET', '/v1/audit/incidents?division=3212');
    expect(incidents.status, incidents.text).toBe(200);
    const seen = accessPage.parse((await head.call('GET', `${of}/accesses`)).body);
    expect(seen.items.map(({ question }) => question).sort()).toEqual(
      ['challenges', 'checks', 'coverage', 'objections', 'retention', 'uptime'].sort(),
    );
    const wide = accessPage.parse((await auditor.call('GET', '/v1/audit/accesses?division=3212')).body);
    expect(new Set(wide.items.map(({ question }) => question))).toEqual(new Set(['division-retention', 'incidents']));
  });

  it('orders an export, and opens its link without a token; a link that was changed opens nothing', async () => {
    const ordered = await auditor.call('POST', '/v1/audit/exports', {
      of: 'retention',
      division: '3212',
      format: 'csv',
    });
    expect(ordered.status, ordered.text).toBe(202);
    const { export: id } = exportJobView.parse(ordered.body);
    const look = async () => exportJobView.parse((await auditor.call('GET', `/v1/audit/exports/${id}`)).body);
    expect((await look()).state).toBe('waiting');
    await stack.drain();
    expect((await look()).state).toBe('done');
    const { link = '' } = await look();
    const opened = await fetch(link);
    const text = await opened.text();
    expect(opened.status, text).toBe(200);
    expect(text).toContain('never-plugged-in');
    expect((await fetch(link.replace(/X-Amz-Signature=./, 'X-Amz-Signature=z'))).status).toBe(403);
    expect((await other.call('GET', `/v1/audit/exports/${id}`)).status).toBe(404);
  });

  it('takes a report and the keys of the logs away, and hears that no day is sealed yet', async () => {
    const report = await auditor.call('GET', '/v1/audit/facilities/never-plugged-in/report');
    expect(report.status, report.text).toBe(200);
    expect(report.text).toContain('从未接入');
    const division = await auditor.call('GET', '/v1/audit/divisions/3212/report');
    expect(division.status, division.text).toBe(200);
    const keys = logKeysView.parse((await auditor.call('GET', '/v1/audit/keys')).body);
    expect(keys.keys[0]).toMatch(/^[^+]+\+[0-9a-f]{8}\+/);
    const bundle = await auditor.call(
      'GET',
      '/v1/audit/facilities/many-cameras/bundle?from=2026-11-22&to=2026-11-22&asOf=2026-11-22T16:00:00Z',
    );
    expect(bundle.status, bundle.text).toBe(409);
    expect(bundle.body).toMatchObject({ code: 'not-sealed-yet' });
  });

  it('changes nothing, and the next city is not there', async () => {
    expect((await auditor.call('GET', '/v1/audit/facilities/next-city/retention')).status).toBe(404);
    const facility = '/v1/registry/facilities/many-cameras';
    expect((await auditor.call('PUT', facility, nurseryBody({ version: 1 }))).status).toBe(403);
    expect((await auditor.call('PUT', `${facility}/boxes/box-2`, {})).status).toBe(403);
    const listed = await other.call('GET', '/v1/registry/facilities?division=32');
    expect(facilityPage.parse(listed.body).items.map(({ id }) => id)).toEqual(['next-city']);
    const changes = changePage.parse((await auditor.call('GET', `${facility}/changes`)).body);
    expect(changes.items.map(({ what }) => what.split(' ')[0])).toEqual(['key', 'box', 'facility']);
    expect(packListView.parse((await auditor.call('GET', '/v1/registry/packs')).body).items.length).toBeGreaterThan(1);
  });
});

describe('an administrator', () => {
  it('gives and takes roles of a person whose subject is a URL', async () => {
    const administrator = await signIn(stack, { role: 'administrator' });
    const role = { role: 'auditor', division: '3211' } as const;
    const path = grantAddress(`${stack.issuer}|${subjectOf(role)}`);
    const made = await administrator.call('PUT', path, { roles: [role] });
    expect(made.status, made.text).toBe(200);
    expect(grantView.parse(made.body)).toMatchObject({ version: 1, roles: [role] });
    expect((await administrator.call('PUT', path, { roles: [] })).status).toBe(409);
    expect((await administrator.call('DELETE', path)).status).toBe(204);
    expect((await administrator.call('GET', path)).status).toBe(404);
    expect((await auditor.call('GET', path)).status).toBe(403);
  });
});
