import { beforeEach, describe, expect, it } from 'vitest';
import { checksView } from '../../../shared/contracts/audit-questions.ts';
import type { CheckReport } from '../../../shared/domain/reports.ts';
import { facilityChecks } from '../../../shared/use-cases/audit/facility-checks.ts';
import { KEY } from '../../contract/samples.ts';
import { type AuditWorld, at, auditWorld } from '../../support/audit-world.ts';

const ROUTE = 'GET /v1/audit/facilities/{facility}/checks';
/** Friday to Monday, which is today. */
const DAYS = { from: '2026-02-27', to: '2026-03-02' };
let city: AuditWorld;
let ids = 0;

const ask = async (query: Record<string, string> = DAYS, as = 'auditor') =>
  city.call({ as, route: ROUTE, path: { facility: 'sunshine' }, query });
const view = async (query?: Record<string, string>, as?: string) => checksView.parse((await ask(query, as)).body);

const check = async (received: string, more: Partial<CheckReport> = {}): Promise<string> => {
  ids += 1;
  const id = `019cac2e-8b80-7000-8000-${String(ids).padStart(12, '0')}`;
  const receivedMs = at(received);
  const report: CheckReport = {
    id,
    timeMs: receivedMs,
    class: 'little',
    session: 'morning',
    day: received.slice(0, 10),
    present: 11,
    absent: 1,
    checked: 11,
    findings: [],
    ...more,
  };
  await city.records.putCheck('sunshine', 'gate', { report, digest: id, receivedMs, key: KEY });
  return id;
};

beforeEach(async () => {
  ids = 0;
  city = await auditWorld();
  await city.register('sunshine');
});

describe('the checks of a class, by day and session', () => {
  it('tells in time, late, back-dated, missing, not due and not yet due apart', async () => {
    await check('2026-02-27T08:30');
    await check('2026-02-27T22:00', { session: 'noon' });
    await check('2026-03-02T09:00', { session: 'noon', day: '2026-02-28' });
    const { items, sums } = await view();
    const told = items.map(({ day, session, state, reason }) => [day.slice(5), session, state, reason]);
    expect(told).toEqual([
      ['02-27', 'morning', 'in-time', 'checked'],
      ['02-27', 'noon', 'late', 'checked'],
      ['02-28', 'morning', 'not-due', 'closed-day'],
      // What came decides, also on a day that owed nothing.
      ['02-28', 'noon', 'back-dated', 'checked'],
      ['03-01', 'morning', 'not-due', 'closed-day'],
      ['03-01', 'noon', 'not-due', 'closed-day'],
      ['03-02', 'morning', 'missing', 'no-check-logged'],
      ['03-02', 'noon', 'not-yet-due', 'time-not-over'],
    ]);
    expect(sums).toEqual({ inTime: 1, late: 1, backDated: 1, missing: 1, notDue: 3, notYetDue: 1, unknown: 0 });
  });

  it('shows a correction beside the original, which keeps its time; and of findings only how many', async () => {
    const finding = { code: 'fever', childRef: 'secret-child', action: 'isolated' } as const;
    const original = await check('2026-02-27T08:30', { findings: [finding] });
    await check('2026-02-27T19:00', { corrects: original, present: 10, absent: 2, checked: 10 });
    const answer = await ask();
    const [morning] = checksView.parse(answer.body).items;
    expect(morning?.state).toBe('in-time');
    expect(morning?.checks.map((one) => [one.findings, one.present, one.stands, one.timeliness])).toEqual([
      [1, 11, false, 'in-time'],
      [0, 10, true, 'late'],
    ]);
    expect(morning?.checks[1]?.corrects).toBe(original);
    for (const word of ['secret-child', 'fever', 'isolated']) expect(answer.text).not.toContain(word);
    expect((await ask({ ...DAYS, format: 'csv' })).text).not.toContain('secret-child');
  });

  it('asks nothing of a class without children, before the duty, nor of a nursery that was closed', async () => {
    const facility = await city.registry.readFacility('sunshine');
    if (facility === undefined) throw new Error('no facility');
    const classes = [{ id: 'empty', children: 0 }];
    await city.registry.putFacility({ ...facility, version: 2, classes });
    expect((await view()).items[0]).toMatchObject({ class: 'empty', state: 'not-due', reason: 'no-children' });
    const state = { is: 'closed', sinceMs: at('2026-02-28T00:00') } as const;
    await city.registry.putFacility({ ...facility, version: 3, state });
    const ofDay = (await view()).items.filter(({ session }) => session === 'morning').map(({ reason }) => reason);
    expect(ofDay).toEqual(['no-check-logged', 'closed-day', 'closed-day', 'facility-not-in-service']);
  });

  it('lists a class that the facility has no more, where checks of it came', async () => {
    await check('2026-02-27T08:30', { class: 'gone' });
    expect((await view()).items.map((one) => one.class)).toContain('gone');
  });

  it('knows nothing as of an instant of what came after it, as a report as of then asks', async () => {
    await check('2026-02-28T10:00', { day: '2026-02-27' });
    const person = { subject: 'x', roles: [{ role: 'auditor', division: '3212' }] } as const;
    const day = { from: '2026-02-27', to: '2026-02-27' };
    const stateAt = async (text: string) =>
      (await facilityChecks({ ...city.deps, clock: () => at(text) }, person, 'sunshine', day)).items[0]?.state;
    expect(await stateAt('2026-02-28T09:59')).toBe('missing');
    expect(await stateAt('2026-02-28T10:00')).toBe('back-dated');
  });

  it('is not for the police nor for the fire brigade; for health, and for the head of the facility, it is', async () => {
    for (const who of ['police', 'fire']) expect((await ask(DAYS, who)).status, who).toBe(403);
    for (const who of ['health', 'head', 'auditor']) expect((await ask(DAYS, who)).status, who).toBe(200);
    expect((await ask(DAYS, 'wuxi')).status).toBe(404);
  });
});
