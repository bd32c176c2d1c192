import { generateKeyPairSync } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { createClient, type SendOutcome } from '../../box/client.ts';
import { type BoxIdentity, boxIdentity } from '../../box/signer.ts';
import type { Stream, WireReport } from '../../box/streams.ts';
import { subjectOf, tokenWithRole } from '../../infra/local/grants.ts';
import { requestToken } from '../../infra/local/oidc.ts';
import type { IncidentSummary } from '../../shared/contracts/desk.ts';
import type { FacilityBody, RoleBody } from '../../shared/contracts/registry.ts';

/** A running stack as anybody outside sees it. */
export interface PublicStack {
  readonly url: string;
  readonly issuer: string;
}

const openedDay = '2020-01-01T00:00:00Z';

/** A nursery with one area, one camera and no class, open every day; the rest by `overrides`. */
export const nurseryBody = (overrides: Partial<FacilityBody> = {}): FacilityBody => ({
  division: '321202',
  name: { zh: '海陵区小苗托育园', en: 'Sapling Nursery, Hailing' },
  address: '泰州市海陵区示例路1号',
  entrance: '南门',
  latitude: 32.49,
  longitude: 119.92,
  landline: '0523-8000 0000',
  kind: 'nursery',
  state: { is: 'in-service', since: openedDay },
  filingId: 'test-filing-1',
  areas: [{ id: 'play', name: { zh: '活动室', en: 'Playroom' }, floor: 1, activity: true }],
  cameras: [{ id: 'cam-1', box: 'box-1', areas: ['play'], installedAt: openedDay }],
  classes: [],
  calendar: {
    zone: 'Asia/Shanghai',
    weekdays: [1, 2, 3, 4, 5, 6, 7],
    opensAt: '00:00',
    closesAt: '23:59',
    closedOn: [],
    openOn: [],
  },
  ...overrides,
});

/** One person at the public API. */
export interface Caller {
  readonly call: <T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
  ) => Promise<{ readonly status: number; readonly body: T; readonly text: string }>;
}

const callerWith = (stack: PublicStack, tokenOf: () => Promise<string>): Caller => ({
  call: async <T>(method: string, path: string, body?: unknown) => {
    const response = await fetch(`${stack.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${await tokenOf()}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = (response.headers.get('content-type') ?? '').includes('json');
    return { status: response.status, body: (isJson ? JSON.parse(text) : {}) as T, text };
  },
});

/** Signs in anew for each call: the stack's clock may have moved past the end of an older token. */
export const signIn = async (stack: PublicStack, role: RoleBody): Promise<Caller> => {
  await tokenWithRole(stack, role);
  return callerWith(stack, () => requestToken(stack.issuer, subjectOf(role)));
};

const expectDone = ({ status, text }: { status: number; text: string }, what: string): void => {
  if (status >= 300) throw new Error(`${what}: ${status} ${text}`);
};

/** A further key of a box: two overlap during a rotation. */
export const enrolKey = async (
  stack: PublicStack,
  facilityId: string,
  box: string,
  division: string,
): Promise<BoxIdentity> => {
  const registrar = await signIn(stack, { role: 'registrar', division: division.slice(0, 4) });
  const identity = boxIdentity(facilityId, box, generateKeyPairSync('ed25519').privateKey);
  const at = `/v1/registry/facilities/${facilityId}/boxes/${box}/keys/${identity.key}`;
  expectDone(await registrar.call('PUT', at, {}), 'key');
  return identity;
};

/** Registers the facility as its registrar does, in service, with one box and one key. */
export const enrol = async (
  stack: PublicStack,
  facilityId: string,
  body: FacilityBody = nurseryBody(),
  box = 'box-1',
): Promise<BoxIdentity> => {
  const registrar = await signIn(stack, { role: 'registrar', division: body.division.slice(0, 4) });
  const at = `/v1/registry/facilities/${facilityId}`;
  expectDone(await registrar.call('PUT', at, body), 'facility');
  expectDone(await registrar.call('PUT', `${at}/boxes/${box}`, {}), 'box');
  return enrolKey(stack, facilityId, box, body.division);
};

/** Sends reports, signed, with the box's clock showing `nowMs`. */
export const send = (
  stack: PublicStack,
  identity: BoxIdentity,
  stream: Stream,
  reports: readonly WireReport[],
  nowMs: number = Date.now(),
): Promise<SendOutcome> =>
  createClient({ api: new URL(stack.url), nowMs: () => nowMs }).send(identity, stream, reports);

/** As `send`, for a test that cannot go on without an answer. */
export const sent = async (...args: Parameters<typeof send>): Promise<readonly string[]> => {
  const outcome = await send(...args);
  if (outcome.is !== 'answered') throw new Error(`not answered: ${JSON.stringify(outcome)}`);
  return outcome.results.map(({ result }) => result);
};

export const base = (nowMs: number) => ({ id: uuidv7(), time: new Date(nowMs).toISOString(), ageMs: 0 });

export const beat = (seq: number, nowMs: number, more: Record<string, unknown> = {}): WireReport => ({
  ...base(nowMs),
  seq,
  monitoring: 'yes',
  alarmSystem: 'yes',
  camerasOnline: 1,
  camerasRecording: 1,
  diskUsedPercent: 40,
  queueLength: 0,
  selfTests: [{ input: 'panic-1', testedAt: new Date(nowMs - 3_600_000).toISOString() }],
  software: 'test-1.0.0',
  ...more,
});

export const coverage = (seq: number, nowMs: number, picture: 'yes' | 'no' | 'unknown' = 'yes'): WireReport => ({
  ...base(nowMs),
  seq,
  cameras: [{ camera: 'cam-1', online: 'yes', recording: 'yes', picture }],
});

export const alarm = (kind: string, nowMs: number, more: Record<string, unknown> = {}): WireReport => ({
  ...base(nowMs),
  kind,
  ...more,
});

/** Every incident of a division that the caller may see, all pages. */
export const incidentsOf = async (caller: Caller, division: string): Promise<readonly IncidentSummary[]> => {
  const found: IncidentSummary[] = [];
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({ division, limit: '100', ...(cursor === undefined ? {} : { cursor }) });
    const page = await caller.call<{ items: IncidentSummary[]; cursor?: string }>('GET', `/v1/desk/incidents?${query}`);
    if (page.status !== 200) throw new Error(`list: ${page.status} ${page.text}`);
    found.push(...page.body.items);
    cursor = page.body.cursor;
  } while (cursor !== undefined);
  return found;
};
