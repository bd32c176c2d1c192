import { beforeEach, describe, expect, it } from 'vitest';
import { makeDeliverNotices } from '../../functions/deliver-notices/deliver-notices.ts';
import { defaultLimits } from '../../functions/deliver-notices/dependencies.ts';
import { UnavailableError } from '../../shared/domain/errors.ts';
import { CANARY, type Incident } from '../../shared/domain/incident.ts';
import type { Decision } from '../../shared/domain/incidents/decision.ts';
import { declareReal } from '../../shared/domain/incidents/declare-real.ts';
import { answer, closeByPerson } from '../../shared/domain/incidents/people.ts';
import { MINUTE_MS } from '../../shared/domain/time.ts';
import { noWindows } from '../../shared/domain/windows/window-list.ts';
import { changeIncident } from '../../shared/use-cases/change-incident.ts';
import { accepts, contact, DeliveryWorld, isFull, refuses, timesOut } from '../support/delivery-world.ts';
import { failAt, failing, type RunningPlan } from '../support/memory-stores.ts';
import { at, Timeline } from '../support/timeline.ts';

let day: Timeline;
let world: DeliveryWorld;

beforeEach(async () => {
  day = new Timeline(at('10:00:00'));
  world = new DeliveryWorld(day);
});

/** A panic rings; its notices are in the queue. Answers the departments that were told. */
const panic = async (id = 'sun'): Promise<readonly string[]> => {
  if ((await day.kept.registry.readFacility(id)) === undefined) await day.register(id);
  await day.alarm(id);
  return [...new Set(world.fetch().map(({ recipient }) => recipient.department))];
};

/** So many nurseries fall silent, each in a town of its own; the first rung of each is in the queue. */
const silences = async (count: number, towns = 1): Promise<void> => {
  for (let n = 0; n < count; n += 1) {
    const division = `32120${(n % towns) + 2}001`;
    await day.register(`nursery-${n}`, { division });
    await day.beat(`nursery-${n}`);
  }
  await day.minutes(20);
  world.fetch(({ recipient }) => recipient.department === 'facility');
};

const staffAll = async (departments: readonly string[], facility = 'sun'): Promise<void> => {
  for (const department of departments) {
    await world.staff(department, [contact(department)], department === 'facility' ? facility : '321202');
  }
};

