import { countyOf } from '../../shared/domain/facility.ts';
import { type Incident, isOfDivision, isToldByStorm } from '../../shared/domain/incident.ts';
import { isSilence } from '../../shared/domain/incidents/storm.ts';

/**
 * What a sweep knows of silences: as it scanned them, then as it has read or opened them. `joining` are those that are to
 * become children and are not yet: nothing of them is published meanwhile.
 */
export class StormWatch {
  readonly silences = new Map<string, Incident>();
  readonly parents = new Map<string, Incident>();
  readonly joining = new Set<string>();

  note(incident: Incident): void {
    if (incident.rule === 'storm') this.parents.set(incident.id, incident);
    else if ((isSilence(incident) || isToldByStorm(incident)) && !isOfDivision(incident)) {
      this.silences.set(incident.id, incident);
    }
  }

  /** Silences and parents by county; only counties where there is anything to look at. */
  byCounty(): ReadonlyMap<string, { readonly silences: readonly Incident[]; readonly parents: readonly Incident[] }> {
    const silences = Map.groupBy(this.silences.values(), ({ division }) => countyOf(division));
    const parents = Map.groupBy(this.parents.values(), ({ division }) => countyOf(division));
    const counties = new Set([...silences.keys(), ...parents.keys()]);
    return new Map(
      [...counties].map((county) => [
        county,
        { silences: silences.get(county) ?? [], parents: parents.get(county) ?? [] },
      ]),
    );
  }
}
