import { describe, expect, it } from 'vitest';
import { facilityShown } from '../../../shared/domain/facility-shown.ts';
import type { CameraRetention } from '../../../shared/domain/retention-verdict.ts';

const camera = (state: CameraRetention['state'], reason: CameraRetention['reason']): CameraRetention => ({
  camera: { id: 'c1', box: 'b1', areas: ['play'], installedAtMs: 0 },
  state,
  reason,
});
const held = camera('held', 'held');
const word = (cameras: readonly CameraRetention[], challenges: Parameters<typeof facilityShown>[1]): string => {
  const { state, reason } = facilityShown(cameras, challenges);
  return `${state} ${reason}`;
};
const differs = { state: 'breached', reason: 'film-differs' } as const;

describe('whether a facility can show its days', () => {
  it.each(['film-differs', 'film-not-found', 'challenge-unanswered', 'recorder-always-busy'] as const)(
    'it cannot where every camera is held and a challenge is breached: %s',
    (reason) => expect(word([held], { state: 'breached', reason })).toBe(`unproved ${reason}`),
  );

  it('what its cameras admit to comes first, and not knowing does not hide what was found', () => {
    expect(word([held, camera('short', 'recorder-keeps-less')], differs)).toBe('short recorder-keeps-less');
    expect(word([camera('gaps', 'time-missing')], differs)).toBe('gaps time-missing');
    expect(word([camera('unknown', 'no-report')], differs)).toBe('unproved film-differs');
  });

  it.each([
    { state: 'met', reason: 'shown-by-samples' },
    { state: 'unknown', reason: 'presence-only' },
    { state: 'unknown', reason: 'nothing-shown' },
    { state: 'not-applicable', reason: 'nothing-owed' },
  ] as const)('challenges that say $state, $reason, leave it to its cameras', (challenges) => {
    expect(word([held], challenges)).toBe('held held');
    expect(word([camera('unknown', 'no-report')], challenges)).toBe('unknown no-report');
    expect(word([], challenges)).toBe('unknown no-cameras');
  });
});