describe('a panic', () => {
  it('reaches the people of every department it was published to, each by the first channel that takes it', async () => {
    const departments = await panic();
    expect(departments.length).toBeGreaterThan(2);
    await staffAll(departments);
    for (const one of [...world.waiting]) expect(await world.pass({}, [one])).toEqual([]);
    expect(world.ways().toSorted()).toEqual(departments.map((one) => `wecom {"url":"secret-of-${one}"}`).toSorted());
    for (const { department, deliveredAtMs } of day.only().published) {
      expect({ department, deliveredAtMs }).toEqual({ department, deliveredAtMs: day.nowMs });
    }
    expect(world.told).toEqual([]);
  });

  it('has its answer link kept before its first message is sent, and every message names its own', async () => {
    const departments = await panic();
    await staffAll(departments);
    const kept: boolean[] = [];
    world.providers.wecom = ({ link }) => {
      kept.push(world.links.kept.has(link?.split('/').at(-1)?.split('.')[0] ?? ''));
      return { outcome: 'accepted' };
    };
    await world.pass();
    expect(kept).toEqual(departments.map(() => true));
    expect(new Set(world.sent.map(({ message }) => message.link)).size).toBe(departments.length);
  });

  it('falls to the next channel when one is broken, and the record says what was tried', async () => {
    const [department = ''] = await panic();
    await staffAll([department]);
    world.providers.wecom = timesOut;
    await world.pass();
    expect(world.ways()).toContain(`sms 1390000${department}`);
    const mine = [...world.deliveries.kept.values()].find((one) => one.department === department);
    expect(mine).toMatchObject({
      state: 'delivered',
      attempts: [
        { channel: 'bot', kind: 'wecom', outcome: 'failed', code: 'timeout' },
        { channel: 'phone', kind: 'sms', outcome: 'accepted' },
      ],
    });
    expect(JSON.stringify(mine)).not.toMatch(/1390000|王小明|secret-of/);
  });

  it('is tried by every channel though each is locked or broken as far as we know', async () => {
    const [department = ''] = await panic('first');
    await staffAll([department]);
    world.waiting = [];
    world.providers.wecom = isFull(10 * MINUTE_MS);
    world.providers.sms = isFull(10 * MINUTE_MS);
    await staffAll(await panic('second'), 'second');
    await world.pass();
    world.forget();
    world.providers.sms = accepts;
    await panic('third');
    const mine = world.waiting.filter(
      ({ body }) => body.includes('third') && body.includes(`"department":"${department}","topic"`),
    );
    expect(await world.pass({}, mine)).toEqual([]);
    expect(world.ways()).toEqual([expect.stringContaining('wecom'), expect.stringContaining('sms')]);
  });

  it('that nobody answered goes by every channel', async () => {
    await staffAll(await panic());
    await world.pass();
    world.forget();
    await day.minutes(10, []);
    const repeats = world.fetch(({ kind }) => kind === 'climbed');
    expect(repeats.length).toBeGreaterThan(0);
    await world.pass();
    for (const { recipient } of repeats) {
      expect(world.ways()).toContain(`wecom {"url":"secret-of-${recipient.department}"}`);
      expect(world.ways()).toContain(`sms 1390000${recipient.department}`);
    }
  });

  it('reaches people though the feed and the answer links give way; the feed has it when it is back', async () => {
    const departments = await panic();
    await staffAll(departments);
    const broken = () => Promise.reject(new UnavailableError('planned'));
    const using = { feed: { keep: broken }, tokens: { tokenFor: broken } };
    expect(await world.pass(using)).toHaveLength(departments.length);
    expect(world.sent.map(({ message }) => message.link)).toEqual(departments.map(() => undefined));
    world.forget();
    day.nowMs += MINUTE_MS;
    expect(await world.pass()).toEqual([]);
    expect(world.sent).toEqual([]);
    expect(world.feed.kept).toHaveLength(departments.length);
    expect(day.only().published.every(({ deliveredAtMs }) => deliveredAtMs === day.nowMs - MINUTE_MS)).toBe(true);
  });

  it('rings at our own operations for each acting department of which nobody can be told', async () => {
    await panic();
    const acting = day.only().ladder[0]?.recipients.filter(({ duty }) => duty === 'act') ?? [];
    await world.pass();
    expect(world.counts.get('nobody-told-of-danger')).toBe(acting.length);
    expect(world.counts.get('nobody-to-tell')).toBeGreaterThan(acting.length);
  });

  it('whose sender died is tried again with the next visit of its message, however late in the batch it died', async () => {
    const [department = ''] = await panic();
    await staffAll([department]);
    world.waiting = world.waiting.filter(({ body }) => body.includes(`"department":"${department}","topic"`));
    const receivedMs = day.nowMs;
    day.nowMs += defaultLimits.budgetMs;
    const died = failAt({ at: 2, when: 'before', only: ['save'], dies: true });
    expect(await world.pass({ deliveries: failing(world.deliveries, died) })).toHaveLength(1);
    world.forget();
    day.nowMs = receivedMs + MINUTE_MS;
    expect(await world.pass()).toEqual([]);
    expect(world.sent).toHaveLength(1);
  });

  it('comes again while every channel fails, and is delivered when one is back', async () => {
    const departments = await panic();
    await staffAll(departments);
    world.providers.wecom = timesOut;
    world.providers.sms = timesOut;
    expect(await world.pass()).toHaveLength(departments.length);
    world.providers.sms = accepts;
    day.nowMs += MINUTE_MS;
    expect(await world.pass()).toEqual([]);
    expect(day.only().published.every(({ deliveredAtMs }) => deliveredAtMs === day.nowMs)).toBe(true);
  });

  it('that reaches nobody on duty goes to everybody else of every post, though two have the same name', async () => {
    const [department = ''] = (await panic()).filter((one) => one !== 'facility');
    world.waiting = world.waiting.filter(({ body }) => body.includes(`"department":"${department}","topic"`));
    const nights = [{ weekdays: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '06:00' }];
    const phone = (id: string, number: string) => [{ id, kind: 'sms' as const, address: number }];
    await world.staff(department, [
      contact('desk', { channels: phone('a', '1') }),
      contact('night', { channels: phone('b', '2'), shifts: nights }),
    ]);
    await world.staff(department, [contact('desk', { channels: phone('c', '3') })], '3212');
    world.providers.sms = (_message, to) => (to === '1' ? timesOut(_message, to) : accepts(_message, to));
    // It comes again for the one on duty, whom it has not reached yet.
    expect(await world.pass()).toHaveLength(1);
    expect(world.ways()).toEqual(['sms 1', 'sms 2', 'sms 3']);
    expect(day.only().published.find((one) => one.department === department)?.deliveredAtMs).toBe(day.nowMs);
    world.forget();
    world.providers.sms = accepts;
    day.nowMs += MINUTE_MS;
    expect(await world.pass()).toEqual([]);
    expect(world.ways()).toEqual(['sms 1']);
    expect(new Set(world.standing()).size).toBe(3);
  });

  it('goes out in quiet hours, and a technical notice waits for their end', async () => {
    day.moveTo('22:30:00');
    const departments = await panic();
    const quiet = [{ weekdays: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '06:30' }];
    const asleep = (id: string) =>
      contact(id, { channels: contact(id).channels.map((channel) => ({ ...channel, quiet })) });
    for (const department of departments) {
      await world.staff(department, [asleep(department)], department === 'facility' ? 'sun' : '321202');
    }
    expect(await world.pass()).toEqual([]);
    expect(world.sent).toHaveLength(departments.length);
    world.forget();

    await day.register('moon');
    await day.beat('moon');
    await world.staff('facility', [asleep('head')], 'moon');
    await day.minutes(30);
    world.fetch(({ facilityId, recipient }) => facilityId === 'moon' && recipient.department === 'facility');
    expect(world.waiting).toHaveLength(1);
    expect(await world.pass()).toHaveLength(1);
    expect(world.sent).toEqual([]);
    const [owed] = [...world.deliveries.kept.values()].filter(({ state }) => state === 'owed');
    expect(owed?.dueAtMs).toBe(at('06:30:00', '2026-03-03'));
    day.moveTo('06:29:59', '2026-03-03');
    expect(await world.pass()).toHaveLength(1);
    day.moveTo('06:30:00', '2026-03-03');
    expect(await world.pass()).toEqual([]);
    expect(world.sent).toHaveLength(1);
  });

  it('is sent before any technical notice that came with it', async () => {
    await silences(3);
    for (let n = 0; n < 3; n += 1) await world.staff('facility', [contact(`head-${n}`)], `nursery-${n}`);
    await staffAll(await panic());
    await world.pass();
    const lanes = world.sent.map(({ message }) => message.lane);
    expect(lanes).toContain('technical');
    expect(lanes.lastIndexOf('life-safety')).toBeLessThan(lanes.indexOf('technical'));
  });
});

