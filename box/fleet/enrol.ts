import type { FacilityBody, FacilityView } from '../../shared/contracts/registry.ts';
import { onWire } from '../streams.ts';
import type { DemoBox } from './demo-box.ts';
import { DEMO_BOX, deadlinesOf, facilityBodyOf } from './nurseries.ts';
import type { Registrar } from './registrar.ts';

const editable = ({ id: _i, version: _v, registeredAt: _r, deviceTests: _d, ...rest }: FacilityView) => rest;

/** Files the facility if it is new (not yet in service), else only moves its noon deadline; then enrols the box's key. */
export const enrol = async (
  registrar: Registrar,
  box: DemoBox,
  filed: FacilityView | undefined,
  noonCheckBy: string,
): Promise<void> => {
  const { id } = box.nursery;
  await registrar.putFacility(id, filed === undefined ? newBody(box, noonCheckBy) : moved(box, filed, noonCheckBy));
  await registrar.putBox(id, DEMO_BOX);
  await registrar.putKey(id, DEMO_BOX, box.identity().key);
  await revokeAllBut(registrar, id, box.identity().key);
};

const newBody = (box: DemoBox, noonCheckBy: string): FacilityBody => ({
  ...facilityBodyOf(box.nursery, noonCheckBy, Date.now()),
  version: 0,
});

const moved = (box: DemoBox, filed: FacilityView, noonCheckBy: string): FacilityBody => ({
  ...editable(filed),
  calendar: { ...filed.calendar, ...deadlinesOf(box.nursery, noonCheckBy) },
  version: filed.version,
});

/** Keys of a fleet whose folder was deleted are held by nobody: they would only fill the room for rotations. */
const revokeAllBut = async (registrar: Registrar, facility: string, key: string): Promise<void> => {
  for (const each of await registrar.keysOf(facility, DEMO_BOX)) {
    if (each !== key) await registrar.revokeKey(facility, DEMO_BOX, each);
  }
};

/** By hand, as the registrar does until a test alarm does it. */
export const putInService = async (registrar: Registrar, facility: string): Promise<void> => {
  const filed = await registrar.facility(facility);
  if (filed === undefined || filed.state.is === 'in-service') return;
  await registrar.putFacility(facility, {
    ...editable(filed),
    state: { is: 'in-service', since: onWire(Date.now()) },
    version: filed.version,
  });
};
