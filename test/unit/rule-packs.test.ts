import { describe, expect, it } from 'vitest';
import { lifeSafetyKinds } from '../../shared/domain/incident.ts';
import { alarmKinds } from '../../shared/domain/reports.ts';
import type { RulePack } from '../../shared/domain/rule-pack.ts';
import { ruleNames } from '../../shared/domain/verdict.ts';
import { choosePack, packById, packFiles, packFor, packSet, packs } from '../../shared/rule-packs/index.ts';
import { merged, type RulePackFile } from '../../shared/rule-packs/inherit.ts';
import { checkRulePacks, parseRulePacks } from '../../shared/rule-packs/parse.ts';
import { beijing, DAY_MS, NOW, SECOND_MS } from '../support/rows.ts';

const named = (name: string): RulePack => {
  const pack = packs.find((one) => one.name === name);
  if (pack === undefined) throw new Error(`no pack ${name}`);
  return pack;
};
const topicsOf = (pack: RulePack, departments: readonly string[]) =>
  departments.map((id) => pack.departments.find((one) => one.id === id)?.topic);

describe('the packs that we ship', () => {
  it('have no fault', () => {
    expect(checkRulePacks(packFiles).faults).toEqual([]);
    expect(parseRulePacks()).toEqual(packs);
  });

  it('are named as a set with their versions', () => {
    const places = 'national@1 changchun@1 tianjin-hebei@1 jiangyin@1 taizhou@1 yuncheng@1';
    const demos = 'demo@1 demo-changchun@1 demo-tianjin-hebei@1 demo-jiangyin@1 demo-yuncheng@1';
    expect(packSet).toBe(`${places} ${demos} workdays@2026`);
  });

  it.each(packs.map((pack) => [pack.name, pack] as const))(
    '%s routes every rule and every alarm kind',
    (_name, pack) => {
      for (const rule of ruleNames) expect(pack.hazards[pack.rules[rule].hazard]?.act.length).toBeGreaterThan(0);
      for (const kind of alarmKinds) expect(pack.hazards[pack.alarms[kind]]).toBeDefined();
      for (const kind of lifeSafetyKinds) expect(pack.hazards[pack.alarms[kind]]?.act.length).toBeGreaterThan(0);
    },
  );

  it.each(packs.map((pack) => [pack.name, pack] as const))(
    '%s keeps recordings for ninety days and tells no facility of abuse',
    (_name, pack) => {
      expect(pack.thresholds.retentionDays.value).toBe(90);
      const routes = pack.hazards[pack.alarms.abuse];
      const told = [...(routes?.act ?? []), ...(routes?.copy ?? [])];
      expect(told.length).toBeGreaterThan(0);
      expect(told).not.toContain('facility');
      expect(topicsOf(pack, told)).not.toContain('facility');
      expect(routes?.act).toContain('police');
    },
  );

  it.each(packs.map((pack) => [pack.name, pack] as const))(
    '%s cites the document for a number only where the document gives it',
    (_name, pack) => {
      const { thresholds, citations } = pack;
      for (const key of ['morningCheckBy', 'noonCheckBy', 'flapMs', 'answerWithinMs', 'connectWithinMs'] as const) {
        expect(citations[thresholds[key].source]?.standing).toBe('configuration');
      }
      for (const step of pack.ladder) expect(citations[step.afterMs.source]?.standing).toBe('configuration');
    },
  );
});

