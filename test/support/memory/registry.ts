import { padMs } from '../../../shared/adapters/dynamodb/keys.ts';
import type { Grant } from '../../../shared/domain/access.ts';
import { type Box, countyOf, type Facility, isWithin } from '../../../shared/domain/facility.ts';
import type { Change, RegistryStore } from '../../../shared/ports/registry-store.ts';
import { logged } from './calls.ts';
import { ascending, pageOf } from './pages.ts';

interface Versioned {
  readonly version: number;
}

const follows = (there: Versioned | undefined, next: Versioned): boolean => (there?.version ?? 0) === next.version - 1;

/** The registry in memory. */
export const memoryRegistryStore = (): RegistryStore => {
  const facilities = new Map<string, Facility>();
  const counties = new Set<string>();
  const boxes = new Map<string, Box>();
  const keys = new Set<string>();
  const changes = new Map<string, Change[]>();
  const grants = new Map<string, Grant>();
  const placeOfFacility = (facility: Facility): string => `${countyOf(facility.division)}#${facility.id}`;
  const placeOfChange = (change: Change): string => `${padMs(change.atMs)}#${change.id}`;

  const appendChange: RegistryStore['appendChange'] = async (owner, change) => {
    const others = (changes.get(owner) ?? []).filter((other) => placeOfChange(other) !== placeOfChange(change));
    changes.set(owner, [...others, structuredClone(change)]);
  };

  return logged({
    readFacility: async (facilityId) => structuredClone(facilities.get(facilityId)),
    putFacility: async (facility) => {
      counties.add(countyOf(facility.division));
      if (!follows(facilities.get(facility.id), facility)) return false;
      facilities.set(facility.id, structuredClone(facility));
      return true;
    },
    listFacilities: async (divisionPrefix, limit, cursor) => {
      const byCounty = [...facilities.values()]
        .filter((facility) => isWithin(facility.division, divisionPrefix))
        .sort((a, b) => ascending(placeOfFacility(a), placeOfFacility(b)));
      return pageOf(`facilities/${divisionPrefix}`, byCounty, placeOfFacility, limit, cursor);
    },
    listCounties: async (divisionPrefix) => {
      const prefix = countyOf(divisionPrefix);
      return [...counties].filter((county) => county.startsWith(prefix)).sort(ascending);
    },

    readBox: async (facilityId, box) => structuredClone(boxes.get(`${facilityId}/${box}`)),
    listBoxes: async (facilityId) =>
      [...boxes.values()]
        .filter((box) => box.facilityId === facilityId)
        .sort((a, b) => ascending(a.id, b.id))
        .map((box) => structuredClone(box)),
    putBox: async (box) => {
      boxes.set(`${box.facilityId}/${box.id}`, structuredClone(box));
    },

    isKeyLive: async (facilityId, box, key) => keys.has(`${facilityId}/${box}/${key}`),
    putKey: async (facilityId, box, key) => {
      keys.add(`${facilityId}/${box}/${key}`);
    },
    removeKey: async (facilityId, box, key) => {
      keys.delete(`${facilityId}/${box}/${key}`);
    },

    appendChange,
    appendErasure: appendChange,
    listChanges: async (owner, limit, cursor) => {
      const newestFirst = [...(changes.get(owner) ?? [])].sort((a, b) => ascending(placeOfChange(b), placeOfChange(a)));
      return pageOf(`changes/${owner}`, newestFirst, placeOfChange, limit, cursor, 'descending');
    },

    readGrant: async (subject) => structuredClone(grants.get(subject)),
    putGrant: async (grant) => {
      if (!follows(grants.get(grant.subject), grant)) return false;
      grants.set(grant.subject, structuredClone(grant));
      return true;
    },
    removeGrant: async (subject) => {
      grants.delete(subject);
    },
    listGrants: async (limit, cursor) => {
      const bySubject = [...grants.values()].sort((a, b) => ascending(a.subject, b.subject));
      return pageOf('grants', bySubject, (grant) => grant.subject, limit, cursor);
    },
  } satisfies RegistryStore);
};
