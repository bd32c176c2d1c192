import { describe, expect, it } from 'vitest';
import type { Person, Role } from '../../../shared/domain/access.ts';
import {
  type Action,
  actions,
  answersAs,
  type Department,
  groupOf,
  mayDo,
  type RuleGroup,
  ruleGroups,
  scopeOf,
  type Target,
  toldOf,
} from '../../../shared/domain/authorize.ts';
import { allAlarmKinds } from '../../../shared/domain/reports.ts';
import { ruleNames } from '../../../shared/domain/verdict.ts';

const departments = ['police', 'fire', 'emergency', 'health', 'supervision'] as const;

/* The table once more, written by hand as people read it: – nothing, r read, a answer and close. */
const columns =
  'monitoring recordings class-health enrolment security fire-safety medical abuse complaint device duties'.split(
    ' ',
  ) as RuleGroup[];
const expected: Record<Department, string> = {
  police: 'a a - - a a a a - r -',
  fire: 'r - - - - a - - - r r',
  emergency: 'r - - - - a a - - r r',
  health: 'a a a a a a a a a a a',
  supervision: 'a a a a a a a - a a a',
};
const letterOf = (department: Department, group: RuleGroup): string =>
  expected[department].split(' ')[columns.indexOf(group)] ?? '?';

const places = {
  'the very division': ['321283', '321283'],
  'a town inside': ['3212', '321283101'],
  'the whole country of a province': ['32', '321283101205'],
  'the next city': ['3212', '320282'],
  'the next town': ['321283101', '321283102'],
  'a wider place than the role': ['321283101', '321283'],
} as const;
const inside = new Set(['the very division', 'a town inside', 'the whole country of a province']);

const roles: { name: string; role: (division: string) => Role; department?: Department }[] = [
  ...departments.map((department) => ({
    name: `officer of ${department}`,
    role: (division: string): Role => ({ role: 'officer', department, division }),
    department,
  })),
  { name: 'auditor', role: (division) => ({ role: 'auditor', division }) },
  { name: 'registrar', role: (division) => ({ role: 'registrar', division }) },
  { name: 'administrator', role: () => ({ role: 'administrator' }) },
  { name: 'facility', role: () => ({ role: 'facility', facilityId: 'sunshine' }) },
  { name: 'another facility', role: () => ({ role: 'facility', facilityId: 'moonlight' }) },
];

const onRosters = ['read-roster', 'read-contacts', 'edit-roster', 'test-channel'] as const;
const always: Record<string, readonly Action[]> = {
  officer: ['read-facility', 'open-incident', 'edit-drills'],
  auditor: [
    'read-incident',
    'read-retention',
    'order-hold',
    'release-hold',
    'read-uptime',
    'read-checks',
    'read-accesses',
    'read-facility',
    'read-changes',
    'read-roster',
  ],
  registrar: [
    'read-facility',
    'edit-facility',
    'erase-record',
    'read-changes',
    'edit-drills',
    'edit-mutes',
    ...onRosters,
  ],
  administrator: [],
  facility: [
    'read-retention',
    'read-uptime',
    'read-checks',
    'read-accesses',
    'attach-objection',
    'read-facility',
    'ask-maintenance',
    ...onRosters,
  ],
  'another facility': [],
};

/** What a head does with own incidents; of abuse and complaints a head knows nothing. */
const ofTheHead: readonly Action[] = [
  'read-incident',
  'answer-incident',
  'pass-on',
  'mark-false-alarm',
  'declare-real',
];
const ofWhoMustAct: readonly Action[] = [
  'answer-incident',
  'close-incident',
  'pass-on',
  'mark-false-alarm',
  'edit-mutes',
];

