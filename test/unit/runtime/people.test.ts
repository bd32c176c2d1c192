import { describe, expect, it } from 'vitest';
import { makeAuthenticate } from '../../../shared/runtime/people.ts';
import { RequestRefusedError } from '../../../shared/runtime/request-refused.ts';
import { memoryRegistryStore } from '../../support/memory-stores.ts';

const authenticate = makeAuthenticate({
  registry: memoryRegistryStore(),
  verifier: { verify: async (token) => `https://id.example|${token}` },
});
const subjectOf = async (headers: Record<string, string>) => (await authenticate(headers)).subject;
const SIGV4 =
  'AWS4-HMAC-SHA256 Credential=AKIA/20260302/cn-north-1/execute-api/aws4_request, SignedHeaders=host, Signature=00';

describe('the token of a person', () => {
  it('travels in Authorization', async () => {
    expect(await subjectOf({ authorization: 'Bearer wang' })).toBe('https://id.example|wang');
    expect(await subjectOf({ authorization: 'bearer  wang' })).toBe('https://id.example|wang');
  });

  it('travels in a header of its own where SigV4 has taken Authorization, and there without its scheme', async () => {
    expect(await subjectOf({ authorization: SIGV4, 'x-cradlewatch-token': 'wang' })).toBe('https://id.example|wang');
    expect(await subjectOf({ 'x-cradlewatch-token': 'wang' })).toBe('https://id.example|wang');
  });

  it.each<[string, Record<string, string>]>([
    ['is nowhere', {}],
    ['is not in Authorization, which holds SigV4', { authorization: SIGV4 }],
    ['is of another scheme', { authorization: 'Basic d2FuZw==' }],
    ['is there twice, joined by the gateway', { authorization: 'Bearer wang,Bearer li' }],
    ['is there twice in its own header', { 'x-cradlewatch-token': 'wang,li' }],
    ['is there twice, once in each header', { authorization: 'Bearer wang', 'x-cradlewatch-token': 'li' }],
    ['is empty', { authorization: 'Bearer ', 'x-cradlewatch-token': '' }],
    ['has its scheme in its own header', { 'x-cradlewatch-token': 'Bearer wang' }],
    ['hides behind a line break', { authorization: 'Bearer wang\nx' }],
  ])('is refused if it %s', async (_, headers) => {
    const error = await authenticate(headers).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RequestRefusedError);
    expect(error).toMatchObject({ code: 'token-missing' });
  });
});