describe('Taizhou (泰政办发〔2021〕71号)', () => {
  const taizhou = named('taizhou');

  it('sends a panic alarm to whom 三(二)5 names, citing it', () => {
    const routes = taizhou.hazards[taizhou.alarms.panic];
    expect(routes?.act).toEqual(['health', 'police', 'emergency', 'fire']);
    expect(topicsOf(taizhou, routes?.act ?? [])).toEqual(['health', 'police', 'emergency', 'fire']);
    expect(taizhou.citations[routes?.source ?? '']).toEqual({
      document: '泰州市促进3岁以下婴幼儿照护服务发展实施方案',
      number: '泰政办发〔2021〕71号',
      clause: '三(二)5',
      standing: 'in-force',
      verified: true,
    });
  });

  it('sends abuse to whom 三(三)9 names', () => {
    const routes = taizhou.hazards[taizhou.alarms.abuse];
    expect([...(routes?.act ?? [])].sort()).toEqual(['civil', 'health', 'market', 'police']);
    expect(taizhou.citations[routes?.source ?? '']?.clause).toBe('三(三)9');
  });

  it('makes its district governments answer for food, and does not claim that a clause names market supervision', () => {
    expect(taizhou.hazards.food_medicine?.act).toEqual(['district_gov']);
    const routes = taizhou.hazards[taizhou.alarms['food-poisoning']];
    expect(routes?.act).toEqual(['district_gov', 'health', 'cdc']);
    expect([...(routes?.act ?? []), ...(routes?.copy ?? [])]).not.toContain('market');
  });

  it('lets the lead of 四(二) stand in where the document is silent, and says so', () => {
    for (const hazard of ['gas', 'work_safety_inspection']) {
      const routes = taizhou.hazards[hazard];
      expect([hazard, routes?.fallback, routes?.source]).toEqual([hazard, true, 'tz-4-2']);
      expect(routes?.act).toContain('health');
    }
  });

  it('cites 三(二)5 for the ninety days and the national norm for the three missed beats', () => {
    expect(taizhou.thresholds.retentionDays.source).toBe('tz-3-2-5');
    expect(taizhou.thresholds.silentAfterMs).toEqual({ value: 180 * SECOND_MS, source: 'gb-28181-9-6-1' });
  });
});

describe('the demo', () => {
  const demo = named('demo');

  it('is clearly named, short, and routed as Taizhou is', () => {
    expect(demo.title.zh).toContain('演示');
    expect(demo.thresholds.silentAfterMs.value).toBe(15 * SECOND_MS);
    expect(demo.hazards).toEqual(named('taizhou').hazards);
  });
});

describe('the pack of a facility', () => {
  const of = (division: string, nowMs = NOW, pack?: string) => packFor({ division, ...(pack && { pack }) }, nowMs).name;

  it('is that of the longest prefix, else the floor', () => {
    expect(of('321202')).toBe('taizhou');
    expect(of('321283001')).toBe('taizhou');
    expect(of('320281')).toBe('jiangyin');
    expect(of('320205')).toBe('national');
    expect(of('120105001')).toBe('tianjin-hebei');
    expect(of('120101')).toBe('national');
    expect(of('220102')).toBe('changchun');
    expect(of('140802')).toBe('yuncheng');
    expect(packFor(undefined, NOW).name).toBe('national');
  });

  it('is the demo only for a facility that names it', () => {
    expect(of('321202', NOW, 'demo')).toBe('demo');
    expect(of('110101', NOW, 'demo')).toBe('demo');
    expect(of('321202', NOW, 'no-such-pack')).toBe('taizhou');
  });

  it('is in force from its day on, by the clock of its place', () => {
    const begins = beijing('2021-12-17 00:00');
    expect(of('321202', begins - 1)).toBe('national');
    expect(of('321202', begins)).toBe('taizhou');
  });

  it('changes from one version to the next at midnight there', () => {
    const first = { ...named('taizhou'), effectiveTo: '2026-03-03' };
    const second = { ...named('taizhou'), version: '2', effectiveFrom: '2026-03-03' };
    const version = (nowMs: number) =>
      choosePack([named('national'), first, second], { division: '321202' }, nowMs).version;
    const midnight = beijing('2026-03-03 00:00');
    expect([version(midnight - 1), version(midnight)]).toEqual(['1', '2']);
    expect(choosePack([named('national'), first], { division: '321202' }, midnight).name).toBe('national');
  });

  it('is the floor even before that was in force', () => {
    expect(of('321202', 0)).toBe('national');
  });

  it('is found again by the name that an incident keeps', () => {
    expect(packById('taizhou@1')?.title.en).toBe('Taizhou');
    expect(packById('taizhou@0')).toBeUndefined();
  });
});