/** What people expect, by a way of its own: letters and lists, no shared code. */
const expects = (name: string, department: Department | undefined, action: Action, group: RuleGroup, isIn: boolean) => {
  if (action === 'read-packs') return true;
  if (name === 'administrator') return action === 'read-grants' || action === 'edit-grants';
  if (name === 'facility' && ofTheHead.includes(action)) return !['abuse', 'complaint'].includes(group);
  if (name === 'facility' || name === 'another facility') return always[name]?.includes(action) === true;
  if (!isIn) return false;
  if (name === 'registrar' && action === 'read-incident') return group === 'enrolment';
  if (department === undefined) return always[name]?.includes(action) === true;
  if (action === 'read-incident' || action === 'declare-real') return 'ra'.includes(letterOf(department, group));
  if (ofWhoMustAct.includes(action)) return letterOf(department, group) === 'a';
  if (action === 'read-retention') return letterOf(department, 'recordings') !== '-';
  if (action === 'order-hold' || action === 'release-hold') return letterOf(department, 'recordings') === 'a';
  if (action === 'read-uptime') return letterOf(department, 'monitoring') !== '-';
  if (action === 'read-checks') return letterOf(department, 'class-health') !== '-';
  return always.officer?.includes(action) === true;
};

const person = (...held: Role[]): Person => ({ subject: 'https://id.example|1', roles: held });

describe('who may do what: every role × department × group × place × action', () => {
  for (const { name, role, department } of roles) {
    for (const [place, [prefix, division]] of Object.entries(places)) {
      it(`${name}, ${place}`, () => {
        for (const action of actions) {
          for (const group of ruleGroups) {
            const target: Target = { division, facilityId: 'sunshine', group };
            const want = expects(name, department, action, group, inside.has(place));
            expect(mayDo(person(role(prefix)), action, target), `${action} ${group}`).toBe(want);
          }
        }
      });
    }
  }

  it('covers the product it says it covers', () => {
    expect(columns).toEqual([...ruleGroups]);
    expect(roles.length * Object.keys(places).length * actions.length * ruleGroups.length).toBe(10 * 6 * 28 * 11);
  });
});

/* The rosters: r the hours without names, p the people too, e edits and tests. Of the own department, of another, of a facility. */
const rosterTable: Record<string, string> = {
  officer: 'rp - -',
  auditor: 'r r r',
  registrar: 'rpe rpe rpe',
  administrator: '- - -',
  facility: '- - rpe',
  'another facility': '- - -',
};
const letterOfRoster = { 'read-roster': 'r', 'read-contacts': 'p', 'edit-roster': 'e', 'test-channel': 'e' } as const;

describe('who may do what with a roster: every role × department × place × post × action', () => {
  for (const { name, role, department } of roles) {
    for (const [place, [prefix, division]] of Object.entries(places)) {
      it(`${name}, ${place}`, () => {
        for (const of of [...departments, 'facility'] as const) {
          const target: Target =
            of === 'facility' ? { division, facilityId: 'sunshine', department: of } : { division, department: of };
          const columns = rosterTable[department ? 'officer' : name]?.split(' ') ?? [];
          const letters = columns[of === 'facility' ? 2 : department === undefined || of === department ? 0 : 1] ?? '?';
          // Where a role is for a place, it must hold the place of the post; a head's is the facility itself.
          const isIn = inside.has(place) || name === 'facility';
          for (const action of onRosters) {
            const want = isIn && letters.includes(letterOfRoster[action]);
            expect(mayDo(person(role(prefix)), action, target), `${action} ${of}`).toBe(want);
          }
        }
      });
    }
  }

  it('a post wider than the role is out of reach: the county does not edit the city', () => {
    const county = person({ role: 'registrar', division: '321283' });
    for (const action of onRosters) {
      expect(mayDo(county, action, { division: '3212', department: 'police' })).toBe(false);
      expect(mayDo(county, action, { division: '321283', department: 'police' })).toBe(true);
    }
  });

  it('lists what each role reaches', () => {
    const police = person({ role: 'officer', department: 'police', division: '3212' });
    expect(scopeOf(police, 'read-roster', '32')).toEqual({ divisions: ['3212'], facilityIds: [] });
    const head = person({ role: 'facility', facilityId: 'sunshine' });
    expect(scopeOf(head, 'read-roster', '32')).toEqual({ divisions: [], facilityIds: ['sunshine'] });
    expect(scopeOf(person({ role: 'administrator' }), 'read-roster', '32').divisions).toEqual([]);
  });
});

