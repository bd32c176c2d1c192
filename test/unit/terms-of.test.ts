import { describe, expect, it } from 'vitest';
import { technicalLadder } from '../../shared/domain/incidents/ladder.ts';
import { openTechnical } from '../../shared/domain/incidents/open.ts';
import { routingSourceOf, termsOf } from '../../shared/domain/terms-of.ts';
import { packFor } from '../../shared/rule-packs/index.ts';
import { aFacility, NOW } from '../support/rows.ts';

const taizhou = packFor({ division: '321202' }, NOW);
const hebei = packFor({ division: '120105' }, NOW);

describe('the terms of one subject', () => {
  it('are those of the rule, for a box', () => {
    expect(termsOf(taizhou, 'monitoring-running', 'box/a')).toBe(taizhou.rules['monitoring-running']);
  });

  it('have the hazard and the clause of the duty', () => {
    expect(termsOf(hebei, 'duty-overdue', 'duty/drill')).toMatchObject({
      hazard: 'emergency_plans_drills',
      source: 'hb-3-4-10',
      urgency: 'working-hours',
    });
    expect(termsOf(hebei, 'duty-overdue', 'duty/fire-equipment-inspection').hazard).toBe('fire');
    expect(termsOf(hebei, 'duty-overdue', 'device/panic-1')).toEqual(
      termsOf(hebei, 'duty-overdue', 'duty/device-self-test'),
    );
    expect(termsOf(hebei, 'duty-overdue', 'duty/no-such-duty')).toBe(hebei.rules['duty-overdue']);
  });

  it('have the clause of the threshold, of a class or of the facility', () => {
    expect(termsOf(taizhou, 'health-signal', 'signal/hfmd-class.ducks').source).toBe('hfmd-2012');
    expect(termsOf(taizhou, 'health-signal', 'signal/ili-10').source).toBe('influenza-2018');
  });
});

describe('a reached threshold', () => {
  it('is told to health and the centre for disease control together with the facility, and climbs unanswered', () => {
    const facility = aFacility({ division: '120105001' });
    const [first, ...above] = technicalLadder(hebei, 'infectious_disease', facility, { urgency: 'page', fromMs: NOW });
    expect(first?.dueAtMs).toBe(NOW);
    expect(first?.level).not.toBe('facility');
    expect(first?.recipients.map(({ department, duty }) => `${department} ${duty}`)).toEqual([
      'facility act',
      'health act',
      'cdc act',
      'mch copy',
      'health_inspection copy',
    ]);
    expect(above.map(({ level, recipients }) => [level, recipients.map((one) => one.department)])).toEqual([
      ['town', ['street']],
      ['district', ['health', 'cdc']],
      ['district', ['health']],
    ]);
  });

  it('opens under the document of the threshold', () => {
    const found = { rule: 'health-signal', subject: 'signal/hfmd-class.ducks', finding: 'breached' } as const;
    const incident = openTechnical(
      { ...found, reason: 'threshold-reached', sinceMs: NOW },
      aFacility({ division: '120105001' }),
      hebei,
      NOW,
    );
    expect(incident).toMatchObject({
      dutySource: 'hfmd-2012',
      routingSource: 'hb-3-4-9',
      hazard: 'infectious_disease',
    });
  });
});

describe('the clause by which a department is told', () => {
  it('is its own where another clause names it, else that of the routing', () => {
    const about = { hazard: 'fire', routingSource: 'tz-3-2-5' };
    expect(routingSourceOf(taizhou, about, 'district_gov')).toBe('tz-3-3-9');
    expect(routingSourceOf(taizhou, about, 'fire')).toBe('tz-3-2-5');
    expect(routingSourceOf(taizhou, { ...about, hazard: 'no-such-hazard' }, 'fire')).toBe('tz-3-2-5');
  });
});