describe('a panic of which one of two is reached', () => {
  /** Two are on duty; nothing gets through to the second. Answers when the message first came. */
  const oneOfTwo = async (): Promise<number> => {
    const [department = ''] = (await panic()).filter((one) => one !== 'facility');
    world.waiting = world.waiting.filter(({ body }) => body.includes(`"department":"${department}","topic"`));
    const sms = (id: string, address: string) => contact(id, { channels: [{ id, kind: 'sms', address }] });
    await world.staff(department, [sms('first', '1'), sms('second', '2')]);
    world.providers.sms = (message, to) => (to === '2' ? timesOut(message, to) : accepts(message, to));
    expect(await world.pass()).toHaveLength(1);
    return day.nowMs;
  };
  const hours = (count: number): number => count * 60 * MINUTE_MS;

  it('goes on being sent to the other while nobody has answered it, twelve hours long', async () => {
    const firstMs = await oneOfTwo();
    day.nowMs = firstMs + hours(12);
    expect(await world.pass()).toHaveLength(1);
    day.nowMs = firstMs + hours(12) + 1;
    expect(await world.pass()).toEqual([]);
    expect(world.standing().map((line) => line.split(' ').slice(1))).toEqual([
      ['first', 'delivered'],
      ['second', 'undeliverable'],
    ]);
    expect(day.only().unreachable).toBeUndefined();
    expect(world.counts.get('nobody-told-of-danger')).toBeUndefined();
  });

  const change = (decide: (read: Incident) => Decision) =>
    changeIncident({ incidents: day.kept.incidents }, day.only().id, decide);

  it.each<readonly [string, () => Promise<unknown>]>([
    ['answered', () => change((read) => answer(read, 'x|y', day.nowMs))],
    ['closed', () => change((read) => closeByPerson(read, 'x|y', 'handled', day.nowMs))],
    ['a record', async () => day.kept.incidents.live.clear()],
  ])('is settled after an hour where its incident is %s', async (_is, make) => {
    const firstMs = await oneOfTwo();
    await make();
    day.nowMs = firstMs + hours(1);
    expect(await world.pass()).toHaveLength(1);
    day.nowMs = firstMs + hours(1) + 1;
    expect(await world.pass()).toEqual([]);
    expect(world.standing()[1]).toContain('second undeliverable');
  });

  it('reaches the other when a channel is back, and is settled by that', async () => {
    const firstMs = await oneOfTwo();
    day.nowMs = firstMs + hours(11);
    world.providers.sms = accepts;
    world.forget();
    expect(await world.pass()).toEqual([]);
    expect(world.ways()).toEqual(['sms 2']);
  });

  it('comes again for ever where nobody was reached', async () => {
    const firstMs = await oneOfTwo();
    for (const delivery of [...world.deliveries.kept.values()]) {
      await world.deliveries.save({ ...delivery, state: 'owed', attempts: [], revision: delivery.revision + 1 });
    }
    world.providers.sms = timesOut;
    day.nowMs = firstMs + hours(15);
    expect(await world.pass()).toHaveLength(1);
  });
});

