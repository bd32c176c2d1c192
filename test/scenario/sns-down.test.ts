import { describe, expect, it } from 'vitest';
import { makeWatch } from '../../functions/watch/watch.ts';
import { type Incident, LARGEST_INCIDENT_BYTES } from '../../shared/domain/incident.ts';
import { noticeId } from '../../shared/domain/incidents/outbox.ts';
import type { BoxAlarmKind } from '../../shared/domain/reports.ts';
import { MINUTE_MS } from '../../shared/domain/time.ts';
import { at, Timeline } from '../support/timeline.ts';

const LIFE_SAFETY: readonly BoxAlarmKind[] = ['panic', 'fire', 'gas', 'medical', 'abuse', 'missing-child'];
const TECHNICAL: readonly BoxAlarmKind[] = ['power', 'tamper'];

/** Spread over the counties of the city, so that no storm takes silences together. */
const divisionOf = (n: number): string => `3212${String(n % 100).padStart(2, '0')}001`;

const owedIds = (incidents: readonly Incident[]): readonly string[] =>
  incidents.flatMap(({ id, outbox }) => outbox.map((pending) => noticeId(id, pending)));

const largest = (incidents: readonly Incident[]): number =>
  Math.max(...incidents.map((incident) => Buffer.byteLength(JSON.stringify(incident))));

describe('SNS takes nothing for a whole day', () => {
  it('and 1,000 incidents wait within 8 KB each; then every notice goes out, life safety first, with the id it had', {
    timeout: 120_000,
  }, async () => {
    const day = new Timeline(at('08:00:00'));
    day.kept.publisher.refuse();
    for (let n = 0; n < 100; n += 1) {
      await day.register(`silent-${n}`, { division: divisionOf(n) });
      await day.beat(`silent-${n}`);
    }
    for (let n = 0; n < 100; n += 1) await day.register(`ringing-${n}`, { division: divisionOf(n) });
    for (let n = 0; n < 800; n += 1) {
      const kinds = n % 8 === 0 ? LIFE_SAFETY : TECHNICAL;
      const kind = kinds[Math.floor(n / 8) % kinds.length] ?? 'panic';
      await day.alarm(`ringing-${n % 100}`, { kind });
      day.nowMs += 100;
    }

    /** A notice that is ever owed must go out; only a person's answer would change that, and there is none. */
    const owed = new Set<string>();
    let refused = 0;
    const watch = makeWatch(day.watching({ tell: () => undefined }));
    const sweep = async (): Promise<void> => {
      refused += (await watch()).counts.noticesRefused;
      for (const id of owedIds(day.incidents())) owed.add(id);
      expect(largest(day.incidents())).toBeLessThanOrEqual(LARGEST_INCIDENT_BYTES);
    };
    // Ever rarer: what is due does not depend on how often somebody looked.
    const minutes = [1, 5, 20, 60, 240, 720, 1_440];
    const startMs = day.nowMs;
    for (const minute of minutes) {
      day.nowMs = startMs + minute * MINUTE_MS;
      await sweep();
    }
    expect(day.nowMs - startMs).toBe(24 * 60 * MINUTE_MS);
    expect(day.incidents().length).toBeGreaterThanOrEqual(1_000);
    expect(day.kept.publisher.published).toEqual([]);
    expect(refused).toBeGreaterThan(5_000);
    expect(owed.size).toBeGreaterThan(2_000);

    day.kept.publisher.recover();
    day.nowMs += 10 * MINUTE_MS;
    await day.sweep();
    const first = day.kept.publisher.published.map(({ lane }) => lane);
    expect(first).toContain('technical');
    expect(first.lastIndexOf('life-safety')).toBeLessThan(first.indexOf('technical'));
    await day.minutes(3);
    const published = new Set(day.kept.publisher.published.map(({ id }) => id));
    expect([...owed].filter((id) => !published.has(id))).toEqual([]);
    expect(owedIds(day.incidents()).filter((id) => owed.has(id))).toEqual([]);
    expect(largest(day.incidents())).toBeLessThanOrEqual(LARGEST_INCIDENT_BYTES);
  });
});
