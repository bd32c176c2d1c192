import { describe, expect, it } from 'vitest';
import { putFacility } from '../../functions/registry/put-facility.ts';
import type { RegistryDeps } from '../../functions/registry/stores.ts';
import { makeWatch } from '../../functions/watch/watch.ts';
import type { FacilityBody } from '../../shared/contracts/registry.ts';
import type { Person } from '../../shared/domain/access.ts';
import type { Facility } from '../../shared/domain/facility.ts';
import { packFor } from '../../shared/rule-packs/index.ts';
import { type FailurePlan, failAt, failing, type RunningPlan } from '../support/memory-stores.ts';
import { aFacility, rosterWorld } from '../support/people-api.ts';
import { at, type Stores, scenario, Timeline } from '../support/timeline.ts';

const registrar: Person = { subject: 'https://id.example|registrar', roles: [{ role: 'registrar', division: '32' }] };
const elsewhere: Person = { ...registrar, roles: [{ role: 'registrar', division: '14' }] };

/** Nothing in it is judged, so that whoever is told is told of the registration. */
const bare = (more: Partial<FacilityBody> = {}): FacilityBody =>
  aFacility({ areas: [], cameras: [], classes: [], state: { is: 'commissioning' }, ...more });

const depsOf = (day: Timeline, kept: Pick<Stores, 'registry' | 'vitals' | 'alarms'> = day.kept): RegistryDeps => ({
  registry: kept.registry,
  vitals: kept.vitals,
  alarms: kept.alarms,
  packs: { packFor, inForce: () => [], isKnown: () => true, topicOf: () => undefined },
  ...rosterWorld().deps,
  clock: day.clock,
  newId: () => day.id(),
});

const put = (day: Timeline, body: FacilityBody, person = registrar): Promise<Facility> =>
  putFacility(depsOf(day), person, 'sun', body);

/** Told of the registration alone, in the order of the telling. */
const pushed = (day: Timeline): readonly string[] =>
  day.kept.publisher.published
    .filter(({ about }) => about === 'registration')
    .map(({ incidentId, recipient }) => `${incidentId.split('~')[2]} ${recipient.department}`);

describe('a registration is pushed', () => {
  it(
    'in Taizhou to health and the police when it is registered, to health when it is changed and closed, each once',
    scenario('10:00:00', async (day) => {
      await put(day, bare());
      await day.minutes(2);
      const first = pushed(day);
      expect(first).toHaveLength(2);
      expect(first.every((line) => line.startsWith('registered.1 '))).toBe(true);
      const topics = new Set(day.kept.publisher.published.map(({ topic }) => topic));
      expect([...topics].sort()).toEqual(['health', 'police']);

      await put(day, bare({ version: 1, landline: '0523-8700002' }));
      await day.minutes(2);
      expect(pushed(day)).toHaveLength(2);

      await put(day, bare({ version: 2, landline: '0523-8700002', address: '泰兴市国庆路2号' }));
      await day.minutes(2);
      await put(day, bare({ version: 3, state: { is: 'closed', since: '2026-03-02T02:00:00.000Z' } }));
      await day.minutes(40);
      expect(pushed(day).map((line) => line.split(' ')[0])).toEqual([
        'registered.1',
        'registered.1',
        'changed.3',
        'cancelled.4',
      ]);
      day.expectTold(
        ...day.kept.publisher.published.map(({ recipient }) => `sun: ${recipient.department} opened registration`),
      );
      // Drained and rested, they are records, and nothing live is left.
      expect(day.incidents()).toEqual([]);
      expect([...day.kept.records.kept.archived.values()].map(({ id }) => id).sort()).toEqual([
        `sun~registration~cancelled.4~${at('10:06:00')}`,
        `sun~registration~changed.3~${at('10:04:00')}`,
        `sun~registration~registered.1~${at('10:00:00')}`,
      ]);
    }),
  );

  it('names what changed, where, and by which clause, and asks for no answer', async () => {
    const day = new Timeline(at('10:00:00'));
    await put(day, bare());
    await put(day, bare({ version: 1, address: '泰兴市国庆路2号', name: { zh: '月亮托育园', en: 'Moon Nursery' } }));
    await day.minutes(1);
    const [first, notice] = ['registered.1', 'changed.2'].map((event) =>
      day.kept.publisher.published.find(({ incidentId }) => incidentId.includes(event)),
    );
    expect(first?.text).toContain('三(三)7');
    expect(notice?.text).toContain('变更事项：名称、地址；尚未备案');
    expect(notice?.text).toContain('changed: name, address; not filed yet');
    expect(notice?.text).toContain('泰兴市国庆路2号');
    expect(notice?.text).toContain('国卫办人口发〔2019〕25号');
    expect(notice?.text).toContain('供知悉，无需答复');
    expect(notice?.data).toMatchObject({ about: 'registration', registration: { event: 'changed', version: 2 } });
  });

  it('in Yuncheng a kindergarten’s class is pushed to education as well, a nursery is not', async () => {
    const told = async (kind: FacilityBody['kind']) => {
      const day = new Timeline(at('10:00:00'));
      await put(day, bare({ division: '140802', kind }), elsewhere);
      await day.minutes(1);
      return pushed(day).map((line) => line.split(' ')[1]);
    };
    const [nursery, kindergarten] = [await told('nursery'), await told('kindergarten-class')];
    expect(nursery.length).toBeGreaterThan(0);
    const { kindergartenTo } = packFor({ division: '140802' }, at('10:00:00')).registration.registered;
    expect(kindergartenTo.length).toBeGreaterThan(0);
    expect([...kindergarten].sort()).toEqual([...new Set([...nursery, ...kindergartenTo])].sort());
    expect(nursery).not.toContain(kindergartenTo[0]);
  });

  it('in the hours of the office: what is registered at night is told in the morning', async () => {
    const day = new Timeline(at('22:00:00'));
    await put(day, bare());
    await day.minutes(5);
    expect(pushed(day)).toEqual([]);
    day.moveTo('10:00:00', '2026-03-03');
    await day.sweep();
    expect(pushed(day)).toHaveLength(2);
  });

  it('no edit is lost, though nobody watches: nine changes are told as eight, all fields in them', async () => {
    const day = new Timeline(at('10:00:00'));
    await put(day, bare());
    for (let version = 1; version <= 9; version += 1) {
      const kind = version === 9 ? 'community' : 'nursery';
      await put(day, bare({ version, kind, address: `泰兴市国庆路${version + 1}号` }));
    }
    const kept = (await day.kept.registry.readFacility('sun'))?.registrationEvents ?? [];
    expect(kept.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7, 10]);
    expect(kept.at(-1)?.fields).toEqual(['address', 'kind']);
    await day.minutes(2);
    expect(new Set(pushed(day)).size).toBe(9);
    // What was told makes room.
    await put(day, bare({ version: 10, address: '泰兴市国庆路99号' }));
    const next = (await day.kept.registry.readFacility('sun'))?.registrationEvents ?? [];
    expect(next.map(({ version }) => version)).toEqual([2, 3, 4, 5, 6, 7, 10, 11]);
    await day.minutes(2);
    expect(pushed(day)).toHaveLength(10);
  });
});

