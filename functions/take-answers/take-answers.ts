import { applyUse, choicesOf } from '../../shared/domain/delivery/answer-link.ts';
import type { AnswerLink, LinkChoice, LinkUse } from '../../shared/domain/delivery/delivery.ts';
import type { Incident } from '../../shared/domain/incident.ts';
import type { AnswerTokens } from '../../shared/ports/answer-tokens.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { DeliveryStore, LinkStore, ReachStore } from '../../shared/ports/delivery-store.ts';
import type { IncidentStore } from '../../shared/ports/incident-store.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';
import type { VitalsStore } from '../../shared/ports/vitals-store.ts';
import { changeIncident } from '../../shared/use-cases/change-incident.ts';
import { findIncident } from '../../shared/use-cases/find-incident.ts';
import { tellBox } from '../../shared/use-cases/tell-box.ts';
import { untilSaved } from '../../shared/use-cases/until-saved.ts';

/** Everything that taking an answer works with. */
export interface AnswerStores {
  readonly tokens: Pick<AnswerTokens, 'verify'>;
  readonly links: Pick<LinkStore, 'read' | 'use'>;
  readonly deliveries: Pick<DeliveryStore, 'read' | 'save'>;
  readonly reach: Pick<ReachStore, 'seen'>;
  readonly incidents: Pick<IncidentStore, 'read' | 'save'>;
  readonly records: Pick<RecordStore, 'readArchived' | 'flushSteps'>;
  readonly vitals: Pick<VitalsStore, 'noteReceipt' | 'facilitySeen'>;
  readonly clock: Clock;
}

/** What somebody sent from the page. `name` and `unit` only of a group. */
export type Sent = Omit<LinkUse, 'atMs'>;

export type Opened =
  /** Forged, copied in part, or of another city. */
  | { readonly is: 'unknown' }
  | { readonly is: 'expired'; readonly link: AnswerLink; readonly incident: Incident | undefined }
  | {
      readonly is: 'used';
      readonly link: AnswerLink;
      readonly use: LinkUse;
      readonly incident: Incident | undefined;
      /** We died in the middle of what follows from it: one more press finishes it. */
      readonly isUnfinished: boolean;
    }
  /** May be answered by one of the choices. */
  | {
      readonly is: 'open';
      readonly link: AnswerLink;
      readonly incident: Incident | undefined;
      readonly choices: readonly LinkChoice[];
    };

export type Taken =
  | Exclude<Opened, { is: 'open' }>
  /** It stands, and everything that follows from it is kept. */
  | { readonly is: 'done'; readonly link: AnswerLink; readonly use: LinkUse; readonly incident: Incident | undefined }
  /** Nobody needs to see to it any more, or this link may not say that. */
  | (Extract<Opened, { is: 'open' }> & { readonly refused: LinkChoice });

const incidentOf = async (stores: AnswerStores, { test, incidentId }: AnswerLink): Promise<Incident | undefined> =>
  test ? undefined : (await findIncident(stores, incidentId))?.incident;

const linkOf = async ({ tokens, links }: AnswerStores, token: string): Promise<AnswerLink | undefined> => {
  const lookup = await tokens.verify(token);
  return lookup === undefined ? undefined : links.read(lookup);
};

const isUnfinished = async ({ deliveries }: AnswerStores, link: AnswerLink): Promise<boolean> => {
  const delivery = await deliveries.read(link.incidentId, link.noticeId, link.contact);
  return delivery !== undefined && delivery.state !== 'seen';
};

/** What the page shows. Reads, and changes nothing: scanners of mail open every link. */
export const openLink = async (stores: AnswerStores, token: string): Promise<Opened> => {
  const link = await linkOf(stores, token);
  if (link === undefined) return { is: 'unknown' };
  const incident = await incidentOf(stores, link);
  if (link.used !== undefined) {
    return { is: 'used', link, use: link.used, incident, isUnfinished: await isUnfinished(stores, link) };
  }
  if (stores.clock() >= link.expiresAtMs) return { is: 'expired', link, incident };
  return { is: 'open', link, incident, choices: choicesOf(link, incident) };
};

