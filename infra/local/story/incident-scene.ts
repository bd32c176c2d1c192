import type { IncidentView } from '../../../shared/contracts/desk.ts';
import type { Letter } from '../inbox/letters.ts';
import { first, type Scene, type Seen } from './scene.ts';
import { actingOf, deliveredTo, topicsTold } from './told.ts';

/*
 * What can be claimed of an incident that must be there. Each claim says what is wrong; undefined = nothing is.
 */

type Wanted = Pick<IncidentView, 'facility' | 'rule'> & { readonly subject?: string; readonly alarm?: string };

const find = (seen: Seen, wanted: Wanted): IncidentView | undefined =>
  seen.incidents.find(
    (incident) =>
      incident.facility === wanted.facility &&
      incident.rule === wanted.rule &&
      (wanted.subject === undefined || incident.subject === wanted.subject) &&
      (wanted.alarm === undefined || incident.alarm?.kind === wanted.alarm),
  );

export const notDelivered = (incident: IncidentView): string | undefined => {
  const acting = actingOf(incident);
  const silent = acting.filter((department) => !deliveredTo(incident, department));
  if (acting.length === 0) return 'nobody has to act on it';
  return silent.length === 0 ? undefined : `not delivered to ${silent.join(', ')}`;
};

/** What reached people about it, as far as their receivers are told more than text. */
export const lettersOf = ({ letters }: Seen, { id }: IncidentView): readonly Letter[] =>
  letters.filter(({ data }) => data?.incident === id);

export const wronglyMarked = (letters: readonly Letter[], drill: boolean): string | undefined => {
  if (letters.length === 0) return 'no message of it reached anybody';
  const wrong = letters.find((letter) => letter.drill !== drill || letter.text.includes('演练') !== drill);
  return wrong && `the message to ${wrong.to} is ${drill ? 'not ' : ''}marked as a drill`;
};

export const notTold = (incident: IncidentView, topics: readonly string[]): string | undefined => {
  const told = topicsTold(incident);
  const silent = topics.filter((topic) => !told.has(topic));
  return silent.length === 0
    ? undefined
    : `no notice to ${silent.join(', ')} (told: ${[...told].join(', ') || 'nobody'})`;
};

const uncited = (incident: IncidentView): string | undefined =>
  incident.duty === undefined || incident.routing === undefined
    ? 'no citation of the duty or of the routing'
    : undefined;

export const judgedBy =
  (pack: string) =>
  (incident: IncidentView): string | undefined =>
    incident.pack.startsWith(`${pack}@`) ? undefined : `judged by ${incident.pack}`;

export const stepped = (incident: IncidentView, kind: string): string | undefined =>
  incident.steps.some((step) => step.kind === kind) ? undefined : `no step "${kind}" in its timeline`;

export const recovered = (incident: IncidentView): string | undefined =>
  first(
    incident.state === 'closed' ? undefined : `not closed after the recovery (${incident.state})`,
    incident.endedAt === undefined ? 'no end though it recovered' : undefined,
    incident.notices.published.some((notice) => notice.kind === 'recovered')
      ? undefined
      : 'nobody was told of the recovery',
  );

/** An incident that must be there, with whatever else must be true of it. */
export const incidentScene = (
  name: Scene['name'],
  wanted: Wanted,
  ...claims: readonly ((incident: IncidentView, seen: Seen) => string | undefined)[]
): Scene => ({
  name,
  missing: (seen) => {
    const incident = find(seen, wanted);
    if (incident === undefined) return `no incident ${wanted.rule} of ${wanted.facility}`;
    const fault = first(uncited(incident), ...claims.map((claim) => claim(incident, seen)));
    return fault === undefined ? undefined : `${incident.id}: ${fault}`;
  },
});

/** After nobody could be told, the next level was, and it reached somebody. */
export const climbedUnheard = ({ steps, notices, ladder }: IncidentView): string | undefined => {
  const unheard = steps.findIndex(({ kind }) => kind === 'unreachable');
  if (!steps.slice(unheard).some(({ kind }) => kind === 'climbed')) return 'it did not climb after that';
  const level = ladder[1]?.level;
  return notices.published.some((one) => one.level === level && one.deliveredAt !== undefined)
    ? undefined
    : `nobody of the level ${level} was reached`;
};