describe('a drill', () => {
  it('that turned out to be real while its notices were on their way is told as real alone', async () => {
    await day.register('sun');
    const drill = { id: 'd', fromMs: day.nowMs, toMs: day.nowMs + 60 * MINUTE_MS, by: 'x', registeredAtMs: day.nowMs };
    await day.kept.windows.save({
      ...noWindows('sun'),
      drills: [{ ...drill, reason: 'fire-drill' }],
      revision: 1,
    });
    await day.alarm('sun', { drill: true });
    const departments = world.fetch().map(({ recipient }) => recipient.department);
    await staffAll(departments);
    world.providers.wecom = timesOut;
    world.providers.sms = timesOut;
    expect(await world.pass()).toHaveLength(departments.length);
    world.forget();
    await changeIncident({ incidents: day.kept.incidents }, day.only().id, (read) =>
      declareReal(read, 'https://id.example|wang', day.nowMs, 3 * MINUTE_MS),
    );
    await day.minutes(1);
    world.fetch();
    world.providers.wecom = accepts;
    expect(await world.pass()).toEqual([]);
    expect(world.sent.map(({ message }) => message.drill)).toEqual(departments.map(() => false));
    expect(day.only().unreachable).toBeUndefined();
    const withheld = day.only().steps.filter(({ kind }) => kind === 'no-notice');
    expect(withheld.map(({ reason }) => reason)).toContain(`declared-real: 0/${departments[0]}/opened`);
    expect(new Set(withheld.map(({ reason }) => reason)).size).toBe(departments.length);
  });
});