describe('what a pack does not say', () => {
  const fileOf = (name: string): RulePackFile => {
    const file = packFiles.find((one) => one.name === name);
    if (file === undefined) throw new Error(`no pack ${name}`);
    return file;
  };
  const heir = (more: object): RulePack =>
    merged([fileOf('national'), { ...fileOf('jiangyin'), ...more, name: 'heir' }]);
  const floor = named('national');

  it('stands in its elder, duty by duty and term by term', () => {
    const duties = { drill: { everyMs: { value: DAY_MS, source: 'configuration' } } };
    const pack = heir({ duties });
    expect(pack.duties.drill).toEqual({ ...floor.duties.drill, everyMs: duties.drill.everyMs });
    expect(pack.duties['plan-fire']).toEqual(floor.duties['plan-fire']);
    expect(Object.keys(pack.duties)).toEqual(Object.keys(floor.duties));
  });

  it('stands in its elder, threshold by threshold, and a new one is added', () => {
    const one = floor.signals['hfmd-class'];
    if (one === undefined) throw new Error('no threshold');
    const mine = { ...one, id: 'mine', children: 3 };
    const { signals } = heir({ signals: { 'hfmd-class': { ...one, children: 4 }, mine } });
    expect(signals['hfmd-class']?.children).toBe(4);
    expect(signals.mine).toEqual(mine);
    expect(signals['ili-10']).toEqual(floor.signals['ili-10']);
  });

  it('stands in its elder, registration event by event', () => {
    const registered = { to: ['police'], source: 'jy-3-4', kindergartenTo: [] };
    const { registration } = heir({ registration: { registered } });
    expect(registration).toEqual({ ...floor.registration, registered });
  });

  it('never lends it a department', () => {
    expect(named('jiangyin').departments.map(({ id }) => id)).not.toContain('emergency');
    expect(heir({ departments: undefined }).departments).toEqual(floor.departments);
  });

  it('lends it a silence only with the hazard, and none about a document that is not its own', () => {
    const { hazards, silences, ...rest } = fileOf('jiangyin');
    const bare = heir({ ...rest, hazards: { fire: hazards?.fire }, silences: undefined }).silences;
    expect(silences?.gas).toBeDefined();
    expect(bare.gas).toEqual(floor.silences.gas);
    expect(bare.fire).toBeUndefined();
    expect(floor.silences.temperature).toBeDefined();
    expect(bare.temperature).toBeUndefined();
    expect(named('demo').silences['lifetime-ban']).toEqual(named('taizhou').silences['lifetime-ban']);
  });
});

describe('the numbers of the floor', () => {
  const floor = named('national');

  it.each([
    ['hfmd-class', 'class', 2, 7],
    ['hfmd-facility', 'facility', 5, 7],
    ['hfmd-facility-10', 'facility', 10, 7],
    ['ili-10', 'facility', 10, 7],
    ['ili-30', 'facility', 30, 7],
    ['class-fever-1-day', 'class', 3, 1],
    ['class-fever-3-days', 'class', 5, 3],
    ['diagnosed', 'class', 1, 1],
    ['breathing', 'class', 1, 1],
    ['chickenpox-10', 'facility', 10, 7],
    ['mumps-10', 'facility', 10, 7],
    ['scarlet-fever-10', 'facility', 10, 7],
    ['measles-rubella-10', 'facility', 10, 7],
    ['diarrhoea-20', 'facility', 20, 7],
    ['food-poisoning-5', 'facility', 5, 7],
    ['norovirus-5', 'facility', 5, 3],
    ['norovirus-20', 'facility', 20, 7],
  ])('%s: in a %s, %d children in %d days, from a source that nobody here has seen', (id, scope, children, days) => {
    const one = floor.signals[id];
    expect(one).toMatchObject({ scope, children, days });
    expect(floor.citations[one?.source ?? '']?.verified).toBe(false);
  });

  it.each([
    ['fire-equipment-inspection', 31, '9.3.2'],
    ['device-self-test', 31, '9.3.1'],
    ['staff-health-check', 366, '第二十八条'],
  ])('%s: every %d days by %s, unverified', (id, days, clause) => {
    const duty = floor.duties[id];
    expect(duty?.everyMs.value).toBe(days * DAY_MS);
    expect(floor.citations[duty?.everyMs.source ?? '']).toMatchObject({ clause, verified: false });
  });
});

