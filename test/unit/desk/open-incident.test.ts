import { beforeEach, describe, expect, it } from 'vitest';
import { incidentView, openedView } from '../../../shared/contracts/desk.ts';
import { reportableKinds } from '../../../shared/domain/incidents/open-by-officer.ts';
import { DAY_MS, HOUR_MS } from '../../../shared/domain/time.ts';
import { type DeskWorld, deskWorld, instant, NOW_MS, newId } from '../../support/desk-world.ts';
import { failing } from '../../support/memory-stores.ts';
import { ISSUER } from '../../support/people-api.ts';

const OPEN = 'POST /v1/desk/incidents';
const ONE = '/v1/desk/incidents/{incident}';
let city: DeskWorld;
beforeEach(async () => {
  city = await deskWorld();
});

const told = (over: object = {}) => ({ id: newId(), facility: 'sunshine', kind: 'abuse', toldBy: 'phone', ...over });
const open = (as: string, body: object) => city.call({ as, route: OPEN, body });
const read = (as: string, incident: string) => city.call({ as, route: `GET ${ONE}`, path: { incident } });

describe('an officer opens an incident', () => {
  it('which is published at once to whom an alarm of its kind goes, with the name of the officer', async () => {
    const body = told({ kind: 'fire', area: 'playroom', since: instant(NOW_MS - HOUR_MS), confirmed: 'yes' });
    const answered = openedView.parse((await open('emergency', body)).body);
    expect(answered.published.map(({ department }) => department)).toContain('fire');
    const view = incidentView.parse((await read('fire', answered.incident)).body);
    expect(view).toMatchObject({
      lane: 'life-safety',
      since: instant(NOW_MS - HOUR_MS),
      alarm: { kind: 'fire', box: 'officer', toldBy: 'phone', drillFlag: false, confirmed: 'yes' },
      area: { id: 'playroom' },
      steps: [
        { kind: 'opened', by: `${ISSUER}|emergency`, reason: 'fire' },
        { kind: 'notice-published', by: 'desk' },
      ],
      notices: { owed: [] },
    });
    expect(city.publisher.published.every(({ drill, about }) => !drill && about === 'fire')).toBe(true);
  });

  it('of abuse, of which nothing reaches the facility', async () => {
    const { incident } = (await open('fire', told())).body;
    expect(city.publisher.published.length).toBeGreaterThan(0);
    expect(city.publisher.published.some(({ topic }) => topic === 'facility')).toBe(false);
    expect((await read('head', incident)).status).toBe(404);
    // Who reported it need not be who may read it.
    expect((await read('fire', incident)).status).toBe(404);
    expect((await read('police', incident)).status).toBe(200);
  });

  it.each(reportableKinds)('of kind %s', async (kind) => {
    const { status, body } = await open('police', told({ kind }));
    expect(status).toBe(200);
    expect(body.published.length).toBeGreaterThan(0);
  });

  it('of a complaint, which the town hears of in office hours, and the facility neither hears nor sees', async () => {
    const { incident, published } = (await open('police', told({ kind: 'complaint' }))).body;
    expect(published.map(({ department }: { department: string }) => department)).toEqual(['town', 'health']);
    const live = city.incidents.live.get(incident);
    expect(live?.lane).toBe('technical');
    expect(live?.ladder.flatMap(({ recipients }) => recipients).some(({ topic }) => topic === 'facility')).toBe(false);
    expect((await read('head', incident)).status).toBe(404);
    expect((await read('supervision', incident)).status).toBe(200);
    city.pass(12 * HOUR_MS);
    const atNight = told({ kind: 'complaint' });
    expect((await open('police', atNight)).body.published).toEqual([]);
    // A second press is no reason to wake the town.
    expect((await open('police', atNight)).body.published).toEqual([]);
  });

  it('once, however often it is sent', async () => {
    const body = told();
    const first = await open('police', body);
    const published = city.publisher.published.length;
    city.pass(60_000);
    expect((await open('police', body)).body).toEqual(first.body);
    expect(city.publisher.published).toHaveLength(published);
    expect(city.incidents.live.size).toBe(1);
    expect(await open('police', { ...body, kind: 'panic' })).toMatchObject({
      status: 422,
      body: { faults: [{ pointer: '/id' }] },
    });
  });

  it('and the desk dies before its answer: sending it again publishes what is owed', async () => {
    const body = told();
    for (const plan of [
      { at: 1, when: 'before', only: ['putIfAbsent'] },
      { at: 1, when: 'after', only: ['putIfAbsent'] },
    ] as const) {
      const dying = city.callWith({ incidents: failing(city.incidents, plan) });
      expect((await dying({ as: 'police', route: OPEN, body })).status).toBe(503);
    }
    expect(city.publisher.published).toHaveLength(0);
    expect(city.incidents.live.size).toBe(1);
    const { published } = (await open('police', body)).body;
    expect(published).toHaveLength(city.publisher.published.length);
    expect([...city.incidents.live.values()][0]?.outbox).toEqual([]);
  });

  it.each([
    ['of what a box tells of itself', { kind: 'tamper' }, '/kind'],
    ['in free words', { note: 'Xiaoming fell' }, '/note'],
    ['of what is yet to come', { since: instant(NOW_MS + HOUR_MS) }, '/since'],
    ['of long ago', { since: instant(NOW_MS - 91 * DAY_MS) }, '/since'],
    ['in an area that is none', { area: 'attic' }, '/area'],
  ])('but not %s', async (_, over, pointer) => {
    expect(await open('police', told(over))).toMatchObject({ status: 422, body: { faults: [{ pointer }] } });
    expect(city.incidents.live.size).toBe(0);
  });

  it('inside the own division only; a head, an auditor and a registrar open none', async () => {
    expect((await open('wuxi', told())).status).toBe(404);
    expect((await open('police', told({ facility: 'no-such' }))).status).toBe(404);
    for (const as of ['head', 'auditor', 'registrar']) expect((await open(as, told())).status, as).toBe(403);
    expect(city.incidents.live.size).toBe(0);
  });
});
