import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type AnswerDeps, makeHandler } from '../../functions/take-answers/handler.ts';
import { makeAnswerTokens } from '../../shared/adapters/links/answer-tokens.ts';
import type { AnswerLink } from '../../shared/domain/delivery/delivery.ts';
import type { Facility } from '../../shared/domain/facility.ts';
import type { Incident } from '../../shared/domain/incident.ts';
import { openAlarm, openTechnical } from '../../shared/domain/incidents/open.ts';
import { claimDue, markPublished } from '../../shared/domain/incidents/outbox.ts';
import type { BoxAlarmKind } from '../../shared/domain/reports.ts';
import { DAY_MS, MINUTE_MS } from '../../shared/domain/time.ts';
import type { DeliveryStore, LinkStore } from '../../shared/ports/delivery-store.ts';
import { packById, packFor } from '../../shared/rule-packs/index.ts';
import { facility as aFacility } from '../contract/samples.ts';
import { postEvent } from './http-event.ts';
import {
  memoryDeliveryStore,
  memoryIncidentStore,
  memoryLinkStore,
  memoryReachStore,
  memoryRecordStore,
  memoryRegistryStore,
  memoryVitalsStore,
} from './memory-stores.ts';

/** 2026-11-22 02:14 in Shanghai. */
export const NIGHT_MS = Date.parse('2026-11-22T02:14:00+08:00');
export const REPORT = '01950001-8a00-7000-8000-0123456789ab';

/** Everything that the answer link works with, in memory, and a browser that presses. */
export const answerWorld = async (over: Partial<Facility> = {}) => {
  const clock = { nowMs: NIGHT_MS };
  const tokens = makeAnswerTokens(async () => 'a secret of this test');
  const stores = {
    tokens,
    links: memoryLinkStore(),
    deliveries: memoryDeliveryStore(),
    reach: memoryReachStore(),
    incidents: memoryIncidentStore(),
    records: memoryRecordStore(),
    registry: memoryRegistryStore(),
    vitals: memoryVitalsStore(),
    packById,
    packFor,
    clock: () => clock.nowMs,
  } satisfies AnswerDeps & object;
  const facility = aFacility(over);
  await stores.registry.putFacility(facility);
  await stores.vitals.announceFacility(facility.id, 1, 0);
  await stores.vitals.announceBox(facility.id, 'gate', 180_000, 0);
  const browser = (deps: AnswerDeps = stores) => makeBrowser(makeHandler(deps));
  return { stores, clock, facility, tokens, browser, ...browser(), ...openers(stores, facility, clock) };
};

export type AnswerWorld = Awaited<ReturnType<typeof answerWorld>>;

export interface Page {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const pageOf = ({ statusCode = 0, headers = {}, body = '' }: APIGatewayProxyStructuredResultV2): Page => ({
  status: statusCode,
  headers: headers as Record<string, string>,
  body,
});

const FORM = 'application/x-www-form-urlencoded';

/** What the gateway makes of a request for an answer link. */
export const linkEvent = (method: string, token: string, body = '', type = '') => {
  const made = postEvent('/a/{token}', { 'content-type': type }, body);
  const http = { ...made.requestContext.http, method };
  return { ...made, pathParameters: { token }, requestContext: { ...made.requestContext, http } };
};

const makeBrowser = (handle: ReturnType<typeof makeHandler>) => {
  return {
    look: async (token: string, method = 'GET') => pageOf(await handle(linkEvent(method, token))),
    press: async (token: string, fields: Record<string, string>) =>
      pageOf(await handle(linkEvent('POST', token, new URLSearchParams(fields).toString(), FORM))),
    send: async (token: string, body: string, type = FORM) =>
      pageOf(await handle(linkEvent('POST', token, body, type))),
  };
};

type Stores = Pick<AnswerDeps, 'clock'> & {
  readonly tokens: ReturnType<typeof makeAnswerTokens>;
  readonly links: LinkStore;
  readonly deliveries: DeliveryStore;
  readonly incidents: ReturnType<typeof memoryIncidentStore>;
};

const openers = (stores: Stores, facility: Facility, clock: { nowMs: number }) => {
  /** Opened and told: what was due is published, as it is before anybody has a link. */
  const opened = async (incident: Incident): Promise<Incident> => {
    const { incident: claimed, claimed: due } = claimDue(incident, clock.nowMs);
    const told = markPublished(claimed, due, clock.nowMs, 'watch');
    await stores.incidents.putIfAbsent(told);
    return told;
  };
  const pack = packFor(facility, clock.nowMs);
  const alarm = (kind: BoxAlarmKind = 'panic'): Promise<Incident> => {
    const report = {
      id: REPORT,
      timeMs: clock.nowMs,
      ageMs: 900,
      kind,
      area: 'playroom',
      confirmed: 'yes',
      drill: false,
    } as const;
    const sender = { facilityId: facility.id, box: 'gate', key: 'k', createdMs: clock.nowMs, receivedMs: clock.nowMs };
    return opened(openAlarm(report, 'digest', sender, facility, pack));
  };
  const silence = (): Promise<Incident> =>
    opened(
      openTechnical(
        {
          rule: 'monitoring-running',
          subject: 'box/gate',
          finding: 'breached',
          reason: 'no-beat',
          sinceMs: clock.nowMs - 13 * MINUTE_MS,
        },
        facility,
        pack,
        clock.nowMs - 10 * MINUTE_MS,
      ),
    );
  /** A delivered notice with its link, as `deliver-notices` leaves it; the token is in the message. */
  const link = async (incident: Incident | undefined, over: Partial<AnswerLink> = {}): Promise<string> => {
    const rung = incident?.ladder[over.rung ?? 0];
    const acting = rung?.recipients.find(({ duty }) => duty === 'act');
    const department = over.department ?? acting?.department ?? 'public-security';
    const duty = rung?.recipients.find((one) => one.department === department)?.duty ?? 'act';
    const post = `${department}~${department === 'facility' ? facility.id : facility.division.slice(0, 6)}`;
    const incidentId = incident?.id ?? `test~${post}`;
    const noticeId =
      over.noticeId ?? (incident ? `${incidentId}/${over.rung ?? 0}/${department}/opened` : `${incidentId}/1`);
    const contact = over.contact ?? 'duty-phone';
    const { lookup, token } = await stores.tokens.tokenFor({ incidentId, noticeId, contact });
    const base = { incidentId, noticeId, post, contact, department, duty, rung: 0 };
    await stores.deliveries.putIfAbsent({
      ...base,
      lane: incident?.lane ?? 'technical',
      kind: incident ? 'opened' : 'test',
      state: 'delivered',
      createdAtMs: clock.nowMs,
      attempts: [],
      attemptCount: 1,
      deliveredAtMs: clock.nowMs,
      dueAtMs: clock.nowMs,
      revision: 1,
    });
    await stores.links.putIfAbsent({
      ...base,
      lookup,
      group: false,
      test: incident === undefined,
      createdAtMs: clock.nowMs,
      expiresAtMs: clock.nowMs + DAY_MS,
      ...over,
    });
    return token;
  };
  return { alarm, silence, link };
};