describe('a notice that stayed owed for long', () => {
  const steps = () => day.incidents().flatMap((incident) => incident.steps);
  const withheld = () => steps().filter(({ reason }) => reason?.startsWith('closed-before-delivered'));
  const reads = { reads: 0 };
  const counted = () => ({
    keeping: {
      incidents: {
        ...day.kept.incidents,
        read: (id: string) => {
          reads.reads += 1;
          return day.kept.incidents.read(id);
        },
      },
    },
  });

  /** A nursery is silent, and no channel of its head works. */
  const silent = async (): Promise<void> => {
    await silences(1);
    await world.staff('facility', [contact('head')], 'nursery-0');
    world.providers.wecom = timesOut;
    world.providers.sms = timesOut;
    expect(await world.pass()).toHaveLength(1);
    world.forget();
  };

  const restored = (): void => {
    world.providers.wecom = accepts;
    world.providers.sms = accepts;
  };

  it('is not sent once its incident is closed, and both the timeline and the list say so', async () => {
    await silent();
    await day.minutes(10, ['nursery-0']);
    expect(day.only().state).toBe('closed');
    world.fetch(({ recipient }) => recipient.department === 'facility');
    restored();
    expect(await world.pass()).toEqual([]);
    expect(world.sent.map(({ message }) => message.data.kind)).toEqual(['recovered']);
    expect(world.standing().toSorted()).toEqual(['facility head delivered', 'facility head withheld']);
    expect(withheld().map(({ kind, reason }) => [kind, reason])).toEqual([
      ['no-notice', 'closed-before-delivered: 0/facility/opened'],
    ]);
    expect(day.only().unreachable).toBeUndefined();
  });

  it('is not sent once its incident is a record', async () => {
    await silent();
    await day.minutes(90, ['nursery-0']);
    expect(day.incidents()).toEqual([]);
    restored();
    expect(await world.pass()).toEqual([]);
    expect(world.sent).toEqual([]);
    expect(world.standing()).toEqual(['facility head withheld']);
  });

  it('is noted once though whoever withheld it died, and comes again until its delivery says so', async () => {
    await silent();
    await day.minutes(10, ['nursery-0']);
    restored();
    const died = failAt({ at: 1, when: 'before', only: ['save'], dies: true });
    expect(await world.pass({ deliveries: failing(world.deliveries, died) })).toHaveLength(1);
    expect(await world.pass()).toEqual([]);
    expect(world.sent).toEqual([]);
    expect(withheld()).toHaveLength(1);
    expect(world.standing()).toEqual(['facility head withheld']);
  });

  it('is sent while its incident is open, and once those who wait for it would hear nothing if it came back', async () => {
    await silent();
    await day.minutes(10);
    await changeIncident({ incidents: day.kept.incidents }, day.only().id, (read) => ({
      does: 'save',
      incident: { ...read, state: 'closed', closedAtMs: day.nowMs, closeReason: 'met-again' },
      reason: 'closed, and nobody was told yet that it recovered',
    }));
    restored();
    expect(await world.pass()).toEqual([]);
    expect(world.sent).toHaveLength(1);
    expect(withheld()).toEqual([]);
  });

  it('about a registration, which was never open, is sent however late', async () => {
    await silent();
    const [{ body } = { body: '' }] = world.waiting;
    world.waiting = [];
    world.put(body.replace('"about":"monitoring-running"', '"about":"registration"'));
    await day.minutes(90, ['nursery-0']);
    restored();
    expect(await world.pass()).toEqual([]);
    expect(world.sent).toHaveLength(1);
  });

  it('of life safety is sent however late', async () => {
    const departments = await panic();
    await staffAll(departments);
    const { incidents } = day.kept;
    await changeIncident({ incidents }, day.only().id, (read) => closeByPerson(read, 'x|y', 'handled', day.nowMs));
    day.nowMs += 3 * 60 * MINUTE_MS;
    expect(await world.pass()).toEqual([]);
    expect(world.sent).toHaveLength(departments.length);
  });

  it('is the only one for which the incident is read beforehand', async () => {
    await silences(1);
    await world.staff('facility', [contact('head')], 'nursery-0');
    const { body = '' } = world.waiting[0] ?? {};
    await world.pass(counted());
    const fresh = reads.reads;
    reads.reads = 0;
    world.put(body);
    day.nowMs += 6 * MINUTE_MS;
    await world.pass(counted());
    expect(reads.reads).toBe(fresh + 1);
  });
});