describe('being told', () => {
  const abuseAt = (told: Target['told']): Target => ({
    division: '321283',
    facilityId: 'sunshine',
    group: 'abuse',
    ...(told && { told }),
  });
  const emergency = person({ role: 'officer', department: 'emergency', division: '3212' });

  it('lets a department that must act answer, and one that was informed read', () => {
    expect(mayDo(emergency, 'read-incident', abuseAt(undefined))).toBe(false);
    expect(mayDo(emergency, 'read-incident', abuseAt({ emergency: 'read' }))).toBe(true);
    expect(mayDo(emergency, 'answer-incident', abuseAt({ emergency: 'read' }))).toBe(false);
    expect(mayDo(emergency, 'close-incident', abuseAt({ emergency: 'act' }))).toBe(true);
  });

  it('reaches no further than the division, and not another department', () => {
    const elsewhere = { ...abuseAt({ emergency: 'act' }), division: '320282' };
    expect(mayDo(emergency, 'read-incident', elsewhere)).toBe(false);
    const fire = person({ role: 'officer', department: 'fire', division: '3212' });
    expect(mayDo(fire, 'read-incident', abuseAt({ emergency: 'act' }))).toBe(false);
  });

  it('never opens an abuse alarm to the facility, even if its topic were told by mistake', () => {
    const head = person({ role: 'facility', facilityId: 'sunshine' });
    expect(mayDo(head, 'read-incident', abuseAt({ facility: 'act' }))).toBe(false);
  });

  it('never lets an auditor or a registrar change an incident, nor a facility close one, whoever was told', () => {
    for (const group of ruleGroups) {
      const told = { police: 'act', facility: 'act', supervision: 'act', health: 'act' } as const;
      const target: Target = { division: '321283', facilityId: 'sunshine', group, told };
      for (const who of [
        person({ role: 'auditor', division: '3212' }),
        person({ role: 'facility', facilityId: 'sunshine' }),
        person({ role: 'registrar', division: '3212' }),
        person({ role: 'administrator' }),
      ]) {
        const mayAnswer = who.roles[0]?.role === 'facility' && !['abuse', 'complaint'].includes(group);
        expect(mayDo(who, 'answer-incident', target)).toBe(mayAnswer);
        expect(mayDo(who, 'close-incident', target)).toBe(false);
      }
    }
  });

  it('counts only rungs that were entered', () => {
    const recipient = { department: 'emergency', topic: 'emergency', duty: 'act' } as const;
    const copy = { department: 'police', topic: 'police', duty: 'copy' } as const;
    const ladder = [
      { level: 'facility', dueAtMs: 1, recipients: [copy], enteredAtMs: 1 },
      { level: 'town', dueAtMs: 2, recipients: [recipient] },
    ] as const;
    expect(toldOf({ ladder })).toEqual({ police: 'read' });
  });

  it('keeps the stronger duty of a department that was told twice', () => {
    const as = (duty: 'act' | 'copy') => ({ department: 'p', topic: 'police', duty }) as const;
    const ladder = [{ level: 'city', dueAtMs: 1, enteredAtMs: 1, recipients: [as('act'), as('copy')] }] as const;
    expect(toldOf({ ladder })).toEqual({ police: 'act' });
  });
});

