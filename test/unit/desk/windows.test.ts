import { beforeEach, describe, expect, it } from 'vitest';
import { type WindowsView, windowsView } from '../../../shared/contracts/windows.ts';
import { HOUR_MS, MINUTE_MS } from '../../../shared/domain/time.ts';
import { drillAt } from '../../../shared/domain/windows/drills.ts';
import { type DeskWorld, deskWorld, instant, NOW_MS, newId } from '../../support/desk-world.ts';
import { failing, interleave } from '../../support/memory-stores.ts';
import { ISSUER } from '../../support/people-api.ts';

const AT = '/v1/desk/facilities/{facility}';
let city: DeskWorld;
beforeEach(async () => {
  city = await deskWorld();
});

const post = (as: string, what: string, body: object, facility = 'sunshine') =>
  city.call({ as, route: `POST ${AT}/${what}`, path: { facility }, body });
const list = (as: string) => city.call({ as, route: `GET ${AT}/windows`, path: { facility: 'sunshine' } });
const end = (as: string, window: string) =>
  city.call({ as, route: `DELETE ${AT}/windows/{window}`, path: { facility: 'sunshine', window } });
const allow = (as: string, window: string) =>
  city.call({ as, route: `POST ${AT}/maintenance/{window}/allow`, path: { facility: 'sunshine', window }, body: {} });

const drill = (over: object = {}) => ({
  id: newId(),
  from: instant(NOW_MS + HOUR_MS),
  to: instant(NOW_MS + 2 * HOUR_MS),
  reason: 'fire-drill',
  ...over,
});
const mute = (over: object = {}) => ({
  id: newId(),
  to: instant(NOW_MS + HOUR_MS),
  rules: ['monitoring-running'],
  reason: 'network-works',
  ...over,
});

describe('a drill', () => {
  it('is announced by an officer, seen by everybody of the place, and counts inside its window', async () => {
    const body = drill();
    const answered = await post('fire', 'drills', body);
    expect(answered.status).toBe(200);
    for (const as of ['head', 'police', 'auditor', 'registrar']) {
      expect(windowsView.parse((await list(as)).body).drills, as).toEqual([
        { ...body, by: `${ISSUER}|fire`, registeredAt: instant(NOW_MS) },
      ]);
    }
    const windows = await city.windows.read('sunshine');
    expect(drillAt(windows, NOW_MS + HOUR_MS)?.window).toBe(body.id);
    expect(drillAt(windows, NOW_MS + HOUR_MS - 1)).toBeUndefined();
  });

  it('begins now where nobody says when', async () => {
    const { from: _, ...body } = drill();
    expect((await post('fire', 'drills', body)).body.drills[0].from).toBe(instant(NOW_MS));
    expect(drillAt(await city.windows.read('sunshine'), NOW_MS)?.window).toBe(body.id);
  });

  it('is announced by no head, auditor or officer of another city', async () => {
    expect((await post('head', 'drills', drill())).status).toBe(403);
    expect((await post('auditor', 'drills', drill())).status).toBe(403);
    expect((await post('wuxi', 'drills', drill())).status).toBe(404);
    expect(await city.windows.read('sunshine')).toBeUndefined();
  });

  it.each([
    ['after it began', { from: instant(NOW_MS - 1) }, '/from'],
    ['longer than four hours', { to: instant(NOW_MS + 5 * HOUR_MS + 1) }, '/to'],
    ['the wrong way round', { to: instant(NOW_MS + HOUR_MS) }, '/to'],
    ['for a reason of its own words', { reason: 'Xiaoming' }, '/reason'],
    ['under no UUIDv7', { id: 'drill-1' }, '/id'],
  ])('is not announced %s', async (_, over, pointer) => {
    expect(await post('fire', 'drills', drill(over))).toMatchObject({ status: 422, body: { faults: [{ pointer }] } });
    expect(await city.windows.read('sunshine')).toBeUndefined();
  });

  it('announced twice is announced once, also if the first answer was lost and it has begun since', async () => {
    const body = drill();
    const broken = city.callWith({ windows: failing(city.windows, { at: 1, when: 'after', only: ['save'] }) });
    const call = { as: 'fire', route: `POST ${AT}/drills`, path: { facility: 'sunshine' }, body };
    expect((await broken(call)).status).toBe(503);
    city.pass(HOUR_MS + MINUTE_MS);
    expect((await city.call(call)).body.drills).toHaveLength(1);
    expect((await city.windows.read('sunshine'))?.revision).toBe(1);
  });

  it('survives another one that is announced in the same moment', async () => {
    const racing = city.callWith({
      windows: interleave(city.windows, { method: 'save', meanwhile: () => post('police', 'drills', drill()) }),
    });
    const answered = await racing({
      as: 'fire',
      route: `POST ${AT}/drills`,
      path: { facility: 'sunshine' },
      body: drill(),
    });
    expect(answered.body.drills.map(({ by }: { by: string }) => by)).toEqual([`${ISSUER}|police`, `${ISSUER}|fire`]);
  });

  it('is ended by an officer, now, and stays to be seen; ending it twice is once', async () => {
    const { from: _, ...body } = drill();
    await post('fire', 'drills', body);
    city.pass(MINUTE_MS);
    expect((await end('head', body.id)).status).toBe(403);
    expect((await end('police', body.id)).status).toBe(204);
    city.pass(MINUTE_MS);
    expect((await end('police', body.id)).status).toBe(204);
    expect((await list('head')).body.drills[0]).toMatchObject({
      to: instant(NOW_MS + MINUTE_MS),
      by: `${ISSUER}|fire`,
      endedBy: `${ISSUER}|police`,
    });
    expect((await end('police', newId())).status).toBe(404);
  });
});

