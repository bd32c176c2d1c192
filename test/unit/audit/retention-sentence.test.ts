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

const none = {
  open: 0,
  held: 0,
  mismatch: 0,
  'not-found': 0,
  present: 0,
  busy: 0,
  unanswered: 0,
  'token-refused': 0,
};
const about = {
  requiredDays: 90,
  zone: 'Asia/Shanghai',
  challenges: { state: 'met', reason: 'shown-by-samples', outcomes: none },
} as const;

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
      about,
    );
    expect(said.en).toBe(
      'Recorder keeps 35 of 90 days (cam-2); 2 h of what must be kept are lost (cam-1, cam-3, the first at 1970-01-01 08:00); nobody reported on less than 1 s (cam-4).',
    );
    expect(said.zh).toBe(
      '录像设备应保存90天，仅保存35天（cam-2）；应保存的录像丢失2小时（cam-1、cam-3，最早自1970-01-01 08:00起）；不足1秒没有任何报告（cam-4）。',
    );
  });

  it('says so of a facility without cameras, and of one that can', () => {
    expect(retentionSentence([], about).en).toBe('No camera had to record, so nothing can be shown.');
    expect(retentionSentence([camera('cam-1', {})], about).zh).toBe('可以证明应保存的90天录像。');
  });

  it('says how often challenged footage was not shown, beside what the cameras admit to', () => {
    const outcomes = { ...none, held: 9, mismatch: 4, 'not-found': 4 };
    const breached = { ...about, challenges: { state: 'breached', reason: 'film-differs', outcomes } } as const;
    expect(retentionSentence([camera('cam-1', {})], breached)).toEqual({
      zh: '抽查的录像与录像当时封存的不一致4次、找不到4次。',
      en: 'Challenged footage differed from what was sealed 4 times and was not found 4 times.',
    });
    const short = camera('cam-2', { state: 'short', reason: 'recorder-keeps-less', reachesDays: 35 });
    expect(retentionSentence([short], breached).en).toBe(
      'Recorder keeps 35 of 90 days (cam-2); challenged footage differed from what was sealed 4 times and was not found 4 times.',
    );
    const late = {
      ...about,
      challenges: { state: 'breached', reason: 'challenge-unanswered', outcomes: { ...none, unanswered: 1, busy: 3 } },
    } as const;
    expect(retentionSentence([camera('cam-1', {})], late).en).toBe('Challenged footage was not shown in time once.');
    const busy = {
      ...about,
      challenges: { state: 'breached', reason: 'recorder-always-busy', outcomes: { ...none, busy: 3 } },
    } as const;
    expect(retentionSentence([camera('cam-1', {})], busy)).toEqual({
      zh: '抽查的录像因录像设备一直占线未能出示3次。',
      en: 'Challenged footage was not shown 3 times since the recorder was always busy.',
    });
  });

  it('says of one that can, and that no challenge has confirmed, that it rests on reports alone', () => {
    const challenges = { state: 'unknown', reason: 'presence-only', outcomes: none } as const;
    expect(retentionSentence([camera('cam-1', {})], { ...about, challenges })).toEqual({
      zh: '可以证明应保存的90天录像，但仅凭上报，未经抽查证实（录像设备只能答复有无，无法出示原样字节）。',
      en: 'It can show the 90 days that must be kept, by its reports alone: no challenge confirms them (its recorders can only say that footage is there).',
    });
    const nothing = { ...challenges, reason: 'nothing-shown' } as const;
    expect(retentionSentence([camera('cam-1', {})], { ...about, challenges: nothing }).zh).toContain(
      '尚无录像经抽查证实',
    );
  });
});
