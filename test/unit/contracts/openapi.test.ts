import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { makeHandler } from '../../../functions/describe-api/handler.ts';
import { operations } from '../../../shared/contracts/openapi/operations.ts';
import { buildOpenApi } from '../../../shared/contracts/openapi.ts';
import { problemKinds } from '../../../shared/contracts/problems.ts';
import { problemSchema, receiverAnswerSchema } from '../../../shared/contracts/reports/answer.ts';
import { routes } from '../../../shared/contracts/routes.ts';
import { signedEvent } from '../../support/http-event.ts';
import { AUTHORITY, makeReceiver, receiverKinds, reportId, validReports } from '../../support/receivers.ts';
import { makeTestKey } from '../../support/rfc9421-signer.ts';

interface Operation {
  readonly operationId: string;
  readonly security: Record<string, unknown>[];
  readonly parameters?: { readonly name?: string; readonly in?: string; readonly $ref?: string }[];
  readonly requestBody?: { readonly content: Record<string, { readonly example: unknown }> };
  readonly responses: Record<string, { readonly content?: Record<string, { readonly examples?: object }> }>;
}

const document = JSON.parse(JSON.stringify(buildOpenApi())) as {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, Record<string, unknown>> };
};

const everyOperation = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

/** Every object inside, itself included. */
const objectsIn = (value: unknown): Record<string, unknown>[] => {
  if (typeof value !== 'object' || value === null) return [];
  const own = Array.isArray(value) ? [] : [value as Record<string, unknown>];
  return [...own, ...Object.values(value).flatMap(objectsIn)];
};

const resolve = (ref: string): unknown =>
  ref
    .slice(2)
    .split('/')
    .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], document);

describe('the OpenAPI document', () => {
  it('has exactly the routes of the API', () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    const written = everyOperation.map(({ path, method }) => `${method.toUpperCase()} ${path}`);
    expect(written.sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
  });

  it('names each operation once', () => {
    const ids = everyOperation.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('refers only to what it contains', () => {
    const refs = objectsIn(document).flatMap(({ $ref }) => (typeof $ref === 'string' ? [$ref] : []));
    expect(refs.length).toBeGreaterThan(50);
    for (const ref of refs) expect(resolve(ref), ref).toBeDefined();
  });

  it('declares each parameter of each path, with a description', () => {
    for (const { path, operation } of everyOperation) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = (operation.parameters ?? []).filter(({ in: where }) => where === 'path');
      expect(declared.map(({ name }) => name)).toEqual(named);
      for (const parameter of declared) expect(parameter).toMatchObject({ required: true, description: /./ });
    }
  });

  it('asks a box for its signature, a person for a token, and nobody for the document itself', () => {
    for (const { path, method, caller } of routes) {
      const { security } = document.paths[path]?.[method.toLowerCase()] ?? {};
      const expected = { box: [{ messageSignature: [] }], person: [{ bearer: [] }, { token: [] }], anyone: [] }[caller];
      expect(security).toEqual(expected);
    }
  });

  it('lists every code of every problem document somewhere', () => {
    const listed = everyOperation.flatMap(({ operation }) =>
      Object.values(operation.responses).flatMap(({ content }) =>
        Object.keys(content?.['application/problem+json']?.examples ?? {}),
      ),
    );
    expect([...new Set(listed)].sort()).toEqual(Object.keys(problemKinds).sort());
  });

  it('shows only examples that their schemas accept', () => {
    const bodies = Object.values(operations).flatMap(({ body }) => (body === undefined ? [] : [body]));
    expect(bodies.length).toBeGreaterThan(10);
    for (const { name, schema, example } of bodies)
      expect(z.safeParse(schema, example), name).toMatchObject({ success: true });
    const problems = objectsIn(document).filter(({ type }) => String(type).startsWith('urn:cradlewatch'));
    for (const problem of problems) expect(problemSchema.safeParse(problem).success).toBe(true);
  });

  it('refuses unknown fields in every report, and bounds every text and number', () => {
    for (const name of ['Heartbeat', 'Coverage', 'Recording', 'Check', 'Alarm', 'Log']) {
      const schema = document.components.schemas[name];
      expect(schema?.additionalProperties, name).toBe(false);
      for (const part of objectsIn(schema)) {
        if (part.type === 'string')
          expect(part.pattern ?? part.enum ?? part.const ?? part.format, JSON.stringify(part)).toBeDefined();
        if (part.type === 'integer' || part.type === 'number') expect(part.maximum, JSON.stringify(part)).toBeDefined();
        if (part.type === 'array') expect(part.maxItems, JSON.stringify(part)).toBeDefined();
      }
    }
  });

  it('is served as JSON', async () => {
    const answer = await makeHandler(buildOpenApi())({} as never);
    expect(answer).toMatchObject({ statusCode: 200, headers: { 'content-type': 'application/json' } });
    expect(JSON.parse(answer.body ?? '')).toEqual(document);
  });
});

describe('what receivers really answer', () => {
  const key = makeTestKey();

  it.each(receiverKinds)('%s: fits the schema that the document shows', async (kind) => {
    const body = JSON.stringify([validReports[kind], { id: reportId(1) }, 7, validReports[kind]]);
    const request = { authority: AUTHORITY, path: `/v1/${kind}`, body, created: 1, privateKey: key.privateKey };
    const event = signedEvent({ ...request, keyid: `facility/box/${key.publicKey}` });
    const answer = JSON.parse((await makeReceiver(kind)(event)).body ?? '');
    expect(receiverAnswerSchema.safeParse(answer)).toMatchObject({ success: true });
    expect(answer.results.map(({ result }: { result: string }) => result)).toEqual([
      'accepted',
      'rejected',
      'rejected',
      'duplicate',
    ]);
  });
});
