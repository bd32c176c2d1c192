import { civilTimeOf } from '../../shared/domain/civil-day.ts';
import { pendingOf } from '../../shared/domain/delivery/answer-link.ts';
import { type AnswerLink, linkSubject } from '../../shared/domain/delivery/delivery.ts';
import type { Facility } from '../../shared/domain/facility.ts';
import type { Incident } from '../../shared/domain/incident.ts';
import { closeReasonIn } from '../../shared/domain/notices/close-words.ts';
import type { NoticeFacts } from '../../shared/domain/notices/notice-text.ts';
import { facilityWords } from '../../shared/domain/notices/notice-words.ts';
import type { RulePack } from '../../shared/domain/rule-pack.ts';
import type { LinkStore } from '../../shared/ports/delivery-store.ts';
import type { RegistryStore } from '../../shared/ports/registry-store.ts';
import { both, type Said, stateWords } from './page/words.ts';

export interface SceneStores {
  readonly links: Pick<LinkStore, 'read'>;
  readonly registry: Pick<RegistryStore, 'readFacility'>;
  /** The pack that made the incident; absent = no longer kept here. */
  readonly packById: (id: string) => RulePack | undefined;
  /** The pack in force, where that one is gone: its names of departments and duties. */
  readonly packFor: (facility: Pick<Facility, 'division' | 'pack'>, nowMs: number) => RulePack;
}

/** What the page says of an incident besides the texts of its notice. */
export interface Scene {
  readonly facts: NoticeFacts;
  /** How it stands: whether somebody sees to it, by unit or role and never by name. */
  readonly state: Said;
}

const ZONE = 'Asia/Shanghai';

export const timeAt = (atMs: number, facility: Facility | undefined): string => {
  const { day, time } = civilTimeOf(atMs, facility?.calendar.zone ?? ZONE);
  return `${day} ${time}`;
};

const LINK = linkSubject('');

/** Who answered: the department and the unit that was typed, or that it was at the desk. No person is named. */
const answererOf = async ({ links }: SceneStores, link: AnswerLink, by: string, pack: RulePack): Promise<Said> => {
  if (!by.startsWith(LINK)) return stateWords.atDesk;
  if (by === linkSubject(link.lookup)) return stateWords.you;
  const other = await links.read(by.slice(LINK.length));
  if (other === undefined) return stateWords.somebody;
  const { zh, en } = departmentName(pack, other.department);
  const unit = other.used?.unit;
  return unit === undefined ? both(zh, en) : both(`${zh}（${unit}）`, `${en} (${unit})`);
};

const departmentName = (pack: RulePack, id: string): Said =>
  id === 'facility' ? facilityWords : (pack.departments.find((one) => one.id === id)?.name ?? both(id, id));

const stateOf = async (stores: SceneStores, link: AnswerLink, facts: Omit<NoticeFacts, 'pending'>): Promise<Said> => {
  const { incident, facility, pack } = facts;
  if (incident.state === 'closed') {
    const why = closeReasonIn(incident.closeReason ?? '');
    const at = timeAt(incident.closedAtMs ?? incident.openedAtMs, facility);
    return both(`已于${at}结束：${why.zh}`, `Closed ${at}: ${why.en}`);
  }
  if (incident.state === 'open' || incident.answeredBy === undefined) return stateWords.open;
  const { zh, en } = await answererOf(stores, link, incident.answeredBy, pack);
  const at = timeAt(incident.answeredAtMs ?? incident.openedAtMs, facility);
  return both(`${zh}已于${at}接手处理`, `Seen to by ${en} since ${at}`);
};

/** Reads what the page shows of an incident to whoever holds this link. */
export const sceneOf = async (
  stores: SceneStores,
  link: AnswerLink,
  incident: Incident,
  nowMs: number,
): Promise<Scene> => {
  const facility = await stores.registry.readFacility(incident.facilityId);
  const pack = stores.packById(incident.pack) ?? stores.packFor(facility ?? incident, nowMs);
  const facts = { incident, facility, pack };
  return { facts: { ...facts, pending: pendingOf(link, incident) }, state: await stateOf(stores, link, facts) };
};
