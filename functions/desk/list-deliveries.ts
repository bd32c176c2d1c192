import type { DeliveryList, DeliveryView } from '../../shared/contracts/desk-deliveries.ts';
import { writeInstant } from '../../shared/contracts/wire.ts';
import type { Person } from '../../shared/domain/access.ts';
import { mayDo, type Target } from '../../shared/domain/authorize.ts';
import type { Delivery } from '../../shared/domain/delivery/delivery.ts';
import type { Incident } from '../../shared/domain/incident.ts';
import type { Post } from '../../shared/domain/people/roster.ts';
import { departmentTopic } from '../../shared/rule-packs/index.ts';
import { incidentFor } from './find-incident.ts';
import type { DeskDeps } from './stores.ts';

const partsOfPost = (post: string): Post => {
  const [department = '', place = ''] = post.split('~');
  return { department, place };
};

const targetOfPost = ({ department, place }: Post, { division }: Incident): Target | undefined => {
  if (department === 'facility') return { division, facilityId: place, department: 'facility' };
  const topic = departmentTopic(department);
  return topic && { division: place, department: topic };
};

/** Names of the people of those posts whose people this person may read: contact id → name, by post. */
const namesFor = async (
  { rosters }: DeskDeps,
  person: Person,
  incident: Incident,
  posts: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> => {
  const readable = posts.filter((post) => {
    const target = targetOfPost(partsOfPost(post), incident);
    return target !== undefined && mayDo(person, 'read-contacts', target);
  });
  const names = readable.map(async (post) => {
    const roster = await rosters.read(partsOfPost(post));
    return [post, new Map(roster?.contacts.map(({ id, name }) => [id, name]))] as const;
  });
  return new Map(await Promise.all(names));
};

const viewOf = (delivery: Delivery, name: string | undefined): DeliveryView => ({
  notice: delivery.noticeId,
  kind: delivery.kind,
  rung: delivery.rung,
  department: delivery.department,
  duty: delivery.duty,
  post: delivery.post,
  contact: delivery.contact,
  ...(name !== undefined && { contactName: name }),
  state: delivery.state,
  createdAt: writeInstant(delivery.createdAtMs),
  ...(delivery.deliveredAtMs !== undefined && { deliveredAt: writeInstant(delivery.deliveredAtMs) }),
  ...(delivery.seenAtMs !== undefined && { seenAt: writeInstant(delivery.seenAtMs) }),
  ...(delivery.state === 'owed' && { dueAt: writeInstant(delivery.dueAtMs) }),
  attemptCount: delivery.attemptCount,
  attempts: delivery.attempts.map(({ channel, kind, atMs, outcome, code }) => ({
    channel,
    kind,
    at: writeInstant(atMs),
    outcome,
    ...(code !== undefined && { code }),
  })),
});

/**
 * How each notice of an incident went to people, by notice and contact. Whoever may read the incident sees the posts and
 * the ids of contacts; names only whoever may read the people of that post; an address nobody.
 */
export const listDeliveries = async (deps: DeskDeps, person: Person, id: string): Promise<DeliveryList> => {
  const { incident } = await incidentFor(deps, person, 'read-incident', id);
  const deliveries = await deps.deliveries.ofIncident(incident.id);
  const names = await namesFor(deps, person, incident, [...new Set(deliveries.map(({ post }) => post))]);
  return { items: deliveries.map((one) => viewOf(one, names.get(one.post)?.get(one.contact))) };
};