describe('what is known of an address', () => {
  /** One technical notice to the same head each time. */
  const one = async (n: number): Promise<readonly string[]> => {
    await day.register(`nursery-${n}`);
    await day.beat(`nursery-${n}`);
    await world.staff('facility', [contact('head')], `nursery-${n}`);
    await day.minutes(20);
    world.fetch(({ facilityId, recipient }) => facilityId === `nursery-${n}` && recipient.department === 'facility');
    world.forget();
    return world.pass();
  };

  it('three failures in a row keep the next notice away from it, and a try after its time lets it back', async () => {
    world.providers.wecom = timesOut;
    for (let n = 0; n < 3; n += 1) {
      expect(await one(n)).toEqual([]);
      expect(world.ways().map((way) => way.split(' ')[0])).toEqual(['wecom', 'sms']);
    }
    const [state] = [...world.states.kept.values()].filter(({ key }) => key.startsWith('wecom'));
    expect(state).toMatchObject({ failures: 3, openUntilMs: day.nowMs + MINUTE_MS });
    await world.states.save({
      ...(state ?? never()),
      openUntilMs: day.nowMs + 60 * MINUTE_MS,
      revision: (state?.revision ?? 0) + 1,
    });
    expect(await one(3)).toEqual([]);
    expect(world.ways().map((way) => way.split(' ')[0])).toEqual(['sms']);
    world.providers.wecom = accepts;
    day.nowMs += 60 * MINUTE_MS;
    expect(await one(4)).toEqual([]);
    expect(world.ways().map((way) => way.split(' ')[0])).toEqual(['wecom']);
    expect([...world.states.kept.values()].find(({ key }) => key.startsWith('wecom'))?.failures).toBe(0);
  });

  it('a provider that says "too many" is left alone as long as it says', async () => {
    world.providers.wecom = isFull(40 * MINUTE_MS);
    await one(0);
    const lockedUntilMs = day.nowMs + 40 * MINUTE_MS;
    expect([...world.states.kept.values()].find(({ key }) => key.startsWith('wecom'))).toMatchObject({ lockedUntilMs });
    world.providers.wecom = accepts;
    await one(1);
    expect(world.ways().map((way) => way.split(' ')[0])).toEqual(['sms']);
    day.nowMs = lockedUntilMs;
    await one(2);
    expect(world.ways().map((way) => way.split(' ')[0])).toEqual(['wecom']);
  });

  it('where it has no place left but the one for life safety, a technical notice takes the next channel', async () => {
    world.limits.wecom = { most: 2, withinMs: 24 * 60 * MINUTE_MS, reserved: 1, longestBytes: 2_048 };
    await one(0);
    await one(1);
    expect(world.ways().map((way) => way.split(' ')[0])).toEqual(['sms']);
    await day.register('sun');
    await day.alarm('sun');
    await world.staff('facility', [contact('head')], 'sun');
    world.fetch(({ recipient }) => recipient.department === 'facility');
    world.forget();
    await world.pass();
    expect(world.ways().map((way) => way.split(' ')[0])).toEqual(['wecom']);
  });

  it('a message that is refused for good is tried elsewhere, and by nobody again', async () => {
    world.providers.wecom = refuses;
    world.providers.sms = timesOut;
    expect(await one(0)).toHaveLength(1);
    day.nowMs += 60 * MINUTE_MS;
    world.forget();
    world.providers.sms = accepts;
    expect(await world.pass()).toEqual([]);
    expect(world.ways().map((way) => way.split(' ')[0])).toEqual(['sms']);
  });
});

const never = (): never => {
  throw new Error('there is none');
};

describe('many technical notices at once', () => {
  it('to the same person are one message with their number, the rest of the batch behind one link each', async () => {
    for (let n = 0; n < 40; n += 1) {
      await day.register(`nursery-${n}`, { division: `3212${String(n).padStart(2, '0')}001` });
      await day.beat(`nursery-${n}`);
    }
    await day.minutes(60);
    const notices = world.fetch(({ kind, recipient }) => kind === 'climbed' && recipient.department !== 'facility');
    expect(notices.length).toBeGreaterThan(30);
    const departments = [...new Set(notices.map(({ recipient }) => recipient.department))];
    for (const department of departments) await world.staff(department, [contact('desk')], '3212');
    expect(await world.pass()).toEqual([]);
    expect(world.sent).toHaveLength(departments.length);
    const [{ message } = never()] = world.sent;
    expect(message.text).toMatch(/^【汇总】共\d+条通知：/);
    const links = message.text.match(/https:\/\/city\.example\/a\/[\w.-]+/g) ?? [];
    expect(links.length).toBeGreaterThan(5);
    expect(new Set(links).size).toBe(links.length);
    expect([...world.deliveries.kept.values()].every(({ state }) => state === 'delivered')).toBe(true);
    expect(new Set([...world.deliveries.kept.values()].map(({ noticeId }) => noticeId)).size).toBe(
      Math.min(50, notices.length),
    );
  });

  it('of which one cannot be read do not wait for it, and it is kept', async () => {
    await silences(2);
    await world.staff('facility', [contact('a')], 'nursery-0');
    await world.staff('facility', [contact('b')], 'nursery-1');
    const bad = [
      world.put('not JSON about 王小明'),
      world.put(JSON.stringify({ schema: 'cradlewatch-notice/9', name: '王小明' })),
      world.put(JSON.stringify({ schema: 'cradlewatch-notice/1' })),
    ];
    expect((await world.pass()).toSorted()).toEqual(bad.toSorted());
    expect(world.sent).toHaveLength(2);
    expect(world.counts.get('message-refused')).toBe(3);
    expect(world.told.join()).not.toContain('王小明');
  });
});