describe('roles that were written carelessly', () => {
  it('reach nothing: an officer or an auditor without a division, an officer without a department', () => {
    const target: Target = { division: '321283', facilityId: 'sunshine', group: 'monitoring' };
    const careless: Role[] = [
      { role: 'officer', department: 'health' },
      { role: 'auditor' },
      { role: 'registrar' },
      { role: 'facility' },
      { role: 'officer', division: '3212' },
    ];
    for (const role of careless) {
      for (const action of actions.filter((a) => a !== 'read-packs')) {
        expect(mayDo(person(role), action, target), `${role.role} ${action}`).toBe(false);
      }
    }
  });

  it('a person without roles may do nothing at all', () => {
    for (const action of actions) expect(mayDo(person(), action, { division: '321283' })).toBe(false);
  });

  it('an incident of unknown group is shown to nobody but those who read all', () => {
    const target: Target = { division: '321283', facilityId: 'sunshine' };
    expect(mayDo(person({ role: 'officer', department: 'health', division: '32' }), 'read-incident', target)).toBe(
      false,
    );
    expect(mayDo(person({ role: 'facility', facilityId: 'sunshine' }), 'read-incident', target)).toBe(false);
  });
});

describe('groups', () => {
  const facts = { box: 'b', reportId: 'r', digest: '', confirmed: 'yes', drillFlag: false, ageMs: 0 } as const;

  it('every rule and alarm kind has one', () => {
    for (const rule of ruleNames) expect(ruleGroups).toContain(groupOf({ rule }));
    for (const kind of allAlarmKinds)
      expect(ruleGroups).toContain(groupOf({ rule: 'alarm', alarm: { ...facts, kind } }));
  });

  it('an alarm without its facts is held back like abuse', () => {
    expect(groupOf({ rule: 'alarm' })).toBe('abuse');
    expect(groupOf({ rule: 'alarm', alarm: { ...facts, kind: 'abuse' } })).toBe('abuse');
  });
});

describe('what a list may look at', () => {
  const taizhou = person({ role: 'officer', department: 'police', division: '3212' });

  it('is the own division if nothing was asked for', () => {
    expect(scopeOf(taizhou, 'read-incident', undefined).divisions).toEqual(['3212']);
  });

  it('narrows a wider prefix to the own division', () => {
    expect(scopeOf(taizhou, 'read-incident', '32').divisions).toEqual(['3212']);
  });

  it('is the asked prefix if it lies inside, and nothing if it lies outside', () => {
    expect(scopeOf(taizhou, 'read-incident', '321283').divisions).toEqual(['321283']);
    expect(scopeOf(taizhou, 'read-incident', '3202').divisions).toEqual([]);
  });

  it('names each place once when roles overlap', () => {
    const two = person({ role: 'auditor', division: '3212' }, { role: 'auditor', division: '321283' });
    expect(scopeOf(two, 'read-incident', undefined).divisions).toEqual(['3212']);
  });

  it('leaves out roles that do not reach the action', () => {
    const mixed = person({ role: 'registrar', division: '3202' }, { role: 'auditor', division: '3212' });
    expect(scopeOf(mixed, 'read-retention', undefined).divisions).toEqual(['3212']);
    expect(scopeOf(mixed, 'edit-facility', undefined).divisions).toEqual(['3202']);
  });

  it('of a facility is the facility alone', () => {
    const head = person({ role: 'facility', facilityId: 'sunshine' });
    expect(scopeOf(head, 'read-incident', '32')).toEqual({ divisions: [], facilityIds: ['sunshine'] });
  });
});

describe('answering for whom', () => {
  const target: Target = { division: '321283', facilityId: 'sunshine', group: 'security' };
  const head: Role = { role: 'facility', facilityId: 'sunshine' };

  it('the head answers for the nursery, an officer for a department, and who is both for the department', () => {
    expect(answersAs(person(head), target)).toBe('facility');
    expect(answersAs(person({ role: 'officer', department: 'police', division: '3212' }), target)).toBe('officer');
    expect(answersAs(person(head, { role: 'officer', department: 'police', division: '3212' }), target)).toBe(
      'officer',
    );
  });

  it('a department that may only read it answers for nobody: the head does', () => {
    expect(answersAs(person(head, { role: 'officer', department: 'fire', division: '3212' }), target)).toBe('facility');
  });
});
