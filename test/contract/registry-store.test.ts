import { beforeEach, describe, expect, it } from 'vitest';
import type { Grant } from '../../shared/domain/access.ts';
import type { Change, RegistryStore } from '../../shared/ports/registry-store.ts';
import { facility, KEY, NOON_MS, OTHER_KEY } from './samples.ts';
import { allPages, onEveryStore } from './stores.ts';

const change = (n: number, over: Partial<Change> = {}): Change => ({
  atMs: NOON_MS + n,
  id: `c${n}`,
  by: 'https://issuer|registrar',
  what: '改名：阳光𠮷',
  version: n,
  ...over,
});

const grant = (subject: string, version = 1): Grant => ({
  subject,
  version,
  roles: [{ role: 'officer', department: 'police', division: '3212' }],
});

onEveryStore((make) => {
  describe('registry store', () => {
    let registry: RegistryStore;
    beforeEach(async () => {
      ({ registry } = await make());
    });

    describe('facilities', () => {
      it('are created as version 1 only, and come back whole', async () => {
        expect(await registry.putFacility(facility({ version: 2 }))).toBe(false);
        expect(await registry.readFacility('sunshine')).toBeUndefined();
        expect(await registry.putFacility(facility())).toBe(true);
        expect(await registry.readFacility('sunshine')).toEqual(facility());
      });

      it('are changed by whoever comes first', async () => {
        await registry.putFacility(facility());
        expect(await registry.putFacility(facility({ address: 'again' }))).toBe(false);
        const edits = await Promise.all(
          ['a', 'b'].map((address) => registry.putFacility(facility({ version: 2, address }))),
        );
        expect(edits.filter(Boolean)).toHaveLength(1);
        expect(await registry.putFacility(facility({ version: 4 }))).toBe(false);
      });

      it('forget what the next version lacks', async () => {
        await registry.putFacility(facility({ filingId: 'F1' }));
        await registry.putFacility(facility({ version: 2 }));
        expect(await registry.readFacility('sunshine')).toEqual(facility({ version: 2 }));
      });
    });

    describe('lists of facilities', () => {
      const places: readonly (readonly [string, string])[] = [
        ['b-one', '321202001'],
        ['a-one', '321202002001'],
        ['c-one', '321202'],
        ['z-two', '321203001'],
        ['a-two', '321203001'],
        ['other-city', '320205'],
        ['other-province', '310101'],
      ];
      const listed = async (prefix: string, limit = 2): Promise<readonly string[]> =>
        (await allPages((cursor) => registry.listFacilities(prefix, limit, cursor))).flat().map((one) => one.id);

      beforeEach(async () => {
        for (const [id, division] of places) await registry.putFacility(facility({ id, division }));
      });

      it.each([
        ['32', ['other-city', 'a-one', 'b-one', 'c-one', 'a-two', 'z-two']],
        ['3212', ['a-one', 'b-one', 'c-one', 'a-two', 'z-two']],
        ['321202', ['a-one', 'b-one', 'c-one']],
        ['321202002', ['a-one']],
        ['321202002001', ['a-one']],
        ['321204', []],
        ['33', []],
      ])('under %s go county by county, by id', async (prefix, expected) => {
        for (const limit of [1, 2, 3, 50]) expect(await listed(prefix, limit)).toEqual(expected);
      });

      it('never hold more than was asked for', async () => {
        const pages = await allPages((cursor) => registry.listFacilities('32', 2, cursor));
        for (const page of pages) expect(page.length).toBeLessThanOrEqual(2);
      });

      it('hold what is stored now: a facility that moved is in its new county alone', async () => {
        await registry.putFacility(facility({ id: 'b-one', version: 2, division: '321203' }));
        expect(await listed('321202')).toEqual(['a-one', 'c-one']);
        expect(await listed('3212')).toEqual(['a-one', 'c-one', 'a-two', 'b-one', 'z-two']);
      });

      it('refuse the cursor of another prefix', async () => {
        const { cursor } = await registry.listFacilities('32', 2);
        expect(cursor).toBeDefined();
        await expect(registry.listFacilities('3212', 2, cursor)).rejects.toMatchObject({ code: 'cursor-invalid' });
        await expect(registry.listFacilities('32', 2, 'junk')).rejects.toMatchObject({ code: 'cursor-invalid' });
      });

      it('know the counties that ever had one', async () => {
        expect(await registry.listCounties('3212')).toEqual(['321202', '321203']);
        expect(await registry.listCounties('321203001')).toEqual(['321203']);
        expect(await registry.listCounties('31')).toEqual(['310101']);
        expect(await registry.listCounties('33')).toEqual([]);
      });
    });

    describe('boxes and keys', () => {
      const box = (id: string, liveKeys: readonly string[] = [KEY]) => ({
        facilityId: 'sunshine',
        id,
        enrolledAtMs: NOON_MS,
        liveKeys,
      });

      it('are kept per facility', async () => {
        for (const id of ['hall', 'gate']) await registry.putBox(box(id));
        await registry.putBox({ ...box('gate'), facilityId: 'sunshine-2' });
        await registry.putBox(box('gate', [KEY, OTHER_KEY]));
        expect(await registry.readBox('sunshine', 'gate')).toEqual(box('gate', [KEY, OTHER_KEY]));
        expect(await registry.readBox('sunshine', 'nowhere')).toBeUndefined();
        expect(await registry.listBoxes('sunshine')).toEqual([box('gate', [KEY, OTHER_KEY]), box('hall')]);
        expect(await registry.listBoxes('moonlight')).toEqual([]);
      });

      it('a key is live from its putting to its removal, for its own box', async () => {
        expect(await registry.isKeyLive('sunshine', 'gate', KEY)).toBe(false);
        await registry.putKey('sunshine', 'gate', KEY);
        await registry.putKey('sunshine', 'gate', KEY);
        expect(await registry.isKeyLive('sunshine', 'gate', KEY)).toBe(true);
        expect(await registry.isKeyLive('sunshine', 'gate', OTHER_KEY)).toBe(false);
        expect(await registry.isKeyLive('sunshine', 'hall', KEY)).toBe(false);
        expect(await registry.isKeyLive('moonlight', 'gate', KEY)).toBe(false);
        await registry.removeKey('sunshine', 'gate', KEY);
        await registry.removeKey('sunshine', 'gate', KEY);
        expect(await registry.isKeyLive('sunshine', 'gate', KEY)).toBe(false);
      });
    });

    describe('changes', () => {
      it('are listed newest first, per facility and per person, each once', async () => {
        const all = Array.from({ length: 5 }, (_, n) => change(n));
        for (const one of [...all, change(2)]) await registry.appendChange('sunshine', one);
        await registry.appendChange('https://issuer|sub', change(9));
        await registry.putFacility(facility());
        const pages = await allPages((cursor) => registry.listChanges('sunshine', 2, cursor));
        expect(pages.flat()).toEqual([...all].reverse());
        expect((await registry.listChanges('https://issuer|sub', 10)).items).toEqual([change(9)]);
        expect((await registry.listChanges('moonlight', 10)).items).toEqual([]);
      });

      it('of a post lie apart from those of a facility of its place', async () => {
        await registry.appendChange('facility~sunshine', change(1));
        await registry.appendChange('sunshine', change(2));
        expect((await registry.listChanges('facility~sunshine', 10)).items).toEqual([change(1)]);
        expect((await registry.listChanges('sunshine', 10)).items).toEqual([change(2)]);
      });

      it('and erasures of a facility are one list, page by page', async () => {
        for (const n of [0, 1, 4]) await registry.appendChange('sunshine', change(n));
        for (const n of [2, 3, 5, 5]) await registry.appendErasure('sunshine', change(n));
        const pages = await allPages((cursor) => registry.listChanges('sunshine', 2, cursor));
        expect(pages.flat()).toEqual([5, 4, 3, 2, 1, 0].map((n) => change(n)));
        // Neither list alone is as long as this page.
        expect((await allPages((cursor) => registry.listChanges('sunshine', 4, cursor))).flat()).toHaveLength(6);
        expect((await registry.listChanges('sunshine', 6)).items).toHaveLength(6);
        expect((await registry.listChanges('moonlight', 10)).items).toEqual([]);
      });

      it('of one millisecond are all kept', async () => {
        const both = [change(1, { id: 'x' }), change(1, { id: 'y' })];
        for (const one of both) await registry.appendChange('sunshine', one);
        expect((await registry.listChanges('sunshine', 10)).items).toEqual([...both].reverse());
      });

      it('refuse the cursor of another owner', async () => {
        for (const n of [1, 2, 3]) await registry.appendChange('sunshine', change(n));
        const { cursor } = await registry.listChanges('sunshine', 1);
        expect(cursor).toBeDefined();
        await expect(registry.listChanges('moonlight', 1, cursor)).rejects.toMatchObject({ code: 'cursor-invalid' });
      });
    });

    describe('grants', () => {
      it('are compared and set like facilities', async () => {
        expect(await registry.putGrant(grant('i|a', 2))).toBe(false);
        expect(await registry.putGrant(grant('i|a'))).toBe(true);
        expect(await registry.putGrant(grant('i|a'))).toBe(false);
        const edits = await Promise.all([1, 2].map(() => registry.putGrant(grant('i|a', 2))));
        expect(edits.filter(Boolean)).toHaveLength(1);
        expect(await registry.readGrant('i|a')).toEqual(grant('i|a', 2));
      });

      it('are gone once removed, and may be made anew', async () => {
        await registry.putGrant(grant('i|a'));
        await registry.removeGrant('i|a');
        expect(await registry.readGrant('i|a')).toBeUndefined();
        expect((await allPages((cursor) => registry.listGrants(5, cursor))).flat()).toEqual([]);
        expect(await registry.putGrant(grant('i|a'))).toBe(true);
        expect((await allPages((cursor) => registry.listGrants(5, cursor))).flat()).toEqual([grant('i|a')]);
      });

      it('are listed by subject, over pages', async () => {
        const subjects = ['i|a', 'i|b', 'i|王小𠮷', 'i|d', 'https://x#y|e'];
        for (const subject of subjects) await registry.putGrant(grant(subject));
        await registry.appendChange('i|a', change(1));
        await registry.removeGrant('i|b');
        const listed = (await allPages((cursor) => registry.listGrants(2, cursor))).flat().map((one) => one.subject);
        expect(listed).toEqual(['https://x#y|e', 'i|a', 'i|d', 'i|王小𠮷']);
        await expect(registry.listGrants(2, 'junk')).rejects.toMatchObject({ code: 'cursor-invalid' });
      });
    });
  });
});