describe('nobody', () => {
  it('on the roster is kept, said in the incident, and the ladder does not wait for them', async () => {
    await day.register('sun');
    await day.beat('sun');
    await day.minutes(20);
    expect(world.fetch().map(({ recipient }) => recipient.department)).toEqual(['facility']);
    expect(await world.pass()).toEqual([]);
    expect(world.standing()).toEqual(['facility - nobody']);
    expect(day.only().unreachable).toEqual(['facility']);
    expect(day.only().steps.at(-1)).toMatchObject({ kind: 'unreachable', by: 'deliver-notices', reason: 'facility' });
    await day.minutes(1);
    const climbed = world.fetch();
    expect(climbed.map(({ kind, recipient }) => [kind, recipient.department === 'facility'])).toContainEqual([
      'climbed',
      false,
    ]);
    expect(world.feed.kept).toHaveLength(1);
  });

  it('whose every channel refuses for good is nobody', async () => {
    await silences(1);
    await world.staff('facility', [contact('head')], 'nursery-0');
    world.providers.wecom = refuses;
    world.providers.sms = refuses;
    expect(await world.pass()).toEqual([]);
    expect(world.standing()).toEqual(['facility head undeliverable']);
    expect(day.only().unreachable).toEqual(['facility']);
  });
});

describe('the same message twice', () => {
  it('one after the other is one message to the person', async () => {
    await staffAll(await panic());
    const twice = [...world.waiting, ...world.waiting.map((one) => ({ ...one, id: `${one.id} again` }))];
    for (const one of twice) await world.pass({}, [one]);
    expect(world.sent).toHaveLength(world.deliveries.kept.size);
  });

  it('at the same time is one message: the second leaves it to the first, and comes again', async () => {
    await staffAll(await panic());
    const [first = never()] = world.waiting;
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    world.providers.wecom = async () => {
      await held;
      return { outcome: 'accepted' };
    };
    const sending = world.pass({}, [first]);
    while (world.sent.length === 0) await new Promise(setImmediate);
    expect(await world.pass({}, [{ ...first, id: 'twin' }])).toEqual(['twin']);
    release();
    expect(await sending).toEqual([]);
    expect(world.sent).toHaveLength(1);
  });
});

describe('every department of an alarm at the same time', () => {
  it('has its delivery noted in the one incident, whoever loses the race for it', async () => {
    await staffAll(await panic());
    const batches = [...world.waiting];
    await Promise.all(batches.map((one) => world.pass({}, [one])));
    const sent = world.sent.length;
    expect(sent).toBe(batches.length);
    day.nowMs += MINUTE_MS;
    expect(await world.pass()).toEqual([]);
    expect(world.sent).toHaveLength(sent);
    // Noted late, perhaps, but dated when it happened.
    const deliveredAt = day.only().published.map(({ deliveredAtMs }) => deliveredAtMs);
    expect(deliveredAt).toEqual(batches.map(() => day.nowMs - MINUTE_MS));
  });
});

describe('deliver-notices dies between any two of its writes', () => {
  const run = async (plan: Parameters<typeof failAt>[0]) => {
    day = new Timeline(at('10:00:00'));
    world = new DeliveryWorld(day);
    const departments = await panic();
    await staffAll(departments);
    const running = failAt(plan);
    const dying = (of: RunningPlan) => ({
      deliveries: failing(world.deliveries, of),
      links: failing(world.links, of),
      feed: failing(world.feed, of),
      states: failing(world.states, of),
      beats: failing(world.beats, of),
      keeping: { incidents: failing(day.kept.incidents, of) },
      vitals: failing(day.kept.vitals, of),
    });
    await world.pass(dying(running)).catch(() => undefined);
    running.restart();
    // SQS gives back what was not answered; whoever was in hand is left alone until its time.
    for (let minute = 0; minute < 3; minute += 1) {
      day.nowMs += MINUTE_MS;
      await world.pass();
    }
    return { departments, running };
  };

  it('and every notice reaches its people, is noted, and goes out twice at most, under the same id', async () => {
    const { running } = await run({ at: Number.POSITIVE_INFINITY, when: 'before', dies: true });
    expect(running.seen).toBeGreaterThan(20);
    for (let write = 1; write <= running.seen; write += 1) {
      for (const when of ['before', 'after'] as const) {
        const { departments } = await run({ at: write, when, dies: true });
        const where = `write ${write}, ${when}`;
        expect({ where, waiting: world.waiting }).toEqual({ where, waiting: [] });
        const published = day
          .only()
          .published.map(({ department, deliveredAtMs }) => [department, deliveredAtMs !== undefined]);
        expect({ where, published: published.toSorted() }).toEqual({
          where,
          published: departments.map((department) => [department, true]).toSorted(),
        });
        const times = new Map<string, number>();
        for (const { message } of world.sent) times.set(message.id, (times.get(message.id) ?? 0) + 1);
        expect({ where, most: Math.max(...times.values()), ids: times.size }).toEqual({
          where,
          most: expect.toSatisfy((most: number) => most <= 2),
          ids: departments.length,
        });
      }
    }
  });
});

