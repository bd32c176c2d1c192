import { expect, it } from 'vitest';
import { killRounds } from '../support/kill-rounds.ts';

it('loses no accepted report and no notice when it is killed at 300 points of a burst', async () => {
  await expect(killRounds(300, Date.now() % 1_000_000, 900)).resolves.toBeUndefined();
});
