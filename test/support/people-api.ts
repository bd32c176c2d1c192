import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { FacilityBody } from '../../shared/contracts/registry.ts';
import type { Grant, Role } from '../../shared/domain/access.ts';
import type { Delivery } from '../../shared/domain/delivery/delivery.ts';
import { UnavailableError } from '../../shared/domain/errors.ts';
import type { TestSender } from '../../shared/ports/channel.ts';
import type { RegistryStore } from '../../shared/ports/registry-store.ts';
import { departmentTopic } from '../../shared/rule-packs/index.ts';
import { makeAuthenticate } from '../../shared/runtime/people.ts';
import { problemResponse } from '../../shared/runtime/problem-documents.ts';
import { undocumented } from './documented.ts';
import { memoryLogStore } from './memory/log-store.ts';
import { memoryRecordStore } from './memory/records.ts';
import { memoryRosterStore } from './memory/rosters.ts';

export const ISSUER = 'https://id.example';

/** Somebody with these roles, by the real way through the store. The token is the person's name. */
export const grantTo = async (registry: RegistryStore, name: string, ...roles: Role[]): Promise<void> => {
  const grant: Grant = { subject: `${ISSUER}|${name}`, version: 1, roles };
  if (!(await registry.putGrant(grant))) throw new Error(`${name} has a grant already`);
};

/** Believes every token: the person is who the token names. Verification has tests of its own. */
export const believing = (registry: RegistryStore, administrators: readonly string[] = []) =>
  makeAuthenticate({
    registry,
    administrators,
    verifier: {
      verify: async (token) => {
        if (token === 'unreachable') throw new UnavailableError('no issuer');
        return `${ISSUER}|${token}`;
      },
    },
  });

export interface Call {
  readonly as: string;
  readonly route: string;
  readonly path?: Record<string, string>;
  readonly query?: Record<string, string>;
  readonly body?: unknown;
  /** Content type of the body; absent = JSON. */
  readonly type?: string;
  readonly accept?: string;
}

/** The event that the HTTP API makes of a call. */
export const eventOf = ({
  as,
  route,
  path,
  query,
  body,
  type = 'application/json',
  accept,
}: Call): APIGatewayProxyEventV2 =>
  ({
    version: '2.0',
    routeKey: route,
    headers: {
      authorization: `Bearer ${as}`,
      ...(body !== undefined && { 'content-type': type }),
      ...(accept !== undefined && { accept }),
    },
    ...(path && { pathParameters: path }),
    ...(query && { queryStringParameters: query }),
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    isBase64Encoded: false,
  }) as unknown as APIGatewayProxyEventV2;

export interface Answered {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects and fails otherwise
  readonly body: any;
  readonly text: string;
  /** As the caller gets them. */
  readonly bytes: Uint8Array;
  readonly headers: Record<string, unknown>;
}

type Handler = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

/**
 * Calls a handler as the API would: what it throws is the problem document that people see. Whatever is answered must be
 * what the OpenAPI document promises.
 */
export const callerOf =
  (handler: Handler) =>
  async (call: Call): Promise<Answered> => {
    const result = await handler(eventOf(call)).catch((error: unknown) => problemResponse(error));
    const bytes = Buffer.from(result.body ?? '', result.isBase64Encoded === true ? 'base64' : 'utf8');
    const text = bytes.toString('utf8');
    const type = String(result.headers?.['content-type'] ?? '');
    const status = result.statusCode ?? 0;
    const body = type.includes('json') ? JSON.parse(text) : undefined;
    const fault = undocumented(call.route, { status, type, body });
    if (fault !== undefined) throw new Error(fault);
    return {
      status,
      body,
      text,
      bytes,
      headers: result.headers ?? {},
    };
  };

/** A nursery of Taizhou as a registrar writes it. */
export const aFacility = (more: Partial<FacilityBody> = {}): FacilityBody => ({
  division: '321283',
  name: { zh: '阳光托育园', en: 'Sunshine Nursery' },
  address: '泰兴市国庆路1号',
  entrance: '东门',
  latitude: 32.17,
  longitude: 120.02,
  landline: '0523-8700001',
  kind: 'nursery',
  state: { is: 'in-service', since: '2025-09-01T00:00:00.000Z' },
  areas: [{ id: 'playroom', name: { zh: '活动室', en: 'Playroom' }, floor: 1, activity: true }],
  cameras: [{ id: 'cam-1', box: 'box-1', areas: ['playroom'], installedAt: '2025-09-01T00:00:00.000Z' }],
  classes: [{ id: 'little-1', children: 18 }],
  calendar: {
    zone: 'Asia/Shanghai',
    weekdays: [1, 2, 3, 4, 5],
    opensAt: '07:30',
    closesAt: '18:00',
    closedOn: [],
    openOn: [],
  },
  ...more,
});

/** What the registry needs for rosters; `asked` are the channel tests that were sent, `kept` what became of some. */
export const rosterWorld = () => {
  const asked: Parameters<TestSender['send']>[0][] = [];
  const kept: Delivery[] = [];
  return {
    asked,
    kept,
    topicOf: departmentTopic,
    deps: {
      rosters: memoryRosterStore(),
      records: memoryRecordStore(),
      logs: memoryLogStore(),
      zone: 'Asia/Shanghai',
      keepEvidence: async () => {},
      deliveries: { ofIncident: async (id: string) => kept.filter(({ incidentId }) => incidentId === id) },
      tests: {
        send: async (test: (typeof asked)[number]) => {
          asked.push(test);
        },
      },
    },
  };
};
