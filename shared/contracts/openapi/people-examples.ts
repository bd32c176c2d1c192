import type * as z from 'zod';
import type { closeBody, openBody } from '../desk.ts';
import type { erasureBody } from '../erasures.ts';
import type { holdBody } from '../holds.ts';
import type { facilityBody, grantBody } from '../registry.ts';
import type { rosterBody } from '../roster.ts';
import type { drillBody, muteBody } from '../windows.ts';

/** Valid bodies of the people's APIs, for the OpenAPI document; a test holds them against their schemas. */
export const facilityExample: z.input<typeof facilityBody> = {
  division: '321202001',
  name: { zh: '向日葵托育园', en: 'Sunflower Nursery' },
  address: '江苏省泰州市海陵区示例路1号',
  entrance: '示例路东门',
  latitude: 32.4906,
  longitude: 119.9211,
  landline: '0523-80000000',
  kind: 'nursery',
  state: { is: 'in-service', since: '2026-01-05T08:00:00+08:00' },
  areas: [{ id: 'playroom', name: { zh: '活动室', en: 'Playroom' }, floor: 1, activity: true }],
  cameras: [{ id: 'playroom-1', box: 'box-1', areas: ['playroom'], installedAt: '2025-11-20T10:00:00+08:00' }],
  classes: [{ id: 'sunflowers', children: 16 }],
  calendar: {
    zone: 'Asia/Shanghai',
    weekdays: [1, 2, 3, 4, 5],
    opensAt: '07:30',
    closesAt: '18:00',
    follows: 'national',
    closedOn: ['2026-12-31'],
    openOn: [],
  },
  devices: [{ id: 'panic-button-1', kind: 'panic-button', area: 'playroom' }],
  version: 0,
};

export const erasureExample: z.input<typeof erasureBody> = {
  kind: 'checks',
  id: 'p0V7bSxkJ1m3nQ8rT2uWyZ4aCdEfGhIjKlMnOpQrStU',
  receivedAt: '2026-03-02T01:12:31.207Z',
  reason: 'erasure-request',
};

export const holdExample: z.input<typeof holdBody> = {
  camera: 'playroom-1',
  from: '2026-02-27T11:00:00+08:00',
  to: '2026-02-27T13:00:00+08:00',
  until: '2026-08-31T00:00:00+08:00',
};

export const grantExample: z.input<typeof grantBody> = {
  roles: [{ role: 'officer', department: 'police', division: '3212' }],
  version: 0,
};

export const closeExample: z.input<typeof closeBody> = { reason: 'handled' };

export const rosterExample: z.input<typeof rosterBody> = {
  zone: 'Asia/Shanghai',
  contacts: [
    {
      id: 'li',
      name: '李某',
      is: 'person',
      role: 'duty',
      shifts: [{ weekdays: [1, 2, 3, 4, 5], from: '20:00', to: '08:00' }],
      away: [{ from: '2026-10-01T00:00:00+08:00', to: '2026-10-08T00:00:00+08:00' }],
      substitute: 'duty-desk',
      channels: [
        { id: 'sms', kind: 'sms', address: '13800000000' },
        {
          id: 'mail',
          kind: 'email',
          address: 'li@example.org',
          quiet: [{ weekdays: [6, 7], from: '00:00', to: '00:00' }],
        },
      ],
    },
    {
      id: 'duty-desk',
      name: '值班室',
      is: 'group',
      channels: [{ id: 'bot', kind: 'wecom', secret: 'police.321202.duty-desk' }],
    },
  ],
  version: 0,
};

export const rosterCsvExample = `department,place,id,name,is,role,shifts,substitute,sms,email,wecom
police,321202,li,李某,person,duty,1-5 20:00-08:00,duty-desk,13800000000,li@example.org,
police,321202,duty-desk,值班室,group,,,,,,police.321202.duty-desk
`;

export const openExample: z.input<typeof openBody> = {
  id: '019cac2e-8b80-7000-8000-000000000010',
  facility: 'sunflower',
  kind: 'abuse',
  since: '2026-03-02T10:00:00+08:00',
  toldBy: 'phone',
};

export const drillExample: z.input<typeof drillBody> = {
  id: '019cac2e-8b80-7000-8000-000000000011',
  from: '2026-03-05T10:00:00+08:00',
  to: '2026-03-05T11:00:00+08:00',
  reason: 'fire-drill',
};

export const muteExample: z.input<typeof muteBody> = {
  id: '019cac2e-8b80-7000-8000-000000000012',
  from: '2026-03-06T18:00:00+08:00',
  to: '2026-03-07T06:00:00+08:00',
  rules: ['monitoring-running', 'area-covered'],
  reason: 'cameras-replaced',
};

/** A power cut of two hours, with the number of the utility's notice. */
export const objectionExample = {
  id: '019cac2e-8b80-7000-8000-0000000000c1',
  reason: 'power-cut',
  from: '2026-09-03T02:00:00Z',
  to: '2026-09-03T04:00:00Z',
  document: 'TZ-2026/0903',
};
