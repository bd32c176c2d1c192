import { describe, expect, it } from 'vitest';
import { simulateRecorder } from '../../../box/simulated-recorder.ts';
import { beijing, DAY_MS, HOUR_MS, MINUTE_MS } from '../../support/rows.ts';

describe('the files of the simulated recorder', () => {
  const nine = beijing('2026-03-02 09:00');
  const hour = { fromMs: nine, toMs: nine + HOUR_MS };
  const recorder = () =>
    simulateRecorder({
      cameras: ['cam-1', 'cam-2'].map((id) => ({ id, installedAtMs: nine - DAY_MS })),
      keepsMs: 90 * DAY_MS,
      nowMs: () => nine + 2 * HOUR_MS,
    });

  it('are one for each minute, each of its own, and add up to what was recorded', () => {
    const one = recorder();
    const files = one.segments?.('cam-1', hour) ?? [];
    expect(files).toHaveLength(60);
    expect(new Set(files.map(({ sha256 }) => Buffer.from(sha256).toString('hex'))).size).toBe(60);
    expect(files.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(HOUR_MS * 500);
    expect(one.segments?.('cam-1', hour)).toEqual(files);
    expect(one.segments?.('cam-2', hour)?.[0]?.sha256).not.toEqual(files[0]?.sha256);
  });

  it('are gone where the film is, and begin anew after a hole', () => {
    const one = recorder();
    one.loseFilm('cam-1', { fromMs: nine + 90_000, toMs: nine + 100_000 });
    const files = one.segments?.('cam-1', hour) ?? [];
    expect(files.map(({ bytes }) => bytes / 500).slice(0, 4)).toEqual([MINUTE_MS, 30_000, 20_000, MINUTE_MS]);
    expect(files).toHaveLength(61);
    expect(one.segments?.('cam-1', { fromMs: nine - 2 * DAY_MS, toMs: nine - 2 * DAY_MS + HOUR_MS })).toEqual([]);
  });
});
