import { expect, it } from 'vitest';
import { type CameraRetention, owingCameras, worstOf } from '../../../shared/domain/retention-verdict.ts';
import { DAY_MS } from '../../../shared/domain/time.ts';
import { packFor } from '../../../shared/rule-packs/index.ts';
import { facility as aFacility } from '../../contract/samples.ts';

const at = (text: string): number => Date.parse(`${text}+08:00`);
const INSTALLED_MS = at('2026-02-27T06:00:00');
const camera = { id: 'cam-1', box: 'gate', areas: ['playroom'], installedAtMs: INSTALLED_MS };
const facility = aFacility({ cameras: [camera] });
const pack = packFor(facility, at('2026-03-02T12:00:00'));

it('the worst camera speaks for the facility, and one without cameras shows nothing', () => {
  const held: CameraRetention = { camera, state: 'held', reason: 'held' };
  const unknown: CameraRetention = { camera, state: 'unknown', reason: 'never-reported' };
  expect(worstOf([held, unknown])).toEqual({ state: 'unknown', reason: 'never-reported' });
  expect(worstOf([])).toEqual({ state: 'unknown', reason: 'no-cameras' });
});

it('a retired camera is asked about until its last recording may go', () => {
  const retired = { ...camera, retiredAtMs: at('2026-02-28T06:00:00') };
  const with1 = { ...facility, cameras: [retired] };
  expect(owingCameras(with1, pack, retired.retiredAtMs + 90 * DAY_MS - 1)).toHaveLength(1);
  expect(owingCameras(with1, pack, retired.retiredAtMs + 90 * DAY_MS)).toHaveLength(0);
});

it('a camera is not asked about as of an instant before it was installed', () => {
  expect(owingCameras(facility, pack, INSTALLED_MS - 1)).toEqual([]);
  expect(owingCameras(facility, pack, INSTALLED_MS)).toEqual([camera]);
});
