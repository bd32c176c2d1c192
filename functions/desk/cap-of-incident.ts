import type { CapQuery } from '../../shared/contracts/desk.ts';
import type { Person } from '../../shared/domain/access.ts';
import { NotFoundError } from '../../shared/domain/errors.ts';
import type { Incident, PublishedNotice } from '../../shared/domain/incident.ts';
import { publishedNoticeId } from '../../shared/domain/incidents/outbox.ts';
import { capOf, capXml } from '../../shared/domain/notices/cap.ts';
import { incidentFor } from './find-incident.ts';
import type { DeskDeps } from './stores.ts';

const asked = ({ id, published }: Incident, notice: string | undefined): PublishedNotice | undefined =>
  notice === undefined
    ? published.toSorted((a, b) => b.publishedAtMs - a.publishedAtMs)[0]
    : published.find((one) => publishedNoticeId(id, one) === notice);

/** A published notice as a CAP 1.2 document; without a name, the latest. It says what is known now. */
export const capOfIncident = async (
  deps: DeskDeps,
  person: Person,
  id: string,
  { notice }: CapQuery,
): Promise<string> => {
  const { incident } = await incidentFor(deps, person, 'read-incident', id);
  const published = asked(incident, notice);
  const recipient =
    published && incident.ladder[published.rung]?.recipients.find((one) => one.department === published.department);
  if (published === undefined || recipient === undefined) {
    throw new NotFoundError('no such notice of this incident was published');
  }
  const facility = await deps.registry.readFacility(incident.facilityId);
  const pack = deps.packById(incident.pack) ?? deps.packFor(facility ?? incident, deps.clock());
  const pending = { ...published, recipient, dueAtMs: published.publishedAtMs, attempts: 1 };
  return capXml(capOf({ incident, pending, facility, pack }));
};
