import { beforeEach, describe, expect, it } from 'vitest';
import type { ChannelState } from '../../shared/domain/delivery/channel.ts';
import type { AnswerLink, Delivery, FeedEntry, LedgerEntry } from '../../shared/domain/delivery/delivery.ts';
import { type DeliveryStores, onEveryDeliveryStore } from './delivery-stores.ts';
import { NOON_MS } from './samples.ts';

const INCIDENT = 'sunshine~alarm~gate~0193';
const NOTICE = `${INCIDENT}/0/public-security/opened`;

const delivery = (over: Partial<Delivery> = {}): Delivery => ({
  incidentId: INCIDENT,
  noticeId: NOTICE,
  post: 'public-security~321202',
  contact: 'desk',
  department: 'public-security',
  duty: 'act',
  lane: 'life-safety',
  kind: 'opened',
  rung: 0,
  state: 'owed',
  createdAtMs: NOON_MS,
  attempts: [],
  attemptCount: 0,
  dueAtMs: NOON_MS,
  revision: 1,
  ...over,
});

const link = (over: Partial<AnswerLink> = {}): AnswerLink => ({
  lookup: 'AbCdEfGhIj-',
  incidentId: INCIDENT,
  noticeId: NOTICE,
  post: 'public-security~321202',
  contact: 'desk',
  department: 'public-security',
  duty: 'act',
  rung: 0,
  group: true,
  test: false,
  createdAtMs: NOON_MS,
  expiresAtMs: NOON_MS + 86_400_000,
  ...over,
});

const entry = (over: Partial<FeedEntry> = {}): FeedEntry => ({
  noticeId: NOTICE,
  incidentId: INCIDENT,
  division: '321202001',
  atMs: NOON_MS,
  data: { schema: 'cradlewatch-notice/1', texts: { zh: '泰州𠮷' }, place: { latitude: 32.4912 } },
  ...over,
});

const ledgerEntry = (over: Partial<LedgerEntry> = {}): LedgerEntry => ({
  noticeId: NOTICE,
  incidentId: INCIDENT,
  topic: 'police',
  snsAtMs: NOON_MS,
  receivedAtMs: NOON_MS + 5,
  ...over,
});

const state = (over: Partial<ChannelState> = {}): ChannelState => ({
  key: 'wecom~00ff',
  sentAtMs: [NOON_MS],
  failures: 0,
  revision: 1,
  ...over,
});