describe('a pack with a fault', () => {
  type Draft = Record<string, never>;
  type PackName = 'national' | 'taizhou' | 'demo';
  /** Changes one of the shipped packs and checks all. */
  const faultsWith = (name: PackName, change: (draft: Draft) => void): readonly string[] => {
    const files = structuredClone(packFiles) as unknown as Draft[];
    const draft = files.find((file) => String(file.name) === name);
    if (draft === undefined) throw new Error(`no pack ${name}`);
    change(draft);
    return checkRulePacks(files).faults.map(({ path, message }) => `${path}: ${message}`);
  };
  const set = (path: string, value: unknown) => (draft: Draft) => {
    const keys = path.split('/');
    const last = keys.pop() ?? '';
    const inner = keys.reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, draft);
    if (value === undefined) delete inner[last];
    else inner[last] = value;
  };

  it.each<[string, PackName, string, unknown, RegExp]>([
    [
      'an extra key',
      'national',
      'rules/connected/tellAfterSeconds',
      5,
      /^national@1\.rules\.connected: Unrecognized key: "tellAfterSeconds"/,
    ],
    ['a rule missing', 'national', 'rules/noon-check', undefined, /^national@1\.rules\.noon-check: /],
    ['an alarm kind without a hazard', 'national', 'alarms/panic', undefined, /^national@1\.alarms\.panic: /],
    [
      'an unknown alarm kind',
      'national',
      'alarms/earthquake',
      'fire',
      /^national@1\.alarms: Unrecognized key: "earthquake"/,
    ],
    [
      'a hazard that is not routed',
      'national',
      'alarms/gas',
      'nothing',
      /^national@1\.alarms\.gas: no hazard "nothing"/,
    ],
    [
      'nobody acting on life safety',
      'taizhou',
      'hazards/child_abuse/act',
      [],
      /^taizhou@1\.alarms\.abuse: nobody acts on hazard "child_abuse"/,
    ],
    [
      'a department that is not there',
      'taizhou',
      'hazards/fire/act',
      ['fire', 'navy'],
      /^taizhou@1\.hazards\.fire\.act\.1: no department "navy"/,
    ],
    [
      'the facility hearing of abuse',
      'taizhou',
      'hazards/child_abuse/copy',
      ['facility'],
      /^taizhou@1\.hazards\.child_abuse\.copy\.0: no department "facility"/,
    ],
    [
      'a department on the topic of the facility',
      'taizhou',
      'departments/0/topic',
      'facility',
      /^taizhou@1\.departments\.health: the facility is no department/,
    ],
    ['a department twice', 'taizhou', 'departments/1/id', 'health', /^taizhou@1\.departments\.health: is there twice/],
    ['a topic that is not one', 'taizhou', 'departments/0/topic', 'navy', /^taizhou@1\.departments\.0\.topic: /],
    [
      'a citation that is not there',
      'taizhou',
      'thresholds/retentionDays/source',
      'rumour',
      /^taizhou@1\.thresholds\.retentionDays\.source: no citation "rumour"/,
    ],
    [
      'a number without a source',
      'national',
      'thresholds/flapMs',
      { value: 5 },
      /^national@1\.thresholds\.flapMs\.source: /,
    ],
    ['a negative time', 'national', 'thresholds/flapMs/value', -1, /^national@1\.thresholds\.flapMs\.value: /],
    [
      'a time of day that is none',
      'national',
      'thresholds/noonCheckBy/value',
      '25:00',
      /^national@1\.thresholds\.noonCheckBy\.value: must be HH:MM/,
    ],
    [
      'less than the floor',
      'demo',
      'thresholds/retentionDays',
      { value: 30, source: 'configuration' },
      /^demo@1\.thresholds\.retentionDays: is below the floor of 90/,
    ],
    [
      'silence between two beats',
      'demo',
      'thresholds/silentAfterMs/value',
      5_000,
      /^demo@1\.thresholds\.silentAfterMs: a box would be silent/,
    ],
    ['a ladder that goes down', 'demo', 'ladder/3/afterMs/value', 1, /^demo@1\.ladder\.3\.afterMs: is earlier/],
    [
      'a ladder that leaves the facility out',
      'demo',
      'ladder/0/level',
      'town',
      /^demo@1\.ladder\.0\.level: the facility is told first/,
    ],
    [
      'an end before its beginning',
      'taizhou',
      'effectiveTo',
      '2020-01-01',
      /^taizhou@1\.effectiveTo: ends before it begins/,
    ],
    ['an heir of nobody', 'taizhou', 'inherits', 'province@1', /^taizhou@1\.inherits: no pack "province@1"/],
    ['an heir of itself', 'taizhou', 'inherits', 'taizhou@1', /^taizhou@1\.inherits: /],
    ['a bad division', 'taizhou', 'division', '321', /^taizhou@1\.division: must be a division prefix/],
    ['no floor', 'national', 'division', '11', /: there is no national floor/],
    [
      'an interval without a source',
      'national',
      'duties/drill/everyMs',
      { value: 86_400_000 },
      /^national@1\.duties\.drill\.everyMs\.source: /,
    ],
    [
      'a duty by two proofs',
      'national',
      'duties/drill/proof',
      { log: 'drill', paper: 'food-licence' },
      /^national@1\.duties\.drill\.proof: must be one log, one paper or one plan/,
    ],
    [
      'an interval of seconds',
      'demo',
      'duties/drill/everyMs/value',
      1_000,
      /^demo@1\.duties\.drill\.everyMs\.value: Too small/,
    ],
    [
      'a duty that nobody acts on',
      'national',
      'duties/drill/hazard',
      'device_test',
      /^national@1\.duties\.drill\.hazard: nobody acts on hazard "device_test"/,
    ],
    ['a duty by another name', 'national', 'duties/drill/id', 'drills', /^national@1\.duties\.drill\.id: is "drills"/],
    [
      'a duty citing what is not there',
      'taizhou',
      'duties/drill/source',
      'rumour',
      /^taizhou@1\.duties\.drill\.source: no citation "rumour"/,
    ],
    [
      'a duty of no known kind of facility',
      'national',
      'duties/drill/kinds',
      ['school'],
      /^national@1\.duties\.drill\.kinds\.0: /,
    ],
    [
      'a threshold out of bounds',
      'national',
      'signals/hfmd-class/children',
      0,
      /^national@1\.signals\.hfmd-class\.children: Too small/,
    ],
    [
      'a window longer than the kept checks',
      'national',
      'signals/hfmd-class/days',
      32,
      /^national@1\.signals\.hfmd-class\.days: Too big/,
    ],
    [
      'a finding that is none',
      'national',
      'signals/hfmd-class/codes/0/0',
      'plague',
      /^national@1\.signals\.hfmd-class\.codes\.0\.0: /,
    ],
    [
      'a push to nobody known',
      'taizhou',
      'registration/registered/to/1',
      'navy',
      /^taizhou@1\.registration\.registered\.to\.1: no department "navy"/,
    ],
    [
      'an event that is none',
      'taizhou',
      'registration/renamed',
      {},
      /^taizhou@1\.registration: Unrecognized key: "renamed"/,
    ],
    [
      'a silence that nothing says',
      'taizhou',
      'silences/gas',
      undefined,
      /^taizhou@1\.silences\.gas: the lead stands in for "gas" and nothing says why/,
    ],
    [
      'a silence where somebody is named',
      'taizhou',
      'silences/fire',
      { zh: '无', en: 'none' },
      /^taizhou@1\.silences\.fire: "fire" is routed, so the document is not silent/,
    ],
    [
      'a hazard that is neither routed nor silent',
      'taizhou',
      'hazards/morning_noon_checks',
      undefined,
      /^taizhou@1\.hazards\.morning_noon_checks: neither routed nor silent/,
    ],
    [
      'a hazard that a rule needs and nobody has',
      'national',
      'rules/duty-overdue/hazard',
      'flood',
      /^national@1\.rules\.duty-overdue\.hazard: no hazard "flood", neither routed nor silent/,
    ],
    [
      'a department with two parts',
      'taizhou',
      'hazards/fire/copy',
      ['fire'],
      /^taizhou@1\.hazards\.fire: names "fire" twice/,
    ],
    [
      'a clause for who has no part',
      'taizhou',
      'hazards/fire/sources/civil',
      'tz-3-3-9',
      /^taizhou@1\.hazards\.fire\.sources\.civil: is cited and has no part/,
    ],
    [
      'a clause that is not there',
      'taizhou',
      'hazards/fire/sources/district_gov',
      'rumour',
      /^taizhou@1\.hazards\.fire\.sources\.district_gov: no citation "rumour"/,
    ],
    [
      'a ceiling below the floor',
      'national',
      'thresholds/retentionCeilingDays/value',
      89,
      /^national@1\.thresholds\.retentionCeilingDays: is below the days/,
    ],
    [
      'more guards than one can be asked for',
      'taizhou',
      'thresholds/guardsOnShift/value',
      2,
      /^taizhou@1\.thresholds\.guardsOnShift\.value: Too big/,
    ],
    ['a zone that is none', 'demo', 'workingHours/zone', 'Asia/Taizhou', /^demo@1\.workingHours\.zone: no time zone/],
  ])('is told of %s, with the path', (_what, name, path, value, expected) => {
    const faults = faultsWith(name, set(path, value));
    expect(
      faults.filter((one) => expected.test(one)),
      faults.join('\n'),
    ).not.toEqual([]);
  });

  it('is told of two packs that claim the same days, and not of one that follows the other', () => {
    const second = (from: string, to?: string) => {
      const [floor, taizhou] = ['national', 'taizhou'].map((name) => packFiles.find((file) => file.name === name));
      const first = { ...taizhou, ...(to && { effectiveTo: to }) };
      return checkRulePacks([floor, first, { ...taizhou, version: '2', effectiveFrom: from }]).faults;
    };
    expect(second('2026-01-01', '2026-01-02')).toMatchObject([
      { path: 'taizhou@2.effectiveFrom', message: 'overlaps taizhou@1 in time' },
    ]);
    expect(second('2026-01-01')).toHaveLength(1);
    expect(second('2026-01-01', '2026-01-01')).toEqual([]);
  });

  it('is told of every fault at once', () => {
    const faults = faultsWith('national', (draft) => {
      set('rules/connected/urgency', 'soon')(draft);
      set('thresholds/flapMs/value', 'long')(draft);
      set('division', 'x')(draft);
    });
    expect(faults).toHaveLength(3);
    expect(() => parseRulePacks([{ name: 'broken', version: '1' }])).toThrow(
      /The rule packs have faults:\n {2}broken@1\.title: /,
    );
  });
});

it('retention is counted in days of 24 hours', () => {
  expect(named('national').thresholds.retentionDays.value * DAY_MS).toBe(7_776_000_000);
});
