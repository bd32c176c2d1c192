import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../shared/domain/errors.ts';
import { gap, incident } from '../../contract/samples.ts';
import {
  callsOf,
  failAt,
  failing,
  interleave,
  memoryIncidentStore,
  memoryNoticePublisher,
  memoryRecordStore,
  methodsOf,
} from '../../support/memory-stores.ts';

describe('a double that fails', () => {
  it('before the k-th write leaves nothing, and counts no reads', async () => {
    const store = memoryRecordStore();
    const shaky = failing(store, { at: 2, when: 'before' });
    await shaky.putGap(gap());
    await shaky.gapsFrom('sunshine', 0);
    await expect(shaky.putGap(gap({ fromMs: 5 }))).rejects.toBeInstanceOf(UnavailableError);
    expect(store.kept.gaps.size).toBe(1);
    await shaky.putGap(gap({ fromMs: 5 }));
    expect(store.kept.gaps.size).toBe(2);
  });

  it('after the k-th write has saved it', async () => {
    const store = memoryRecordStore();
    await expect(failing(store, { at: 1, when: 'after' }).putGap(gap())).rejects.toBeInstanceOf(UnavailableError);
    expect(store.kept.gaps.size).toBe(1);
  });

  it('counts over every store of one plan, and stays dead until it is started again', async () => {
    const records = memoryRecordStore();
    const incidents = memoryIncidentStore();
    const plan = failAt({ at: 2, when: 'after', dies: true });
    const [a, b] = [failing(records, plan), failing(incidents, plan)];
    await a.putGap(gap());
    await expect(b.putIfAbsent(incident())).rejects.toBeInstanceOf(UnavailableError);
    expect([plan.fired, plan.seen, incidents.live.size]).toEqual([true, 2, 1]);
    await expect(a.gapsFrom('sunshine', 0)).rejects.toBeInstanceOf(UnavailableError);
    await expect(async () => {
      for await (const _page of b.scan()) void _page;
    }).rejects.toBeInstanceOf(UnavailableError);
    plan.restart();
    expect(await a.gapsFrom('sunshine', 0)).toHaveLength(1);
  });

  it('fails only at the methods that were named', async () => {
    const shaky = failing(memoryIncidentStore(), { at: 1, when: 'before', only: ['read'] });
    await shaky.putIfAbsent(incident());
    await expect(shaky.read('x')).rejects.toBeInstanceOf(UnavailableError);
  });

  it('lets somebody else in right before a call', async () => {
    const store = memoryIncidentStore();
    const overtaken = interleave(store, { method: 'save', meanwhile: () => store.save(incident({ revision: 2 })) });
    await store.putIfAbsent(incident());
    expect(await overtaken.save(incident({ revision: 2, reason: 'late' }))).toBe(false);
    expect((await store.read(incident().id))?.reason).toBe('no-beat');
  });

  it('remembers every call, through its wrappers', async () => {
    const store = memoryIncidentStore();
    const shaky = failing(store, { at: 9, when: 'before' });
    await shaky.putIfAbsent(incident());
    await shaky.read('x');
    expect(methodsOf(store)).toEqual(['putIfAbsent', 'read']);
    expect(callsOf(shaky)[1]?.args).toEqual(['x']);
  });

  it('hands out copies: what a caller changes is not changed in the store', async () => {
    const store = memoryIncidentStore();
    const mine = { ...incident(), steps: [...incident().steps] };
    await store.putIfAbsent(mine);
    mine.steps.pop();
    expect((await store.read(mine.id))?.steps).toHaveLength(1);
  });
});

describe('the publisher in memory', () => {
  it('refuses what it is told to, and recovers', async () => {
    const publisher = memoryNoticePublisher();
    const notice = { id: 'n', topic: 'police' } as Parameters<typeof publisher.publish>[0];
    publisher.refuse(({ topic }) => topic === 'police');
    await expect(publisher.publish(notice)).rejects.toBeInstanceOf(UnavailableError);
    await publisher.publish({ ...notice, topic: 'fire' });
    publisher.recover();
    await publisher.publish(notice);
    expect(publisher.drain().map(({ topic }) => topic)).toEqual(['fire', 'police']);
    expect(publisher.published).toEqual([]);
  });
});
