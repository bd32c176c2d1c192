import type { Facility } from '../facility.ts';
import type { Incident } from '../incident.ts';
import { HOUR_MS } from '../time.ts';
import type { IncidentWindow } from './strata.ts';

/** So long before and after a real alarm footage is what somebody will look for. */
const AROUND_MS = HOUR_MS;

/**
 * The times around the real alarms of a facility, of the cameras that cover the alarm's area, or of all where it named
 * none that a camera covers. Drills, tests and technical trouble are not what anybody will look for: and a window as
 * long as an outage would leave nothing for the other strata.
 */
export const incidentWindows = (incidents: readonly Incident[], facility: Facility): readonly IncidentWindow[] =>
  incidents.flatMap(({ alarm, drill, sinceMs, openedAtMs }) => {
    if (alarm === undefined || alarm.kind === 'test' || drill !== undefined) return [];
    const aroundMs = Math.min(sinceMs, openedAtMs);
    const window = { fromMs: aroundMs - AROUND_MS, toMs: aroundMs + AROUND_MS };
    const cameras = facility.cameras.filter(({ areas }) => alarm.area !== undefined && areas.includes(alarm.area));
    return cameras.length === 0 ? [window] : cameras.map(({ id: camera }) => ({ ...window, camera }));
  });
