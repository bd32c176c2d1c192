import type { BoxView, FacilityBody, FacilityView, PackView } from '../../shared/contracts/registry.ts';
import { readInstant, writeInstant } from '../../shared/contracts/wire.ts';
import type { Box, Camera, Facility, FacilityState } from '../../shared/domain/facility.ts';
import type { RulePack } from '../../shared/domain/rule-pack.ts';
import type { FacilityVitals } from '../../shared/domain/vitals.ts';

const stateFrom = (state: FacilityBody['state']): FacilityState => {
  switch (state.is) {
    case 'commissioning':
      return state;
    case 'suspended': {
      const { since, until, ...rest } = state;
      return { ...rest, sinceMs: readInstant(since), untilMs: readInstant(until) };
    }
    default:
      return { is: state.is, sinceMs: readInstant(state.since) };
  }
};

const stateView = (state: FacilityState): FacilityView['state'] => {
  switch (state.is) {
    case 'commissioning':
      return state;
    case 'suspended': {
      const { sinceMs, untilMs, ...rest } = state;
      return { ...rest, since: writeInstant(sinceMs), until: writeInstant(untilMs) };
    }
    default:
      return { is: state.is, since: writeInstant(state.sinceMs) };
  }
};

const cameraFrom = ({ installedAt, retiredAt, ...rest }: FacilityBody['cameras'][number]): Camera => ({
  ...rest,
  installedAtMs: readInstant(installedAt),
  ...(retiredAt !== undefined && { retiredAtMs: readInstant(retiredAt) }),
});

const cameraView = ({ installedAtMs, retiredAtMs, ...rest }: Camera): FacilityView['cameras'][number] => ({
  ...rest,
  areas: [...rest.areas],
  installedAt: writeInstant(installedAtMs),
  ...(retiredAtMs !== undefined && { retiredAt: writeInstant(retiredAtMs) }),
});

type Shown = Pick<Facility, 'papers' | 'plans' | 'filed'>;
type Written = Pick<FacilityBody, 'papers' | 'plans' | 'filed'>;

/** What a facility may have filed: absent stays absent. */
const papersFrom = ({ papers, plans, filed }: Written): Shown => ({
  ...(papers && {
    papers: papers.map(({ expiresAt, ...paper }) => ({
      ...paper,
      ...(expiresAt !== undefined && { expiresAtMs: readInstant(expiresAt) }),
    })),
  }),
  ...(plans && { plans: plans.map(({ hazard, reviewedAt }) => ({ hazard, reviewedAtMs: readInstant(reviewedAt) })) }),
  ...(filed && { filed: filedFrom(filed) }),
});

const filedFrom = ({ filedAt, ...filed }: NonNullable<Written['filed']>): NonNullable<Shown['filed']> => ({
  ...filed,
  filedAtMs: readInstant(filedAt),
});

const papersView = ({ papers, plans, filed }: Shown): Written => ({
  ...(papers && {
    papers: papers.map(({ expiresAtMs, ...paper }) => ({
      ...paper,
      ...(expiresAtMs !== undefined && { expiresAt: writeInstant(expiresAtMs) }),
    })),
  }),
  ...(plans && {
    plans: plans.map(({ hazard, reviewedAtMs }) => ({ hazard, reviewedAt: writeInstant(reviewedAtMs) })),
  }),
  ...(filed && { filed: filedView(filed) }),
});

const filedView = ({ filedAtMs, ...filed }: NonNullable<Shown['filed']>): NonNullable<Written['filed']> => ({
  ...filed,
  filedAt: writeInstant(filedAtMs),
});

/** What a registrar wrote, as a facility. */
export const facilityFrom = (
  body: FacilityBody,
  own: Pick<Facility, 'id' | 'version' | 'registeredAtMs'>,
): Facility => {
  const { version: _replaced, papers: _p, plans: _l, filed: _f, cameras, state, ...rest } = body;
  return { ...rest, ...own, ...papersFrom(body), state: stateFrom(state), cameras: cameras.map(cameraFrom) };
};

/** Each device keeps since when it stands in the registry; one that is new does from now on. */
export const datedDevices = (next: Facility, stored: Facility | undefined, nowMs: number): Facility => {
  if (next.devices === undefined) return next;
  const known = new Map(stored?.devices?.map((device) => [device.id, device]));
  const devices = next.devices.map((device) => {
    const before = known.get(device.id);
    const registeredAtMs = before === undefined ? nowMs : before.registeredAtMs;
    return { ...device, ...(registeredAtMs !== undefined && { registeredAtMs }) };
  });
  return { ...next, devices };
};

/** The same with the last test of each device. */
export const testedFacilityViewOf = (facility: Facility, row: FacilityVitals | undefined): FacilityView => {
  const tests = Object.entries(row?.testedAtMs ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const deviceTests = tests.map(([device, atMs]) => ({ device, testedAt: writeInstant(atMs) }));
  return { ...facilityViewOf(facility), ...(deviceTests.length > 0 && { deviceTests }) };
};

/** A facility, as people read it. */
export const facilityViewOf = (facility: Facility): FacilityView => {
  const { registeredAtMs, registrationEvents: _told, state, cameras, areas, classes, calendar, ...others } = facility;
  const { papers: _p, plans: _l, filed: _f, legalHolds: _h, formerCounties: _c, devices, ...rest } = others;
  return {
    ...rest,
    ...papersView(facility),
    ...(devices && { devices: devices.map(({ registeredAtMs: _since, ...device }) => device) }),
    registeredAt: writeInstant(registeredAtMs),
    state: stateView(state),
    areas: [...areas],
    cameras: cameras.map(cameraView),
    classes: [...classes],
    calendar: {
      ...calendar,
      weekdays: [...calendar.weekdays],
      closedOn: [...calendar.closedOn],
      openOn: [...calendar.openOn],
    },
  };
};

export const boxViewOf = (box: Box): BoxView => ({
  facility: box.facilityId,
  id: box.id,
  enrolledAt: writeInstant(box.enrolledAtMs),
  keys: [...box.liveKeys],
});

const termsOf = ({
  hazard,
  urgency,
  breachAfterMs,
  tellAfterMs,
  unknownAfterMs,
  source,
}: RulePack['rules']['connected']) => ({
  hazard,
  urgency,
  breachAfterMs,
  tellAfterMs,
  unknownAfterMs,
  source,
});

export const packViewOf = (pack: RulePack): PackView => ({
  name: pack.name,
  version: pack.version,
  title: pack.title,
  division: pack.division,
  effectiveFrom: pack.effectiveFrom,
  ...(pack.effectiveTo !== undefined && { effectiveTo: pack.effectiveTo }),
  ...(pack.inherits !== undefined && { inherits: pack.inherits }),
  ...(pack.byNameOnly !== undefined && { byNameOnly: pack.byNameOnly }),
  rules: Object.fromEntries(Object.entries(pack.rules).map(([rule, terms]) => [rule, termsOf(terms)])),
  thresholds: { ...pack.thresholds },
  citations: { ...pack.citations },
});
