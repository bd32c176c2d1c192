import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../shared/domain/time.ts';
import { retentionSentence, type SaidOfCamera } from '../../../shared/use-cases/audit/retention-sentence.ts';

const camera = (id: string, more: Partial<SaidOfCamera>): SaidOfCamera => ({
  camera: { id, box: 'gate', areas: ['play'], installedAtMs: 0 },
  state: 'held',
  reason: 'held',
  lostMs: 0,
  unknownMs: 0,
  ...more,
});

describe('why a facility cannot show its days, in one sentence', () => {
  it('says the worst first, names the cameras, and adds up what they lost', () => {
    const said = retentionSentence(
      [
        camera('cam-1', { state: 'gaps', reason: 'time-missing', lostMs: HOUR_MS, firstLost: { fromMs: 0, toMs: 1 } }),
        camera('cam-2', { state: 'short', reason: 'recorder-keeps-less', reachesDays: 35 }),
        camera('cam-3', {
          state: 'gaps',
          reason: 'time-missing',
          lostMs: HOUR_MS,
          firstLost: { fromMs: 60_000, toMs: 2 },
        }),
        camera('cam-4', { state: 'unknown', reason: 'no-report', unknownMs: 400 }),
        camera('cam-5', {}),
      ],
      90,
    );
    expect(said.en).toBe(
      'Recorder keeps 35 of 90 days (cam-2); 2 h of what must be kept are lost (cam-1, cam-3, the first at 1970-01-01T00:00:00.000Z); nobody reported on less than 1 s (cam-4).',
    );
    expect(said.zh).toBe(
      '录像设备应保存90天，仅保存35天（cam-2）；应保存的录像丢失2小时（cam-1、cam-3，最早自1970-01-01T00:00:00.000Z起）；不足1秒没有任何报告（cam-4）。',
    );
  });

  it('says so of a facility without cameras, and of one that can', () => {
    expect(retentionSentence([], 90).en).toBe('No camera is registered, so nothing can be shown.');
    expect(retentionSentence([camera('cam-1', {})], 90).zh).toBe('可以证明应保存的90天录像。');
  });
});