onEveryDeliveryStore((make) => {
  let stores: DeliveryStores;
  beforeEach(async () => {
    stores = await make();
  });

  describe('deliveries', () => {
    it('are put once: the second putter hears that it is there', async () => {
      expect(await stores.deliveries.putIfAbsent(delivery())).toBe(true);
      expect(await stores.deliveries.putIfAbsent(delivery({ state: 'nobody' }))).toBe(false);
      expect(await stores.deliveries.read(INCIDENT, NOTICE, 'desk')).toEqual(delivery());
      expect(await stores.deliveries.read(INCIDENT, NOTICE, 'other')).toBeUndefined();
    });

    it('are saved only after the stored revision, whole', async () => {
      await stores.deliveries.putIfAbsent(delivery({ dueAtMs: 7 }));
      const next = delivery({
        revision: 2,
        state: 'delivered',
        deliveredAtMs: NOON_MS + 9,
        attemptCount: 1,
        attempts: [{ channel: 'c1', kind: 'wecom', atMs: NOON_MS, outcome: 'failed', code: 'timeout' }],
      });
      expect(await stores.deliveries.save({ ...next, revision: 3 })).toBe(false);
      expect(await stores.deliveries.save(next)).toBe(true);
      expect(await stores.deliveries.save(next)).toBe(false);
      expect(await stores.deliveries.read(INCIDENT, NOTICE, 'desk')).toEqual(next);
    });

    it('are claimed by one of two', async () => {
      await stores.deliveries.putIfAbsent(delivery());
      const saved = await Promise.all(
        [1, 2].map((at) => stores.deliveries.save(delivery({ revision: 2, dueAtMs: at }))),
      );
      expect(saved.filter(Boolean)).toHaveLength(1);
    });

    it('of an incident are listed by notice and contact, and nothing else that lies beside them', async () => {
      const all = [
        delivery({ contact: 'a' }),
        delivery({ contact: 'b' }),
        delivery({ noticeId: `${INCIDENT}/1/x/climbed` }),
      ];
      for (const one of all.toReversed()) await stores.deliveries.putIfAbsent(one);
      await stores.deliveries.putIfAbsent(delivery({ incidentId: `${INCIDENT}9` }));
      await stores.ledger.keep(ledgerEntry());
      expect(await stores.deliveries.ofIncident(INCIDENT)).toEqual(all);
      expect(await stores.ledger.ofIncident(INCIDENT)).toEqual([ledgerEntry()]);
    });
  });

  describe('answer links', () => {
    it('stay as they were put first', async () => {
      await stores.links.putIfAbsent(link());
      await stores.links.putIfAbsent(link({ expiresAtMs: 5 }));
      expect(await stores.links.read('AbCdEfGhIj-')).toEqual(link());
      expect(await stores.links.read('AbCdEfGhIj_')).toBeUndefined();
    });

    it('are used once', async () => {
      await stores.links.putIfAbsent(link());
      const use = { choice: 'take', atMs: NOON_MS, name: '王', unit: '城东所' } as const;
      expect(await stores.links.use('AbCdEfGhIj-', use)).toBe(true);
      expect(await stores.links.use('AbCdEfGhIj-', { choice: 'seen', atMs: NOON_MS + 1 })).toBe(false);
      await stores.links.putIfAbsent(link());
      expect(await stores.links.read('AbCdEfGhIj-')).toEqual(link({ used: use }));
    });

    it('that are not there are used by nobody', async () => {
      expect(await stores.links.use('AbCdEfGhIj-', { choice: 'seen', atMs: 1 })).toBe(false);
      expect(await stores.links.read('AbCdEfGhIj-')).toBeUndefined();
    });
  });

  describe('the feed', () => {
    it('holds a notice once, with the instant that it had first', async () => {
      await stores.feed.keep('police', entry());
      await stores.feed.keep('police', entry({ atMs: NOON_MS + 60_000 }));
      expect(await stores.feed.list('police', '321202', 0, 10)).toEqual([entry()]);
    });

    it('is read from an instant on, by topic and county, at most so many', async () => {
      const at = (n: number) => entry({ noticeId: `n${n}`, atMs: NOON_MS + n });
      for (const n of [3, 1, 2]) await stores.feed.keep('police', at(n));
      await stores.feed.keep('fire', entry({ noticeId: 'other-topic', atMs: NOON_MS + 2 }));
      await stores.feed.keep('police', entry({ noticeId: 'other-county', division: '321203', atMs: NOON_MS + 2 }));
      expect(await stores.feed.list('police', '321202', NOON_MS + 2, 10)).toEqual([at(2), at(3)]);
      expect(await stores.feed.list('police', '321202', 0, 2)).toEqual([at(1), at(2)]);
      expect(await stores.feed.list('police', '321202', NOON_MS + 4, 2)).toEqual([]);
    });
  });

  it('the ledger keeps what it heard first of a notice', async () => {
    await stores.ledger.keep(ledgerEntry());
    await stores.ledger.keep(ledgerEntry({ receivedAtMs: 1 }));
    expect(await stores.ledger.ofIncident(INCIDENT)).toEqual([ledgerEntry()]);
    expect(await stores.ledger.ofIncident('another')).toEqual([]);
  });

  it('the state of an address is saved by compare-and-set', async () => {
    expect(await stores.states.read('wecom~00ff')).toBeUndefined();
    expect(await stores.states.save(state({ revision: 2 }))).toBe(false);
    expect(await stores.states.save(state({ lockedUntilMs: 9 }))).toBe(true);
    expect(await stores.states.save(state())).toBe(false);
    const next = state({ revision: 2, failures: 3, openUntilMs: NOON_MS });
    const saved = await Promise.all([next, next].map((one) => stores.states.save(one)));
    expect(saved.filter(Boolean)).toHaveLength(1);
    expect(await stores.states.read('wecom~00ff')).toEqual(next);
  });

  it('what a post saw only moves forward', async () => {
    expect(await stores.reach.seenAtMs('facility~sunshine')).toBeUndefined();
    for (const atMs of [5, 9, 7]) await stores.reach.seen('facility~sunshine', atMs);
    expect(await stores.reach.seenAtMs('facility~sunshine')).toBe(9);
    expect(await stores.reach.seenAtMs('facility~sun')).toBeUndefined();
  });

  it('signs of life only move forward, each with its own value', async () => {
    expect(await stores.beats.read()).toEqual(new Map());
    await stores.beats.beat('watch', 5);
    await stores.beats.beat('canary-delivered', 8, 1_200);
    await stores.beats.beat('canary-delivered', 7, 9_999);
    await stores.beats.beat('canary-delivered', 9);
    await stores.beats.beat('watch', 4);
    expect(await stores.beats.read()).toEqual(
      new Map([
        ['canary-delivered', { atMs: 9 }],
        ['watch', { atMs: 5 }],
      ]),
    );
  });
});
