import type { Facility } from '../../shared/domain/facility.ts';

/** A nursery in Taizhou with one activity area, one camera and one class, in service for a year. */
export const nursery = (id: string, over: Partial<Facility> = {}): Facility => ({
  id,
  version: 1,
  division: '321202001',
  name: { zh: '海陵阳光托育园', en: 'Hailing Sunshine Nursery' },
  address: '泰州市海陵区青年路1号',
  entrance: '青年路东门',
  latitude: 32.49,
  longitude: 119.92,
  landline: '0523-80000000',
  kind: 'nursery',
  state: { is: 'in-service', sinceMs: Date.parse('2025-03-01T00:00:00+08:00') },
  filingId: 'TZ-0001',
  registeredAtMs: Date.parse('2025-02-01T00:00:00+08:00'),
  areas: [{ id: 'play', name: { zh: '一号活动室', en: 'Playroom 1' }, floor: 1, activity: true }],
  cameras: [{ id: 'c1', box: 'b1', areas: ['play'], installedAtMs: Date.parse('2025-02-01T00:00:00+08:00') }],
  classes: [{ id: 'small', children: 18 }],
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
