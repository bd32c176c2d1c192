import { describe, expect, it } from 'vitest';
import { makeAnswerTokens } from '../../../shared/adapters/links/answer-tokens.ts';
import { NotFoundError, UnavailableError } from '../../../shared/domain/errors.ts';

const tokens = makeAnswerTokens(async () => 'our secret');
const key = { incidentId: 'sun~alarm~b1~019', noticeId: 'sun~alarm~b1~019/0/police/opened', contact: 'desk' };

describe('the token of an answer link', () => {
  it('is the same each time, short enough for an SMS, and names its delivery again', async () => {
    const { lookup, token } = await tokens.tokenFor(key);
    expect(await tokens.tokenFor({ ...key })).toEqual({ lookup, token });
    expect(token).toMatch(/^[\w-]{11}\.[\w-]{16}$/);
    expect(await tokens.verify(token)).toBe(lookup);
  });

  it.each([
    ['incidentId', 'sun~alarm~b1~020'],
    ['noticeId', 'sun~alarm~b1~019/1/police/climbed'],
    ['contact', 'other'],
  ])('of another %s is another', async (name, value) => {
    const [mine, other] = [await tokens.tokenFor(key), await tokens.tokenFor({ ...key, [name]: value })];
    expect(other.lookup).not.toBe(mine.lookup);
    const mixed = `${mine.lookup}.${other.token.split('.')[1]}`;
    expect(await tokens.verify(mixed)).toBeUndefined();
  });

  it('with any one character changed is refused', async () => {
    const { token } = await tokens.tokenFor(key);
    for (let at = 0; at < token.length; at += 1) {
      if (token[at] === '.') continue;
      const forged = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
      expect(await tokens.verify(forged), `changed at ${at}`).toBeUndefined();
    }
  });

  it('cut, padded, empty, or of another secret is refused', async () => {
    const { lookup, token } = await tokens.tokenFor(key);
    const others = makeAnswerTokens(async () => 'another secret');
    const wrong = [
      '',
      '.',
      lookup,
      `${lookup}.`,
      token.slice(0, -1),
      token.slice(1),
      `${token}A`,
      `${token}=`,
      ` ${token}`,
      `${token}\n`,
      token.replace('.', '..'),
      (await others.tokenFor(key)).token,
      'A'.repeat(10_000),
    ];
    for (const one of wrong) expect(await tokens.verify(one), JSON.stringify(one)).toBeUndefined();
  });

  it('is not asked of a secret that cannot be read: that is our trouble, not a forgery', async () => {
    const broken = makeAnswerTokens(() => Promise.reject(new Error('no secret')));
    await expect(broken.verify((await tokens.tokenFor(key)).token)).rejects.toThrow('no secret');
    expect(await broken.verify('forged')).toBeUndefined();
  });

  it('says so of a secret that is gone too: it is not the link that is not found', async () => {
    const gone = makeAnswerTokens(() => Promise.reject(new NotFoundError('no such secret')));
    await expect(gone.verify((await tokens.tokenFor(key)).token)).rejects.toThrow(UnavailableError);
    await expect(gone.tokenFor(key)).rejects.toThrow(UnavailableError);
  });
});
