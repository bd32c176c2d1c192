import { expect, it } from 'vitest';
import { askPermit, noteOutcome, standingKey } from '../../../functions/deliver-notices/standing.ts';
import { UnavailableError } from '../../../shared/domain/errors.ts';

it('a state that cannot be had is logged by its kind: the hash of a telephone number can be guessed back', async () => {
  const told: string[] = [];
  const gone = () => Promise.reject(new UnavailableError('planned'));
  const deps = {
    states: { read: gone, save: gone },
    clock: () => 0,
    tell: (what: string, about: string) => void told.push(`${what}: ${about}`),
  };
  const key = standingKey({ id: 'sms', kind: 'sms', address: '13800000000' });
  const limits = { most: 1, withinMs: 1, reserved: 0 };
  expect(await askPermit(deps, key, limits, 'life-safety', false)).toEqual({ may: true });
  await noteOutcome(deps, key, { outcome: 'accepted' });
  expect(told).toEqual(['channel state not known: sms', 'channel state not kept: sms']);
});
