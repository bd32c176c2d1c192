import { describe, expect, it } from 'vitest';
import { isWithin } from '../../shared/domain/facility.ts';
import { packFor, packs } from '../../shared/rule-packs/index.ts';

const NOW = Date.parse('2026-03-02T10:00:00+08:00');
const places = ['changchun', 'tianjin-hebei', 'jiangyin', 'yuncheng'];

describe('the demonstration over the other places', () => {
  it.each(places)('in %s it has that place’s departments, routing and clauses, and short limits', (place) => {
    const own = packs.find(({ name }) => name === place);
    const demo = packFor({ division: own?.division ?? '', pack: `demo-${place}` }, NOW);
    const taizhou = packs.find(({ name }) => name === 'demo');
    expect(demo.name).toBe(`demo-${place}`);
    expect(demo.departments).toEqual(own?.departments);
    expect(demo.hazards).toEqual(own?.hazards);
    expect(demo.silences).toEqual(own?.silences);
    expect(demo.signals).toEqual(own?.signals);
    expect(demo.registration).toEqual(own?.registration);
    expect(demo.ladder.map(({ departments, level }) => [level, departments])).toEqual(
      own?.ladder.map(({ departments, level }) => [level, departments]),
    );
    expect(demo.ladder.map(({ afterMs }) => afterMs.value)).toEqual(
      taizhou?.ladder.map(({ afterMs }) => afterMs.value),
    );
    expect(demo.thresholds.silentAfterMs.value).toBe(15_000);
    expect(demo.thresholds.retentionDays).toEqual(own?.thresholds.retentionDays);
  });

  it('serves nobody who does not name it', () => {
    for (const { name, division, byNameOnly } of packs.filter((pack) => pack.name.startsWith('demo'))) {
      expect({ name, byNameOnly }).toEqual({ name, byNameOnly: true });
      const chosen = packFor({ division }, NOW);
      expect(chosen.name).not.toMatch(/^demo/);
      expect(isWithin(division, chosen.division)).toBe(true);
    }
  });
});
