import { describe, expect, it } from 'vitest';
import { lifeSafetyKinds, type Rung } from '../../shared/domain/incident.ts';
import { ladderOf, lifeSafetyLadder, technicalLadder } from '../../shared/domain/incidents/ladder.ts';
import { alarmKinds, type BoxAlarmKind } from '../../shared/domain/reports.ts';
import type { HazardRouting, RulePack } from '../../shared/domain/rule-pack.ts';
import { type RuleName, ruleNames } from '../../shared/domain/verdict.ts';
import { packs } from '../../shared/rule-packs/index.ts';
import responsibility from '../fixtures/responsibility.json' with { type: 'json' };
import { aFacility, NOW } from '../support/rows.ts';

/*
 * Who is told of what, read from the packs and held line by line against the responsibilities that people took from the
 * five documents (test/fixtures/responsibility.json). The plain reading below shares no code with the product.
 */

type Place = (typeof responsibility.jurisdictions)[number];
interface Stated {
  readonly lead: readonly string[] | null;
  readonly responsible: readonly string[];
  readonly handsOn: readonly string[];
  readonly clauses: readonly string[];
  readonly silent: boolean;
}
interface Told {
  readonly act: readonly string[];
  readonly copy: readonly string[];
  readonly record: readonly string[];
  readonly fallback: boolean;
}

const packOf = (place: { readonly id: string }): RulePack => {
  const pack = packs.find((one) => one.name === place.id);
  if (pack === undefined) throw new Error(`no pack for ${place.id}`);
  return pack;
};
const statedOf = (place: Place, hazard: string): Stated | undefined =>
  (place.hazards as unknown as Record<string, Stated>)[hazard];

const union = (...lists: readonly (readonly string[])[]): string[] => [...new Set(lists.flat())];
const without = (list: readonly string[], ...gone: readonly (readonly string[])[]): string[] =>
  list.filter((one) => !gone.flat().includes(one));

/** Who has hands on a hazard acts beside its lead. */
const hands: Record<string, readonly string[]> = {
  security_video: ['police', 'police_station'],
  fire: ['fire'],
  infectious_disease: ['cdc'],
  food_medicine: ['market'],
  child_abuse: ['police'],
};
const rescue = ['public_security', 'emergency_management', 'fire_rescue'];
const care = ['maternal_child_health', 'cdc', 'health_inspection'];
/** Of the others that a document names, those of these kinds are informed; the rest is on record and gets no notice. */
const informed: Record<string, readonly string[]> = {
  security_video: rescue,
  fire: rescue,
  emergency_plans_drills: rescue,
  infectious_disease: care,
  food_medicine: care,
  comprehensive_supervision: ['street_town_government', 'district_government', 'health'],
};

const readPlainly = (place: Place, hazard: string, { lead, responsible, handsOn }: Stated): Told => {
  const named = union(lead ?? [], responsible, handsOn);
  if (hazard === 'registration_push') {
    // A drifted filing is for where the facility files, and for the registrars that lead; registering is not acting.
    const act = union(lead ?? [], place.registration.fileWith);
    const copy = without(handsOn, act);
    return { act, copy, record: without(named, act, copy), fallback: false };
  }
  if (lead === null && responsible.length === 0) {
    const police = hazard === 'child_abuse' ? ['police'] : [];
    return { act: union([place.overallLead.department], handsOn, police), copy: [], record: [], fallback: true };
  }
  const plans = hazard === 'emergency_plans_drills' ? handsOn : [];
  const act = union(
    lead ?? responsible,
    named.filter((one) => hands[hazard]?.includes(one) || plans.includes(one)),
  );
  const kindOf = (id: string): string => place.departments.find((one) => one.id === id)?.category ?? '?';
  const copy = without(named, act).filter((one) => informed[hazard]?.includes(kindOf(one)));
  return { act, copy, record: without(named, act, copy), fallback: false };
};

/** Where the packs go beyond the plain reading, and why. */
const exceptions: Record<string, Partial<Told>> = {
  // Housing reviews building projects and does not come to a fire; the town coordinates safety (四4).
  'jiangyin/fire': { act: ['fire'], copy: ['town'], record: ['housing'] },
  // District governments coordinate fire safety (三(三)9).
  'taizhou/fire': { copy: ['district_gov'] },
  // A responsible unit for safety (三(二)5), though work safety is not named.
  'taizhou/work_safety_inspection': { copy: ['emergency'] },
  // In the safety clause with four units; by subject it is health's (三(二)6), and no police officer reads class health.
  'taizhou/morning_noon_checks': { act: ['health'], record: ['police', 'emergency', 'fire'] },
};

