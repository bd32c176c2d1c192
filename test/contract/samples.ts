import type { Facility } from '../../shared/domain/facility.ts';
import type { Gap } from '../../shared/domain/gap.ts';
import { type Incident, type Step, technicalIncidentId } from '../../shared/domain/incident.ts';

/** 2026-11-21 10:00 in Shanghai. */
export const NOON_MS = Date.parse('2026-11-21T10:00:00+08:00');

/** As long as a raw Ed25519 key in base64url. */
export const KEY = 'p9kQz3Y0o3Z7b1t5b7cYVh2nq8m0xWJrS1uE4dLf6gA';
export const OTHER_KEY = 'Zz9wT-4_f3D2a1q0r7sYVh2nq8m0xWJrS1uE4dLf6hB';

export const gap = (over: Partial<Gap> = {}): Gap => ({
  facilityId: 'sunshine',
  rule: 'monitoring-running',
  subject: 'box/gate',
  reason: 'no-beat',
  fromMs: NOON_MS,
  toMs: NOON_MS + 600_000,
  breachedAtMs: NOON_MS + 180_000,
  ...over,
});

export const step = (n: number, over: Partial<Step> = {}): Step => ({
  n,
  atMs: NOON_MS + n,
  kind: 'opened',
  by: 'watch',
  reason: 'no-beat',
  ...over,
});

export const incident = (over: Partial<Incident> = {}): Incident => {
  const facilityId = over.facilityId ?? 'sunshine';
  const sinceMs = over.sinceMs ?? NOON_MS;
  return {
    id: technicalIncidentId(facilityId, 'monitoring-running', 'box/gate', sinceMs),
    facilityId,
    division: '321202',
    lane: 'technical',
    rule: 'monitoring-running',
    subject: 'box/gate',
    finding: 'breached',
    reason: 'no-beat',
    hazard: 'monitoring-lost',
    sinceMs,
    openedAtMs: sinceMs + 60_000,
    state: 'open',
    pack: 'taizhou@1',
    dutySource: 'taizhou-monitoring',
    routingSource: 'taizhou-routing',
    fallback: false,
    ladder: [],
    outbox: [],
    published: [],
    steps: [step(0)],
    revision: 1,
    ...over,
  };
};

export const facility = (over: Partial<Facility> = {}): Facility => ({
  id: 'sunshine',
  version: 1,
  division: '321202001',
  name: { zh: '阳光托育园👶🏻（城东校区）', en: 'Sunshine nursery' },
  address: '泰州市海陵区东风路１号',
  entrance: '𠮷祥路北门',
  latitude: 32.4912,
  longitude: 119.9229,
  landline: '0523-8888 0000',
  kind: 'nursery',
  state: { is: 'in-service', sinceMs: NOON_MS },
  registeredAtMs: NOON_MS,
  areas: [{ id: 'playroom', name: { zh: '活动室', en: 'Playroom' }, floor: 1, activity: true }],
  cameras: [{ id: 'cam-1', box: 'gate', areas: ['playroom'], installedAtMs: NOON_MS }],
  classes: [{ id: 'little', children: 12 }],
  calendar: {
    zone: 'Asia/Shanghai',
    weekdays: [1, 2, 3, 4, 5],
    opensAt: '07:30',
    closesAt: '18:00',
    closedOn: [],
    openOn: [],
  },
  ...over,
});
