import { expect, it } from 'vitest';
import { killRounds } from '../support/kill-rounds.ts';

it('loses no accepted report and no notice when it is killed at 20 points of a burst', async () => {
  await expect(killRounds(20, 20261121, 500)).resolves.toBeUndefined();
}, 240_000);