const told = (act: string, copy: string, fallback: boolean): Told => ({
  act: act.split(' ').filter(Boolean),
  copy: copy.split(' ').filter(Boolean),
  record: [],
  fallback,
});
/** Hazards that the list of responsibilities does not have: the lead with the rescue services that the place has. */
const ours: Record<string, Told> = {
  'changchun/gas': told('health fire emergency', 'police', true),
  'changchun/building': told('health fire emergency', 'construction', true),
  'changchun/personal_safety': told('health', 'police', true),
  'changchun/connection': told('health', '', true),
  'tianjin-hebei/gas': told('street fire', 'emergency police_station health', false),
  'tianjin-hebei/building': told('street fire emergency', 'housing health', false),
  'tianjin-hebei/personal_safety': told('street health', 'police_station emergency', false),
  'tianjin-hebei/connection': told('health', '', true),
  'jiangyin/gas': told('health fire town', 'police', true),
  'jiangyin/building': told('town fire', 'housing health', false),
  'jiangyin/personal_safety': told('town health', 'police', false),
  'jiangyin/connection': told('health', '', true),
  'taizhou/gas': told('health fire emergency', 'police district_gov', true),
  'taizhou/building': told('district_gov emergency fire', 'health housing', false),
  'taizhou/personal_safety': told('health police emergency fire', 'district_gov', false),
  'taizhou/connection': told('industry_it civil health market bigdata', '', false),
  'yuncheng/gas': told('health fire emergency', 'police', true),
  'yuncheng/building': told('health fire emergency', 'housing', true),
  'yuncheng/personal_safety': told('health', 'police emergency', false),
  'yuncheng/connection': told('health', '', true),
};

const expectedOf = (place: Place, hazard: string): Told => {
  if (hazard === 'calendar') return told('health', '', false);
  if (hazard === 'device_test') return told('', '', false);
  if (hazard === 'food_poisoning') {
    const both = ['food_medicine', 'infectious_disease'].map((one) => expectedOf(place, one));
    const act = union(...both.map((one) => one.act));
    const copy = without(union(...both.map((one) => one.copy)), act);
    return { act, copy, record: without(union(...both.map((one) => one.record)), act, copy), fallback: false };
  }
  const key = `${place.id}/${hazard}`;
  const stated = statedOf(place, hazard);
  const plain = stated === undefined ? ours[key] : readPlainly(place, hazard, stated);
  if (plain === undefined) throw new Error(`nothing is expected of ${key}`);
  return { ...plain, ...exceptions[key] };
};

/** Which hazard a kind of alert belongs to, as the list of responsibilities suggests it. */
const hazardOfRule: Record<RuleName, string> = {
  'monitoring-running': 'security_video',
  'alarm-system-running': 'security_video',
  'area-covered': 'security_video',
  'retention-held': 'security_video',
  'retention-exceeded': 'security_video',
  'clock-true': 'security_video',
  'guard-present': 'security_video',
  closing: 'security_video',
  'morning-check': 'morning_noon_checks',
  'noon-check': 'morning_noon_checks',
  'health-signal': 'infectious_disease',
  'duty-overdue': 'emergency_plans_drills',
  'filing-true': 'registration_push',
  connected: 'connection',
  'calendar-known': 'calendar',
  reachable: 'security_video',
};
const hazardOfAlarm: Record<BoxAlarmKind, string> = {
  panic: 'security_video',
  intrusion: 'security_video',
  'after-hours-entry': 'security_video',
  'door-left-open': 'security_video',
  'missing-child': 'security_video',
  'pickup-mismatch': 'security_video',
  tamper: 'security_video',
  power: 'security_video',
  fire: 'fire',
  gas: 'gas',
  structure: 'building',
  medical: 'personal_safety',
  injury: 'personal_safety',
  'food-poisoning': 'food_poisoning',
  abuse: 'child_abuse',
  test: 'device_test',
};

/** Who is next while nobody answers, and at what level. */
const climbs: Record<string, readonly (readonly [string, string])[]> = {
  changchun: [
    ['district', 'health_county'],
    ['city', 'ACT'],
    ['city', 'health'],
  ],
  'tianjin-hebei': [
    ['town', 'street'],
    ['district', 'ACT'],
    ['district', 'health'],
  ],
  jiangyin: [
    ['town', 'town'],
    ['district', 'ACT'],
    ['district', 'health'],
  ],
  taizhou: [
    ['town', 'town'],
    ['district', 'district_gov'],
    ['city', 'ACT'],
  ],
  yuncheng: [
    ['town', 'town'],
    ['district', 'county_gov'],
    ['city', 'ACT'],
  ],
};