describe('a channel test', () => {
  const test = (over: object = {}) =>
    JSON.stringify({
      schema: 'cradlewatch-channel-test/1',
      id: 'test-1',
      post: 'police~321202',
      contact: 'desk',
      channel: 'phone',
      by: 'https://issuer|registrar',
      ...over,
    });

  it('goes by the one channel, at once, and its link is kept as a test', async () => {
    const quiet = [{ weekdays: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '00:00' }];
    const channels = contact('desk').channels.map((channel) => ({ ...channel, quiet }));
    await world.staff('police', [contact('desk', { channels })]);
    world.put(test());
    expect(await world.pass()).toEqual([]);
    expect(world.ways()).toEqual(['sms 1390000desk']);
    expect(await world.deliveries.ofIncident('test~police~321202')).toMatchObject([
      { noticeId: 'test-1', contact: 'desk', kind: 'test', state: 'delivered' },
    ]);
    expect([...world.links.kept.values()]).toMatchObject([{ test: true, post: 'police~321202' }]);
    expect(JSON.stringify(world.sent)).not.toContain('registrar');
  });

  it('that fails says so, and is not repeated for hours', async () => {
    await world.staff('police', [contact('desk')]);
    world.providers.sms = timesOut;
    world.put(test());
    expect(await world.pass()).toEqual([]);
    const [delivery] = await world.deliveries.ofIncident('test~police~321202');
    expect(delivery).toMatchObject({ state: 'undeliverable', attempts: [{ outcome: 'failed', code: 'timeout' }] });
  });

  it('of a contact that is gone ends', async () => {
    world.put(test({ contact: 'gone' }));
    expect(await world.pass()).toEqual([]);
    expect(await world.deliveries.ofIncident('test~police~321202')).toMatchObject([{ state: 'undeliverable' }]);
  });
});

describe('the canary', () => {
  it('comes to the end of its way without any roster, reaches nobody, and says how long it took', async () => {
    await day.register(CANARY);
    await day.alarm(CANARY, { kind: 'test' });
    const notices = world.fetch();
    expect(notices.map(({ recipient }) => recipient.department)).toEqual(['facility']);
    day.nowMs += 1_500;
    expect(await world.pass()).toEqual([]);
    expect(world.sent).toEqual([]);
    expect((await world.beats.read()).get('canary-delivered')).toEqual({ atMs: day.nowMs, value: 1_500 });
    expect(day.only().published[0]?.deliveredAtMs).toBe(day.nowMs);
    expect(world.feed.kept).toEqual([]);
  });
});

describe('a batch', () => {
  it('shows that deliver-notices lives, though nothing was in it', async () => {
    await makeDeliverNotices(world.dependencies())([]);
    expect((await world.beats.read()).get('deliver-notices')).toEqual({ atMs: day.nowMs });
  });

  it('that takes too long is given back where it stands, and goes on', async () => {
    await silences(4);
    for (let n = 0; n < 4; n += 1) await world.staff('facility', [contact(`head-${n}`)], `nursery-${n}`);
    world.providers.wecom = () => {
      day.nowMs += 20_000;
      return { outcome: 'accepted' };
    };
    const limits = { atOnce: 1, budgetMs: 35_000 };
    expect(await world.pass({ limits })).toHaveLength(2);
    expect(await world.pass({ limits })).toEqual([]);
    expect(world.sent).toHaveLength(4);
  });

  it('never tells the log an address, a name or a secret', async () => {
    await staffAll(await panic());
    world.providers.wecom = () => {
      throw new Error('connecting to https://bot?key=secret-of-x failed');
    };
    world.providers.sms = timesOut;
    world.secrets.read = () => Promise.reject(new Error('secret-of-police is not readable'));
    await world.pass({ deliveries: failing(world.deliveries, { at: 5, when: 'before' }) });
    expect(world.told.length).toBeGreaterThan(0);
    expect(world.told.join('\n')).not.toMatch(/secret-of|1390000|王小明/);
  });
});