/** Whoever sends the same again (a second press, a browser that repeats) is told that it stands. */
const isSame = (use: LinkUse, sent: Sent): boolean =>
  use.choice === sent.choice && use.name === sent.name && use.unit === sent.unit;

/**
 * Takes one answer, once. First the link is used, by compare-and-set, so that of two at the same instant one counts; then
 * what follows from it is done. Dying in between: the use is kept, whoever pressed was not told that it worked, and the
 * next press, whatever it says, first finishes what the first one began. Until then the incident climbs as if nobody had
 * answered: a lost answer tells one person too many, never one too few.
 */
export const takeAnswer = async (stores: AnswerStores, token: string, sent: Sent): Promise<Taken> => {
  const opened = await openLink(stores, token);
  if (opened.is === 'used') return finishUsed(stores, opened, sent);
  if (opened.is !== 'open') return opened;
  if (!opened.choices.includes(sent.choice)) return { ...opened, refused: sent.choice };
  const { link } = opened;
  const use: LinkUse = { ...sent, atMs: stores.clock() };
  if (await stores.links.use(link.lookup, use))
    return { is: 'done', link, use, incident: await finish(stores, link, use) };
  const used = await openLink(stores, token);
  return used.is === 'used' ? finishUsed(stores, used, sent) : { is: 'unknown' };
};

const finishUsed = async (stores: AnswerStores, used: Extract<Opened, { is: 'used' }>, sent: Sent): Promise<Taken> => {
  const incident = (await finish(stores, used.link, used.use)) ?? used.incident;
  const isOwn = isSame(used.use, sent) || (used.isUnfinished && used.use.choice === sent.choice);
  return isOwn ? { is: 'done', link: used.link, use: used.use, incident } : { ...used, incident, isUnfinished: false };
};

/**
 * All that follows from a used link; each part is harmless a second time, and the delivery is marked last: where it says
 * `seen`, everything before it was done.
 */
const finish = async (stores: AnswerStores, link: AnswerLink, use: LinkUse): Promise<Incident | undefined> => {
  const delivery = await stores.deliveries.read(link.incidentId, link.noticeId, link.contact);
  if (delivery?.state === 'seen') return incidentOf(stores, link);
  const incident = link.test ? undefined : await tell(stores, link, use);
  await stores.reach.seen(link.post, use.atMs);
  const facilityId = facilityOfPost(link.post);
  if (facilityId !== undefined) await stores.vitals.facilitySeen(facilityId, use.atMs);
  await markDelivered(stores, link, use);
  return incident;
};

const tell = async (stores: AnswerStores, link: AnswerLink, use: LinkUse): Promise<Incident | undefined> => {
  const changed = await changeIncident(stores, link.incidentId, (incident) => applyUse(incident, link, use));
  // What is a record already is over: nothing of it changes.
  if (changed === undefined) return incidentOf(stores, link);
  await tellBox(stores.vitals, changed.incident);
  return changed.incident;
};

const FACILITY_POST = 'facility~';
const facilityOfPost = (post: string): string | undefined =>
  post.startsWith(FACILITY_POST) ? post.slice(FACILITY_POST.length) : undefined;

/** Seen is delivered too, whatever the channel said of its last try. */
const markDelivered = async ({ deliveries }: AnswerStores, link: AnswerLink, { atMs }: LinkUse): Promise<void> => {
  await untilSaved(`delivery of ${link.noticeId}`, async () => {
    const read = await deliveries.read(link.incidentId, link.noticeId, link.contact);
    if (read === undefined || read.state === 'seen') return true;
    const seen = { ...read, state: 'seen' as const, deliveredAtMs: read.deliveredAtMs ?? atMs, seenAtMs: atMs };
    return (await deliveries.save({ ...seen, revision: read.revision + 1 })) || undefined;
  });
};