const sorted = (list: readonly string[]): string => [...list].sort().join(' ');
const rungText = (level: string, act: readonly string[], copy: readonly string[], inform: readonly string[]): string =>
  `${level}: act ${sorted(act)}; copy ${sorted(copy)}; inform ${sorted(inform)}`;

const expectedRungs = (place: Place, about: string, kind: BoxAlarmKind | undefined, want: Told): string[] => {
  const steps = climbs[place.id] ?? [];
  const acting = (who: string): readonly string[] => (who === 'ACT' ? want.act : [who]);
  if (kind !== undefined && lifeSafetyKinds.has(kind)) {
    const top = steps.at(-1)?.[0] ?? '?';
    const again = rungText(top, want.act, [], []);
    return [rungText(top, want.act, want.copy, kind === 'abuse' ? [] : ['facility']), again, again, again];
  }
  const copies = (acted: readonly string[], at: number): string[] => (at === 0 ? without(want.copy, acted) : []);
  if (about === 'health-signal') {
    const level = steps.find(([, who]) => who === 'ACT')?.[0] ?? '?';
    return [
      rungText(level, ['facility', ...want.act], want.copy, []),
      ...steps.map(([level, who]) => rungText(level, acting(who), [], [])),
    ];
  }
  return [
    // Whose head cannot be reached is not asked first.
    ...(about === 'reachable' ? [] : [rungText('facility', ['facility'], [], [])]),
    ...steps.map(([level, who], at) => rungText(level, acting(who), copies(acting(who), at), [])),
  ];
};

const rungsOf = (ladder: readonly Rung[]): string[] =>
  ladder.map(({ level, recipients }) => {
    const by = (duty: string): string[] => recipients.filter((one) => one.duty === duty).map((one) => one.department);
    return rungText(level, by('act'), by('copy'), by('inform'));
  });

const routingText = ({ act, copy, record, fallback }: Told): string =>
  `act ${sorted(act)}; copy ${sorted(copy)}; record ${sorted(record)}${fallback ? '; the lead stands in' : ''}`;

const routesOf = (pack: RulePack, hazard: string): HazardRouting => {
  const routes = pack.hazards[hazard];
  if (routes === undefined) throw new Error(`${pack.name} has no hazard ${hazard}`);
  return routes;
};

