import type { IncidentView } from '../../../shared/contracts/desk.ts';
import { topicsTold } from './told.ts';

/** Tells what is new about each incident since it was last looked at. */
export const createTeller = (say: (line: string) => void) => {
  const stepsTold = new Map<string, number>();
  const whoOf = (incident: IncidentView): string =>
    `${incident.facilityName?.zh ?? incident.facility} ${incident.facility} · ${incident.title.zh} ${incident.title.en}`;

  const introduce = (incident: IncidentView): void => {
    const clause = incident.duty === undefined ? '' : ` · ${incident.duty.document} ${incident.duty.clause ?? ''}`;
    say(`⚠ ${whoOf(incident)} · since ${incident.since.slice(11, 19)}Z${clause}`.trimEnd());
  };

  return (incident: IncidentView): void => {
    const told = stepsTold.get(incident.id);
    if (told === undefined) introduce(incident);
    const fresh = incident.steps.filter((step) => step.n > (told ?? -1));
    for (const step of fresh) say(`    ${incident.facility} · ${step.kind} · ${step.reason}`);
    if (fresh.some((step) => step.kind === 'notice-published')) {
      say(`    ${incident.facility} · told so far: ${[...topicsTold(incident)].join(', ')}`);
    }
    stepsTold.set(incident.id, Math.max(told ?? -1, ...fresh.map((step) => step.n)));
  };
};
