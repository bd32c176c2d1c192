import { type HoldBody, MOST_DAYS_AHEAD } from '../../shared/contracts/holds.ts';
import { readInstant, writeInstant } from '../../shared/contracts/wire.ts';
import type { Person } from '../../shared/domain/access.ts';
import { ordersAs } from '../../shared/domain/authorize.ts';
import { InvalidInputError, NotFoundError } from '../../shared/domain/errors.ts';
import type { Facility, LegalHold } from '../../shared/domain/facility.ts';
import {
  type HoldOrdered,
  holdStateOf,
  MOST_OPEN_HOLDS,
  type OrderedHold,
  openHolds,
  orderedHolds,
  sameOrder,
  withHold,
  withRelease,
} from '../../shared/domain/legal-holds.ts';
import { DAY_MS } from '../../shared/domain/time.ts';
import { facilityFor, targetOfFacility } from '../../shared/use-cases/read-facility.ts';
import { untilSaved } from '../../shared/use-cases/until-saved.ts';
import { slotOf } from './put-facility.ts';
import { recordChange } from './record-change.ts';
import type { RegistryDeps } from './stores.ts';

export interface HoldChanged {
  readonly facility: Facility;
  readonly hold: OrderedHold;
}

/**
 * Orders a facility to keep recordings. The same order given again is the one that stands, so that nobody has two of it
 * because an answer was lost. Throws `ForbiddenError`, `NotFoundError` or `InvalidInputError`.
 */
export const orderHold = async (
  deps: RegistryDeps,
  person: Person,
  facilityId: string,
  body: HoldBody,
): Promise<HoldChanged> => {
  const changed = await untilSaved(`facility ${facilityId}`, async () => {
    const facility = await facilityFor(deps.registry, person, 'order-hold', facilityId);
    const nowMs = deps.clock();
    const order = orderFrom(body, facility, person, nowMs);
    const standing = sameOrder(facility, order, nowMs);
    if (standing !== undefined) return { facility, hold: standing };
    if (openHolds(facility, nowMs).length >= MOST_OPEN_HOLDS) {
      const message = `has ${MOST_OPEN_HOLDS} open orders; release one first`;
      throw new InvalidInputError('There are too many open orders.', [{ pointer: '', message }]);
    }
    const { hold, legalHolds } = withHold(facility, order, nowMs);
    const next = await saved(deps, facility, legalHolds);
    return next && { facility: next, hold };
  });
  await told(deps, person, changed, 'ordered');
  return changed;
};

/** Ends an open order now. One that is over stays as it ended. */
export const releaseHold = async (
  deps: RegistryDeps,
  person: Person,
  facilityId: string,
  id: string,
): Promise<HoldChanged> => {
  const changed = await untilSaved(`facility ${facilityId}`, async () => {
    const facility = await facilityFor(deps.registry, person, 'release-hold', facilityId);
    const nowMs = deps.clock();
    const hold = named(facility, id);
    if (holdStateOf(hold, nowMs) !== 'open') return { facility, hold };
    const by = ordersAs(person, 'release-hold', targetOfFacility(facility));
    const next = await saved(deps, facility, withRelease(facility, id, by, nowMs));
    return next && { facility: next, hold: named(next, id) };
  });
  // One that expired was ended by nobody.
  if (changed.hold.releasedAtMs !== undefined) await told(deps, person, changed, 'released');
  return changed;
};

const named = (facility: Facility, id: string): OrderedHold => {
  const hold = orderedHolds(facility).find((one) => one.id === id);
  if (hold === undefined) throw new NotFoundError(`no order ${id} of ${facility.id}`);
  return hold;
};

const orderFrom = (body: HoldBody, facility: Facility, person: Person, nowMs: number): HoldOrdered => {
  const untilMs = readInstant(body.until);
  const faults = [
    ...(facility.cameras.some(({ id }) => id === body.camera)
      ? []
      : [{ pointer: '/camera', message: `no camera ${body.camera} in this facility` }]),
    ...(untilMs > nowMs ? [] : [{ pointer: '/until', message: 'is over already' }]),
    ...(untilMs <= nowMs + MOST_DAYS_AHEAD * DAY_MS
      ? []
      : [{ pointer: '/until', message: `must be at most ${MOST_DAYS_AHEAD} days ahead` }]),
  ];
  if (faults.length > 0) throw new InvalidInputError('The order does not fit the facility.', faults);
  return {
    camera: body.camera,
    fromMs: readInstant(body.from),
    toMs: readInstant(body.to),
    untilMs,
    by: ordersAs(person, 'order-hold', targetOfFacility(facility)),
  };
};

/**
 * An edit of the facility like any other; absent = somebody was faster. First the vitals: a crash after them leaves a row
 * that the sweep looks at until the facility has this version, and giving the order again ends that.
 */
const saved = async (
  { registry, vitals }: RegistryDeps,
  facility: Facility,
  legalHolds: readonly LegalHold[],
): Promise<Facility | undefined> => {
  const next = { ...facility, version: facility.version + 1, legalHolds };
  await vitals.announceFacility(next.id, next.version, slotOf(next.id));
  return (await registry.putFacility(next)) ? next : undefined;
};

const RECENT = 20;

/**
 * Seal and change log, after the order stands: a crash between leaves an order without its entries, and giving it again
 * puts them. Under seal goes who ordered as a department, and nobody's name; a crash between the two seals it twice, and
 * both say the same.
 */
const told = async (
  deps: RegistryDeps,
  person: Person,
  { facility, hold }: HoldChanged,
  became: 'ordered' | 'released',
): Promise<void> => {
  const by = became === 'ordered' ? hold.by : (hold.releasedBy ?? hold.by);
  const words = `${hold.id} ${became} by ${by}`;
  const { items } = await deps.registry.listChanges(facility.id, RECENT);
  if (items.some(({ what }) => what.startsWith(words))) return;
  const place = {
    facility: facility.id,
    kind: 'hold',
    id: `${hold.id}.${became}`,
    receivedAtMs: deps.clock(),
  } as const;
  await deps.keepEvidence({ ...place, body: sealedBody(hold, became, by) });
  const what = `${words}: camera ${hold.camera}`;
  await recordChange(deps, facility.id, { by: person.subject, what, version: facility.version });
};

const sealedBody = (hold: OrderedHold, became: 'ordered' | 'released', by: string): object => ({
  hold: hold.id,
  is: became,
  by,
  camera: hold.camera,
  from: writeInstant(hold.fromMs),
  to: writeInstant(hold.toMs),
  until: writeInstant(hold.untilMs),
  orderedAt: writeInstant(hold.orderedAtMs),
  ...(hold.releasedAtMs !== undefined && { releasedAt: writeInstant(hold.releasedAtMs) }),
});
