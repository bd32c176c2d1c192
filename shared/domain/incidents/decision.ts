import type { Incident } from '../incident.ts';

/**
 * What to do about an incident, always with a named reason, "nothing" included. The revision is not touched: whoever
 * saves raises it by one, once, however many decisions were taken together.
 */
export type Decision =
  | { readonly does: 'save'; readonly incident: Incident; readonly reason: string }
  | { readonly does: 'nothing'; readonly incident: Incident; readonly reason: string };

export const save = (incident: Incident, reason: string): Decision => ({ does: 'save', incident, reason });
export const nothing = (incident: Incident, reason: string): Decision => ({ does: 'nothing', incident, reason });