describe.each(responsibility.jurisdictions.map((place) => [place.id, place] as const))('%s', (_id, place) => {
  const pack = packOf(place);
  const facility = aFacility({ division: place.division.padEnd(6, '0') });

  it.each(alarmKinds)('alarm %s: who acts, who is copied, who is next', (kind) => {
    const hazard = hazardOfAlarm[kind];
    expect(pack.alarms[kind]).toBe(hazard);
    const want = expectedOf(place, hazard);
    expect(routingText(routesOf(pack, hazard))).toBe(routingText(want));
    if (kind === 'test') return;
    const ladder = lifeSafetyKinds.has(kind)
      ? lifeSafetyLadder(pack, kind, NOW)
      : technicalLadder(pack, hazard, facility, { urgency: 'page', fromMs: NOW });
    expect(rungsOf(ladder)).toEqual(expectedRungs(place, kind, kind, want));
  });

  it.each(ruleNames)('rule %s: who acts, who is copied, who is next', (rule) => {
    const { hazard, urgency } = pack.rules[rule];
    expect(hazard).toBe(hazardOfRule[rule]);
    const want = expectedOf(place, hazard);
    expect(routingText(routesOf(pack, hazard))).toBe(routingText(want));
    const ladder = ladderOf(rule, pack, hazard, facility, { urgency, fromMs: NOW });
    expect(rungsOf(ladder)).toEqual(expectedRungs(place, rule, undefined, want));
  });

  it.each(Object.keys(place.hazards))('hazard %s: by which clause each is told', (hazard) => {
    const stated = statedOf(place, hazard);
    const { act, copy, record, source, sources = {}, fallback } = routesOf(pack, hazard);
    expect(routingText(routesOf(pack, hazard))).toBe(routingText(expectedOf(place, hazard)));
    const leadClauses = place.overallLead.clause.split('；');
    if (fallback) {
      expect(leadClauses).toContain(pack.citations[source]?.clause);
      expect(pack.silences[hazard]).toBeDefined();
    }
    for (const id of [...act, ...copy, ...record]) {
      const cited = pack.citations[sources[id] ?? source];
      if (id === 'police' && hazard === 'child_abuse' && fallback) {
        expect(cited?.document).toContain('强制报告');
        continue;
      }
      const department = place.departments.find((one) => one.id === id);
      const clauses = [...(stated?.clauses ?? []), ...(department?.clause.split('；') ?? []), ...leadClauses];
      expect(clauses, `${hazard} ${id}`).toContain(cited?.clause);
      expect(cited?.standing).toBe(place.draft ? 'consultation-draft' : 'in-force');
      expect(cited?.number ?? null).toBe(place.number);
    }
  });

  it('has the departments that its document names, by name, and no other', () => {
    const named = new Map(place.departments.map((one) => [one.id, one.name]));
    const extra = pack.departments.filter(({ id }) => !named.has(id)).map(({ id }) => id);
    // 市县乡 are three levels (二(四)13); the document lists no town among its departments.
    expect(extra).toEqual(place.id === 'yuncheng' ? ['town'] : []);
    expect(sorted(pack.departments.map(({ id }) => id))).toBe(sorted([...named.keys(), ...extra]));
    const topics: Record<string, string> = {
      public_security: 'police',
      fire_rescue: 'fire',
      emergency_management: 'emergency',
      health: 'health',
      cdc: 'health',
      maternal_child_health: 'health',
      health_inspection: 'health',
      community_health: 'health',
      medical_institutions: 'health',
    };
    for (const { id, category, name } of place.departments) {
      const department = pack.departments.find((one) => one.id === id);
      expect(department?.topic, id).toBe(topics[category] ?? 'supervision');
      expect(name, id).toContain(department?.name.zh.slice(0, 2));
    }
  });

  it('pushes a registration to whom its document says, and else to whom the national procedure says', () => {
    const { pushTo, kindergartenPushTo, events, clauses } = place.registration;
    const names = { registered: 'register', changed: 'change', cancelled: 'cancel' } as const;
    for (const event of ['registered', 'changed', 'cancelled'] as const) {
      const push = pack.registration[event];
      const isLocal = pushTo.length > 0 && (events as readonly string[]).includes(names[event]);
      expect(push.to, event).toEqual(isLocal ? pushTo : ['health']);
      const cited = pack.citations[push.source];
      if (isLocal) expect(clauses).toContain(cited?.clause);
      else expect(cited?.number).toBe('国卫办人口发〔2019〕25号');
      const ofClass = event === 'registered' ? kindergartenPushTo : [];
      expect(union(push.to, push.kindergartenTo).sort()).toEqual(union(push.to, ofClass).sort());
      if (ofClass.length > 0) expect(clauses).toContain(pack.citations[push.kindergartenSource ?? '']?.clause);
    }
  });

  it('cites its own document only for what that states, and else the national norm', () => {
    const local = (source: string): boolean => !Object.hasOwn(packOf({ id: 'national' }).citations, source);
    const { parameters } = place;
    const states = (key: keyof typeof parameters): boolean => parameters[key] !== null;
    const { rules, duties, thresholds } = pack;
    for (const rule of ['monitoring-running', 'alarm-system-running'] as const) {
      expect(local(rules[rule].source), rule).toBe(states('monitoring_24h'));
    }
    expect(local(rules['area-covered'].source)).toBe(states('activity_area_full_coverage'));
    expect(local(rules['retention-held'].source)).toBe(states('video_retention_days_min'));
    expect(local(thresholds.retentionDays.source)).toBe(states('video_retention_days_min'));
    for (const rule of ['morning-check', 'noon-check'] as const) {
      expect(local(rules[rule].source), rule).toBe(!statedOf(place, 'morning_noon_checks')?.silent);
    }
    expect(local(rules.connected.source)).toBe(states('info_system_access_mandatory'));
    expect(local(duties.drill?.source ?? '')).toBe(states('drill_frequency'));
    const yearly = {
      'staff-health-check': 'staff_health_check_per_year',
      'staff-health-training': 'staff_health_training_per_year',
    } as const;
    for (const [id, parameter] of Object.entries(yearly)) {
      const duty = duties[id];
      expect(local(duty?.source ?? ''), id).toBe(states(parameter));
      expect(local(duty?.everyMs.source ?? ''), id).toBe(states(parameter));
      const cited = pack.citations[duty?.source ?? ''];
      if (states(parameter)) expect(cited?.clause).toBe(parameters[parameter]?.clause);
    }
    // "定期" is no number, wherever it stands.
    for (const id of ['drill', 'disinfection', 'self-inspection', 'emergency-training', 'plan-fire']) {
      expect(pack.citations[duties[id]?.everyMs.source ?? '']?.standing, id).toBe('configuration');
    }
    expect(pack.citations[duties['liability-insurance']?.source ?? '']?.standing).toBe('encouraged');
    expect(Object.hasOwn(pack.silences, 'lifetime-ban')).toBe(!states('lifetime_ban'));
    expect(Object.hasOwn(pack.silences, 'video-numbers')).toBe(!states('video_retention_days_min'));
  });
});

