import { describe, expect, it } from 'vitest';
import { isProblemCode, problemKinds } from '../../../shared/contracts/problems.ts';
import {
  ConflictError,
  ForbiddenError,
  InvalidInputError,
  KeyNotLiveError,
  NotFoundError,
  TokenRefusedError,
  UnavailableError,
  VersionConflictError,
} from '../../../shared/domain/errors.ts';
import { problemResponse } from '../../../shared/runtime/problem-documents.ts';
import { RequestRefusedError } from '../../../shared/runtime/request-refused.ts';

const named = (name: string, more: object = {}): Error =>
  Object.assign(new Error('table Vitals at 10.0.0.1'), { name }, more);

const answer = (error: unknown) => {
  const { statusCode, headers, body } = problemResponse(error, 'request-1');
  return { status: statusCode, headers: headers ?? {}, body: JSON.parse(body ?? '') };
};

describe('an error leaves as a problem document', () => {
  it.each<[Error, number, string]>([
    [new KeyNotLiveError('no'), 403, 'key-not-live'],
    [new ForbiddenError('no'), 403, 'forbidden'],
    [new TokenRefusedError('expired'), 401, 'token-refused'],
    [new NotFoundError('no'), 404, 'not-found'],
    [new VersionConflictError('3, not 2'), 409, 'version-conflict'],
    [new InvalidInputError('no', [{ pointer: '/a', message: 'b' }]), 422, 'body-invalid'],
    [new RequestRefusedError('too-large', 'no'), 413, 'too-large'],
    [new UnavailableError('no'), 503, 'unavailable'],
    [new ConflictError('no'), 503, 'conflict'],
  ])('%o', (error, status, code) => {
    const { body, headers, ...rest } = answer(error);
    expect(rest.status).toBe(status);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(body).toMatchObject({ type: `urn:cradlewatch:problem:${code}`, status, code, requestId: 'request-1' });
    expect(body.title).toBe(problemKinds[code as keyof typeof problemKinds].title);
    expect(body.detail).not.toBe('');
  });

  it('with every fault of the input', () => {
    const faults = [{ pointer: '/a', message: 'b' }];
    expect(answer(new InvalidInputError('no', faults)).body.faults).toEqual(faults);
  });

  it.each([
    named('ThrottlingException'),
    named('ProvisionedThroughputExceededException'),
    named('RequestLimitExceeded'),
    named('TimeoutError'),
    named('AbortError'),
    named('Anything', { $fault: 'server' }),
    named('Anything', { $retryable: { throttling: true } }),
  ])('trouble of ours is 503 with Retry-After, and names no table and no host: %s', (error) => {
    const { status, headers, body } = answer(error);
    expect(status).toBe(503);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(body.code).toBe('unavailable');
    expect(JSON.stringify(body)).not.toMatch(/Vitals|10\.0/);
  });

  it.each([
    new TypeError('x of undefined in Vitals'),
    named('ValidationException', { $fault: 'client' }),
    'text',
    undefined,
  ])('what nobody foresaw is 500 without a word of itself: %s', (error) => {
    const { status, headers, body } = answer(error);
    expect({ status, code: body.code }).toEqual({ status: 500, code: 'internal' });
    expect(headers['retry-after']).toBeDefined();
    expect(JSON.stringify(body)).not.toContain('Vitals');
  });

  it('401 says how to prove oneself', () => {
    expect(answer(new TokenRefusedError('expired')).headers['www-authenticate']).toBe('Bearer');
    expect(answer(new RequestRefusedError('signature-missing', 'no')).headers['www-authenticate']).toBe('Signature');
  });

  it('says what to do next, for each code', () => {
    for (const [code, kind] of Object.entries(problemKinds)) {
      expect(isProblemCode(code)).toBe(true);
      expect(kind.todo).toMatch(/\.$/);
      expect(kind.status).toBeGreaterThanOrEqual(400);
    }
  });
});
