import type { ThroughLink } from '../../shared/contracts/desk-deliveries.ts';
import { writeInstant } from '../../shared/contracts/wire.ts';
import type { Person } from '../../shared/domain/access.ts';
import { type AnswerLink, linkSubject } from '../../shared/domain/delivery/delivery.ts';
import { isWithin } from '../../shared/domain/facility.ts';
import type { Incident, Step } from '../../shared/domain/incident.ts';
import { departmentTopic } from '../../shared/rule-packs/index.ts';
import type { DeskDeps } from './stores.ts';

const LINK = linkSubject('');

/** One rule, and a simple one: a colleague. An officer of the department whose link it was, where it happened. */
const isColleague = ({ roles }: Person, { department }: AnswerLink, { division }: Incident): boolean =>
  roles.some(
    (role) =>
      role.role === 'officer' &&
      role.department !== undefined &&
      role.department === departmentTopic(department) &&
      role.division !== undefined &&
      isWithin(division, role.division),
  );

const viewOf = (by: string, link: AnswerLink, showsName: boolean): ThroughLink => {
  const { department, post, contact, used } = link;
  return {
    by,
    department,
    post,
    contact,
    ...(used && { choice: used.choice, at: writeInstant(used.atMs) }),
    ...(used?.unit !== undefined && { unit: used.unit }),
    ...(showsName && used?.name !== undefined && { name: used.name }),
  };
};

/**
 * Who stands behind what was said through answer links: post and unit for whoever reads the incident, the typed name for
 * officers of that department alone. `person` absent = no names.
 */
export const throughLinks = async (
  { links }: Pick<DeskDeps, 'links'>,
  incident: Incident,
  steps: readonly Step[],
  person?: Person,
): Promise<readonly ThroughLink[]> => {
  const subjects = new Set(
    [incident.answeredBy ?? '', ...steps.map(({ by }) => by)].filter((by) => by.startsWith(LINK)),
  );
  const read = [...subjects].map(async (by) => {
    const link = await links.read(by.slice(LINK.length));
    return link === undefined ? [] : [viewOf(by, link, person !== undefined && isColleague(person, link, incident))];
  });
  return (await Promise.all(read)).flat();
};