describe('a mute', () => {
  it('needs the right to act on each rule that it names', async () => {
    expect((await post('police', 'mutes', mute())).status).toBe(200);
    expect((await post('police', 'mutes', mute({ rules: ['monitoring-running', 'morning-check'] }))).status).toBe(403);
    expect((await post('health', 'mutes', mute({ rules: ['morning-check'] }))).status).toBe(200);
    expect((await post('registrar', 'mutes', mute())).status).toBe(200);
    for (const as of ['fire', 'emergency', 'auditor', 'head']) {
      expect((await post(as, 'mutes', mute())).status, as).toBe(403);
    }
    expect((await post('wuxi', 'mutes', mute())).status).toBe(404);
  });

  it('names rules, and no alarm', async () => {
    for (const rules of [['alarm'], ['storm'], ['panic'], [], ['closing', 'closing']]) {
      expect((await post('health', 'mutes', mute({ rules }))).status).toBe(422);
    }
  });

  it('is no longer than seven days', async () => {
    const to = (ms: number) => mute({ from: instant(NOW_MS), to: instant(NOW_MS + ms) });
    expect((await post('police', 'mutes', to(168 * HOUR_MS + 1))).status).toBe(422);
    expect((await post('police', 'mutes', to(168 * HOUR_MS))).status).toBe(200);
  });
});

describe('what was trimmed', () => {
  it('is shown to whoever asks for it: who announced and who muted stays known', async () => {
    const [held, muted] = [drill({ from: instant(NOW_MS) }), mute()];
    await post('fire', 'drills', held);
    await post('police', 'mutes', muted);
    city.pass(9 * 24 * HOUR_MS);
    await post('health', 'mutes', mute({ to: instant(NOW_MS + 10 * 24 * HOUR_MS) }));
    await post(
      'fire',
      'drills',
      drill({ from: instant(NOW_MS + 9 * 24 * HOUR_MS), to: instant(NOW_MS + 217 * HOUR_MS) }),
    );
    const shown = (query: Record<string, string>) =>
      city.call({ as: 'auditor', route: `GET ${AT}/windows`, path: { facility: 'sunshine' }, query });
    const idsIn = ({ drills, mutes }: WindowsView) => [...drills, ...mutes].map(({ id }) => id);
    const now = windowsView.parse((await shown({})).body);
    expect(idsIn(now)).not.toContain(held.id);
    const all = windowsView.parse((await shown({ past: 'yes' })).body);
    expect(all.drills[0]).toMatchObject({ id: held.id, by: `${ISSUER}|fire` });
    expect(all.mutes[0]).toMatchObject({ id: muted.id, by: `${ISSUER}|police`, reason: 'network-works' });
    expect(idsIn(all)).toHaveLength(4);
  });
});

describe('maintenance', () => {
  it('asked for by the head counts once somebody who may mute these rules allows it', async () => {
    const body = mute({ reason: 'box-replaced' });
    const asked = await post('head', 'maintenance', body);
    expect(asked.body.mutes).toMatchObject([{ id: body.id, is: 'maintenance', by: `${ISSUER}|head` }]);
    expect(asked.body.mutes[0].allowedBy).toBeUndefined();
    for (const as of ['head', 'fire', 'auditor']) expect((await allow(as, body.id)).status, as).toBe(403);
    expect((await allow('wuxi', body.id)).status).toBe(404);
    expect((await allow('health', body.id)).body.mutes[0].allowedBy).toBe(`${ISSUER}|health`);
    expect((await allow('police', body.id)).body.mutes[0].allowedBy).toBe(`${ISSUER}|health`);
    expect((await allow('health', newId())).status).toBe(404);
  });

  it('asked for by the registrar is allowed at once', async () => {
    const asked = await post('registrar', 'maintenance', mute());
    expect(asked.body.mutes[0].allowedBy).toBe(`${ISSUER}|registrar`);
  });

  it('is taken back by the head; what an officer has muted is not', async () => {
    const [own, other] = [mute(), mute()];
    await post('head', 'maintenance', own);
    await post('health', 'mutes', other);
    expect((await end('head', own.id)).status).toBe(204);
    expect((await end('head', other.id)).status).toBe(403);
    expect((await end('emergency', other.id)).status).toBe(403);
    expect((await end('police', other.id)).status).toBe(204);
  });

  it('asked for under the id of a drill does not let the head end the drill', async () => {
    const announced = drill();
    await post('fire', 'drills', announced);
    await post('head', 'maintenance', mute({ id: announced.id }));
    expect((await end('head', announced.id)).status).toBe(403);
    expect(drillAt(await city.windows.read('sunshine'), NOW_MS + HOUR_MS)?.window).toBe(announced.id);
    expect((await end('police', announced.id)).status).toBe(204);
  });

  it('is not asked for by an auditor, nor by an officer who may not mute', async () => {
    expect((await post('auditor', 'maintenance', mute())).status).toBe(403);
    expect((await post('fire', 'maintenance', mute())).status).toBe(403);
  });
});
