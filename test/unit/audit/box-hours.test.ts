import { describe, expect, it } from 'vitest';
import { uptimeView } from '../../../shared/contracts/audit.ts';
import { boxAgainstUs, saidMinutes } from '../../../shared/domain/box-hours.ts';
import { MINUTE_MS } from '../../../shared/domain/time.ts';
import { gap as aGap, KEY } from '../../contract/samples.ts';
import { at, auditWorld } from '../../support/audit-world.ts';

const HOUR_MS_10 = at('2026-03-01T10:00');
const minute = (n: number): number => HOUR_MS_10 + n * MINUTE_MS;
/** Every minute, but for the last six. */
const FIFTY_FOUR = (((1n << 54n) - 1n) << 6n).toString(16).padStart(15, '0');

describe('what a box says of its own hours', () => {
  it('has minute 0 as the highest of sixty bits', () => {
    expect(saidMinutes([{ hourMs: HOUR_MS_10, minutes: '800000000000001' }])).toEqual([
      { fromMs: minute(0), toMs: minute(1) },
      { fromMs: minute(59), toMs: minute(60) },
    ]);
  });

  it('is held against our gaps both ways, and only over hours that it speaks of', () => {
    const ours = [{ fromMs: minute(50), toMs: minute(90) }];
    const hours = [{ hourMs: HOUR_MS_10, minutes: FIFTY_FOUR }];
    expect(boxAgainstUs(hours, ours, [{ fromMs: minute(0), toMs: minute(180) }])).toEqual({
      saidMs: 60 * MINUTE_MS,
      saysBeatWeSayGapMs: 4 * MINUTE_MS,
      saysNoneWeSayBeatMs: 0,
    });
    // The beats at its very edges are no contradiction.
    const edges = [{ fromMs: minute(10) + 20_000, toMs: minute(12) + 5_000 }];
    expect(boxAgainstUs(hours, edges, [{ fromMs: minute(0), toMs: minute(60) }]).saysBeatWeSayGapMs).toBe(MINUTE_MS);
    const { saysNoneWeSayBeatMs } = boxAgainstUs(hours, [], [{ fromMs: minute(0), toMs: minute(58) }]);
    expect(saysNoneWeSayBeatMs).toBe(4 * MINUTE_MS);
  });

  it('stands in the uptime of the facility, box by box', async () => {
    const city = await auditWorld();
    await city.register('sunshine');
    await city.connect('sunshine');
    const id = '019cac2e-8b80-7000-8000-0000000000d1';
    const report = { id, timeMs: minute(61), hourMs: HOUR_MS_10, minutes: FIFTY_FOUR };
    await city.records.putDigest('sunshine', 'gate', { report, digest: 'd', receivedMs: minute(61), key: KEY });
    await city.records.putGap(aGap({ fromMs: minute(50), breachedAtMs: minute(53), toMs: minute(60) }));
    const { body } = await city.call({
      as: 'auditor',
      route: 'GET /v1/audit/facilities/{facility}/uptime',
      path: { facility: 'sunshine' },
      query: { from: '2026-03-01', to: '2026-03-01' },
    });
    expect(uptimeView.parse(body).boxes).toEqual([
      { box: 'gate', saidMinutes: 60, saysBeatWeSayGapMinutes: 4, saysNoneWeSayBeatMinutes: 0 },
    ]);
  });
});
