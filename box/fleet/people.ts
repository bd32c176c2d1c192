import type { RosterBody } from '../../shared/contracts/roster.ts';
import { onWire } from '../streams.ts';
import { DEMO_ZONE, nurseries, type Part } from './nurseries.ts';

/** One contact of a roster as the registrar writes it. */
type ContactBody = RosterBody['contacts'][number];

/** Departments that have to act on something in each place, or are on the ladder of its pack; an invented post for each. */
const departmentsOf: Readonly<Record<string, readonly string[]>> = {
  '3212': [
    ...['health', 'police', 'emergency', 'fire', 'cdc', 'civil', 'market', 'district_gov', 'town'],
    ...['mch', 'health_inspection', 'admin_approval', 'education', 'industry_it', 'bigdata'],
  ],
  '2201': ['health', 'health_county', 'police', 'emergency', 'fire', 'market', 'cdc'],
  '120105': ['health', 'street', 'police', 'police_station', 'emergency', 'fire', 'market', 'cdc'],
  '320281': ['health', 'town', 'police', 'fire', 'market', 'cdc', 'mch', 'health_inspection'],
  '1408': [
    ...['health', 'police', 'emergency', 'fire', 'market', 'cdc', 'county_gov', 'town'],
    ...['education', 'staffing', 'admin_approval'],
  ],
};

/** Of this one nobody is on a roster: what happens there goes on to the next level at once. */
export const UNREACHABLE_PART: Part = 'reaches-nobody';

const everyDay = [1, 2, 3, 4, 5, 6, 7];
const byDay: ContactBody['shifts'] = [{ weekdays: everyDay, from: '08:00', to: '20:00' }];
const byNight: ContactBody['shifts'] = [{ weekdays: everyDay, from: '20:00', to: '08:00' }];
/** A long leave, whenever the demo is played. */
const onLeave: ContactBody['away'] = [
  { from: onWire(Date.parse('2020-01-01T00:00:00Z')), to: onWire(Date.parse('2099-01-01T00:00:00Z')) },
];

/** Its own receiver, behind which a person is. The value of the secret is put by whoever runs the stack. */
const receiver = (post: string): ContactBody['channels'] => [
  { id: 'receiver', kind: 'webhook', secret: `${post.replace('~', '.')}.receiver` },
];

/** Two share the day, so that somebody is on duty at any hour. */
const dutyOfficers = (post: string): readonly ContactBody[] => [
  { id: 'day', name: '演示值班员甲', is: 'person', role: 'duty', shifts: byDay, channels: receiver(post) },
  { id: 'night', name: '演示值班员乙', is: 'person', role: 'duty', shifts: byNight, channels: receiver(post) },
];

/** One of them is on leave, and the other stands in. */
const withSubstitute = (post: string): readonly ContactBody[] =>
  dutyOfficers(post).map((one) => (one.id === 'day' ? { ...one, away: onLeave, substitute: 'night' } : one));

/** A group behind a bot: whoever answers says who it is. */
const group = (post: string): readonly ContactBody[] => [
  {
    id: 'group',
    name: '演示值班群',
    is: 'group',
    role: 'duty',
    channels: [{ id: 'bot', kind: 'wecom', secret: `${post.replace('~', '.')}.bot` }],
  },
];

const peopleOf = (department: string, post: string): readonly ContactBody[] => {
  if (department === 'fire') return group(post);
  return department === 'police' ? withSubstitute(post) : dutyOfficers(post);
};

const head = (post: string): readonly ContactBody[] => [
  { id: 'head', name: '演示园长', is: 'person', role: 'head', channels: receiver(post) },
];

/** The people of one post. */
export interface DemoRoster {
  /** `<department>~<division>` or `facility~<id>`. */
  readonly post: string;
  readonly contacts: readonly ContactBody[];
}

/** Rosters of departments; they can be entered before any nursery is there. */
export const departmentRosters: readonly DemoRoster[] = Object.entries(departmentsOf).flatMap(([place, departments]) =>
  departments.map((department) => {
    const post = `${department}~${place}`;
    return { post, contacts: peopleOf(department, post) };
  }),
);

/** The head of each nursery but one. */
export const facilityRosters: readonly DemoRoster[] = nurseries
  .filter(({ part }) => part !== UNREACHABLE_PART)
  .map(({ id }) => ({ post: `facility~${id}`, contacts: head(`facility~${id}`) }));

export const rosterBodyOf = ({ contacts }: DemoRoster): RosterBody => ({ zone: DEMO_ZONE, contacts: [...contacts] });

/** A secret that the demo's rosters name. */
export interface DemoSecret {
  readonly name: string;
  readonly kind: 'webhook' | 'wecom';
}

const secretOf = ({ kind, secret }: ContactBody['channels'][number]): DemoSecret[] =>
  secret !== undefined && (kind === 'webhook' || kind === 'wecom') ? [{ name: secret, kind }] : [];

/** Every secret that they name, once. */
export const demoSecrets: readonly DemoSecret[] = [
  ...new Map(
    [...departmentRosters, ...facilityRosters]
      .flatMap(({ contacts }) => contacts)
      .flatMap(({ channels }) => channels.flatMap(secretOf))
      .map((one) => [one.name, one]),
  ).values(),
];
