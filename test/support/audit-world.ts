import { makeAuditHandler } from '../../functions/audit/handler.ts';
import type { AuditDeps } from '../../functions/audit/stores.ts';
import type { Facility } from '../../shared/domain/facility.ts';
import { DAY_MS, HOUR_MS } from '../../shared/domain/time.ts';
import { facility as aFacility } from '../contract/samples.ts';
import { auditDeps, auditStores } from './audit-deps.ts';
import { believing, callerOf, grantTo } from './people-api.ts';

/** 2026-03-02 12:00 in Shanghai, a Monday. */
export const NOW_MS = Date.parse('2026-03-02T04:00:00Z');
export const INSTALLED_MS = Date.parse('2025-06-01T00:00:00Z');

/** An instant of that place, such as `2026-03-02T10:00`. */
export const at = (text: string): number => Date.parse(`${text}+08:00`);

/** Taizhou (3212) as an auditor asks about it: people with roles, and nurseries that a test registers. */
export const auditWorld = async () => {
  const stores = auditStores();
  let nowMs = NOW_MS;
  const deps = auditDeps(stores, () => nowMs);
  const authenticate = believing(stores.registry);
  const callWith = (more: Partial<AuditDeps>) => callerOf(makeAuditHandler(authenticate, { ...deps, ...more }));
  await grantTo(stores.registry, 'auditor', { role: 'auditor', division: '3212' });
  await grantTo(stores.registry, 'wuxi', { role: 'auditor', division: '3202' });
  for (const department of ['police', 'health', 'fire'] as const) {
    await grantTo(stores.registry, department, { role: 'officer', department, division: '3212' });
  }
  await grantTo(stores.registry, 'head', { role: 'facility', facilityId: 'sunshine' });

  const register = async (id: string, more: Partial<Facility> = {}): Promise<Facility> => {
    const camera = { id: 'cam-1', box: 'gate', areas: ['playroom'], installedAtMs: INSTALLED_MS };
    const state = { is: 'in-service', sinceMs: INSTALLED_MS } as const;
    const facility = aFacility({ id, cameras: [camera], registeredAtMs: INSTALLED_MS, state, ...more });
    await stores.vitals.announceFacility(id, 1, 0);
    await stores.vitals.announceBox(id, 'gate', 180_000, INSTALLED_MS);
    await stores.registry.putBox({ facilityId: id, id: 'gate', enrolledAtMs: INSTALLED_MS, liveKeys: [] });
    if (!(await stores.registry.putFacility(facility))) throw new Error(`${id} is there already`);
    return facility;
  };
  const connect = async (id: string, connectedAtMs = INSTALLED_MS): Promise<void> => {
    const row = await stores.vitals.readBox(id, 'gate');
    if (row === undefined) throw new Error('no row');
    await stores.vitals.patchBox(row, { connectedAtMs, beatAtMs: nowMs - 1_000, silentAtMs: nowMs + 179_000 });
  };
  /**
   * Reports of the last days until `untilMs`, as a recorder that reaches back `depthDays` sends them; `lost` of the newest
   * day is not there.
   */
  const record = async (
    id: string,
    days: number,
    depthDays: number,
    lost?: { fromMs: number; toMs: number },
    untilMs = NOW_MS,
  ) => {
    for (let n = 0; n < days; n += 1) {
      const midnightMs = at('2026-03-02T00:00') - n * DAY_MS;
      const interval = { fromMs: midnightMs, toMs: Math.min(midnightMs + DAY_MS, untilMs) };
      const isHit = lost !== undefined && lost.fromMs >= interval.fromMs && lost.toMs <= interval.toMs;
      const held = {
        camera: 'cam-1',
        day: new Date(midnightMs + 8 * HOUR_MS).toISOString().slice(0, 10),
        recorded: isHit
          ? [
              { fromMs: interval.fromMs, toMs: lost.fromMs },
              { fromMs: lost.toMs, toMs: interval.toMs },
            ]
          : [interval],
        reported: [interval],
        oldestRetrievableAtMs: interval.toMs - depthDays * DAY_MS,
        reportedAtMs: interval.toMs,
        revision: 1,
      };
      if (!(await stores.records.saveHeldDay(id, held, undefined))) throw new Error('the day is there already');
    }
  };
  const fine = async (id: string, more: Partial<Facility> = {}): Promise<void> => {
    await register(id, more);
    await connect(id);
    await record(id, 92, 91);
  };
  const seal = (day: string): void => {
    stores.logs.kept.runs.set(day, { day, asked: 1, step: 'sealed', revision: 1 });
  };
  return {
    ...stores,
    deps,
    call: callWith({}),
    callWith,
    register,
    connect,
    record,
    fine,
    seal,
    pass: (ms: number): void => {
      nowMs += ms;
    },
  };
};
export type AuditWorld = Awaited<ReturnType<typeof auditWorld>>;