describe('the traps', () => {
  const pack = (id: string) => packOf({ id });
  const toldOf = (id: string, hazard: string): string[] => {
    const { act, copy } = routesOf(pack(id), hazard);
    return [...act, ...copy];
  };

  it('Changchun: the emergency bureau supervises fire and the fire brigade carries it out, so both act', () => {
    expect(routesOf(pack('changchun'), 'fire').act).toEqual(['emergency', 'fire']);
  });

  it('Changchun: every citation of its own is a consultation draft, and the title and the silences say so', () => {
    const own = Object.entries(pack('changchun').citations).filter(([key]) => key.startsWith('cc-'));
    expect(own.length).toBeGreaterThan(3);
    expect(own.map(([, one]) => one.standing)).toEqual(own.map(() => 'consultation-draft'));
    expect(pack('changchun').title.zh).toContain('征求意见稿');
    expect(pack('changchun').silences.draft).toBeDefined();
  });

  it('Jiangyin has no emergency bureau: nobody is invented, on no topic', () => {
    const { departments, hazards, silences } = pack('jiangyin');
    expect(departments.filter((one) => one.id === 'emergency' || one.topic === 'emergency')).toEqual([]);
    expect(JSON.stringify(hazards)).not.toContain('"emergency"');
    expect(silences['emergency-bureau']).toBeDefined();
  });

  it('Hebei: the street office leads safety, and health only the programme', () => {
    for (const hazard of ['security_video', 'fire', 'emergency_plans_drills', 'comprehensive_supervision']) {
      expect(routesOf(pack('tianjin-hebei'), hazard).act[0], hazard).toBe('street');
    }
    expect(toldOf('tianjin-hebei', 'security_video')).not.toContain('health');
  });

  it('Yuncheng: a camera does not page the market bureau, nor civil affairs, nor education', () => {
    const yuncheng = pack('yuncheng');
    const ladder = technicalLadder(yuncheng, 'security_video', aFacility(), { urgency: 'page', fromMs: NOW });
    const heard = ladder.flatMap((rung) => rung.recipients.map((one) => one.department));
    for (const id of ['market', 'civil', 'education']) {
      expect(heard, id).not.toContain(id);
      expect(routesOf(yuncheng, 'security_video').record, id).toContain(id);
    }
  });

  it('Taizhou: a new facility is pushed to the police, and nowhere else is it', () => {
    const toPolice = responsibility.jurisdictions.filter(({ id }) =>
      pack(id).registration.registered.to.includes('police'),
    );
    expect(toPolice.map(({ id }) => id)).toEqual(['taizhou']);
  });

  it('Taizhou: no lifetime ban, and only there', () => {
    const without = responsibility.jurisdictions.filter(({ id }) => Object.hasOwn(pack(id).silences, 'lifetime-ban'));
    expect(without.map(({ id }) => id)).toEqual(['taizhou']);
  });

  it('Yuncheng: education hears of a kindergarten class, and of no other facility', () => {
    const { to, kindergartenTo } = pack('yuncheng').registration.registered;
    expect([to, kindergartenTo]).toEqual([['health'], ['education']]);
  });

  it('24 hours, coverage and 90 days outside Taizhou are the national norm', () => {
    for (const { id } of responsibility.jurisdictions.filter((one) => one.id !== 'taizhou')) {
      for (const rule of ['monitoring-running', 'alarm-system-running', 'area-covered', 'retention-held'] as const) {
        expect(pack(id).citations[pack(id).rules[rule].source], `${id} ${rule}`).toMatchObject({
          number: '国卫人口发〔2019〕58号',
          clause: '第三十二条',
        });
      }
    }
  });

  it.each(packs.map((one) => [one.name, one] as const))(
    'abuse in %s: police act, the facility hears nothing',
    (_name, one) => {
      const ladder = lifeSafetyLadder(one, 'abuse', NOW);
      const heard = ladder.flatMap((rung) => rung.recipients);
      expect(heard.map(({ department }) => department)).toContain('police');
      expect(heard.filter(({ topic, department }) => topic === 'facility' || department === 'facility')).toEqual([]);
    },
  );
});
