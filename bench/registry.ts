import type { FacilityBody } from '../shared/contracts/registry.ts';
import { BENCH_BOX, type Crowd } from './beats.ts';

/** A plain facility of the bench, in service, judged by the pack of its city. */
const facilityBody = (name: string): FacilityBody => ({
  division: '321202',
  name: { zh: `测试${name}`, en: `Bench ${name}` },
  address: '江苏省泰州市海陵区测试路1号',
  entrance: '南门',
  latitude: 32.49,
  longitude: 119.92,
  landline: '0523-55500000',
  kind: 'nursery',
  state: { is: 'in-service', since: new Date().toISOString() },
  filingId: `bench-${name}`,
  areas: [{ id: 'playroom', name: { zh: '活动室', en: 'Playroom' }, floor: 1, activity: true }],
  cameras: [{ id: 'cam-1', box: BENCH_BOX, areas: ['playroom'], installedAt: new Date().toISOString() }],
  classes: [{ id: 'class-1', children: 12 }],
  calendar: {
    zone: 'Asia/Shanghai',
    weekdays: [],
    opensAt: '07:30',
    closesAt: '18:00',
    closedOn: [],
    openOn: [],
  },
  version: 0,
});

const put = async (api: string, token: string, path: string, body: unknown): Promise<void> => {
  const response = await fetch(`${api}/v1/registry/facilities/${path}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`PUT ${path} was answered ${response.status}: ${await response.text()}`);
};

/** Files and enrols the whole crowd through the public API. */
export const registerCrowd = async (port: number, token: string, crowd: Crowd): Promise<void> => {
  const api = `http://127.0.0.1:${port}`;
  for (const { facilityId, box, key } of crowd.boxes) {
    await put(api, token, facilityId, facilityBody(facilityId));
    await put(api, token, `${facilityId}/boxes/${box}`, {});
    await put(api, token, `${facilityId}/boxes/${box}/keys/${key}`, {});
  }
};