describe('the registry or the sweep dies between any two of its writes', () => {
  const dying = (kept: Stores, plan: RunningPlan): Stores => ({
    vitals: failing(kept.vitals, plan),
    registry: failing(kept.registry, plan),
    records: failing(kept.records, plan),
    incidents: failing(kept.incidents, plan),
    alarms: failing(kept.alarms, plan),
    windows: failing(kept.windows, plan),
    challenges: failing(kept.challenges, plan),
    publisher: failing(kept.publisher, plan),
  });
  const NEVER: FailurePlan = { at: Number.POSITIVE_INFINITY, when: 'before', dies: true };

  const story = async (edits: FailurePlan, sweeps: FailurePlan) => {
    const day = new Timeline(at('10:00:00'));
    const [editing, sweeping] = [failAt(edits), failAt(sweeps)];
    const stores = dying(day.kept, editing);
    const edit = async (body: FacilityBody): Promise<void> => {
      await putFacility(depsOf(day, stores), registrar, 'sun', body).catch(async () => {
        editing.restart();
        // The registrar did not hear: the same edit once more.
        await putFacility(depsOf(day), registrar, 'sun', body);
      });
    };
    await edit(bare());
    await edit(bare({ version: 1, address: '泰兴市国庆路2号' }));
    day.nowMs += 60_000;
    const watch = makeWatch(day.watching({ ...dying(day.kept, sweeping), tell: () => undefined }));
    await watch().catch(() => undefined);
    sweeping.restart();
    await day.minutes(40);
    return { day, editing, sweeping };
  };

  const outcomeOf = (day: Timeline) => ({
    notices: [...new Set(day.kept.publisher.published.map(({ id }) => id))].sort(),
    live: day.incidents().map(({ id }) => id),
    kept: [...day.kept.records.kept.archived.keys()].sort(),
  });

  it('each event is told, under one notice id', async () => {
    const calm = await story(NEVER, NEVER);
    const expected = outcomeOf(calm.day);
    expect(expected.notices).toHaveLength(3);
    expect(expected).toMatchObject({ live: [], kept: { length: 2 } });
    expect(calm.editing.seen).toBeGreaterThan(3);
    expect(calm.sweeping.seen).toBeGreaterThan(5);
    for (const when of ['before', 'after'] as const) {
      for (let write = 1; write <= calm.editing.seen; write += 1) {
        const { day, editing } = await story({ at: write, when, dies: true }, NEVER);
        expect(editing.fired).toBe(true);
        expect({ editing: write, when, ...outcomeOf(day) }).toEqual({ editing: write, when, ...expected });
      }
      for (let write = 1; write <= calm.sweeping.seen; write += 1) {
        const { day } = await story(NEVER, { at: write, when, dies: true });
        expect({ sweeping: write, when, ...outcomeOf(day) }).toEqual({ sweeping: write, when, ...expected });
      }
    }
  });
});
