import { beforeEach, describe, expect, it } from 'vitest';
import type { Incident } from '../../shared/domain/incident.ts';
import type { IncidentStore } from '../../shared/ports/incident-store.ts';
import { incident, NOON_MS, step } from './samples.ts';
import { allPages, onEveryStore } from './stores.ts';

onEveryStore((make) => {
  describe('incident store', () => {
    let incidents: IncidentStore;
    beforeEach(async () => {
      ({ incidents } = await make());
    });

    const scanned = async (): Promise<readonly Incident[]> => {
      const found: Incident[] = [];
      for await (const page of incidents.scan()) found.push(...page);
      return found;
    };

    it('opens an incident once: the second putter hears that it is there', async () => {
      expect(await incidents.putIfAbsent(incident())).toBe(true);
      expect(await incidents.putIfAbsent(incident({ reason: 'power-loss', revision: 9 }))).toBe(false);
      expect(await incidents.read(incident().id)).toEqual(incident());
    });

    it('opens an incident once when two open it at once', async () => {
      const opened = await Promise.all([1, 2].map(() => incidents.putIfAbsent(incident())));
      expect(opened.filter(Boolean)).toHaveLength(1);
    });

    it('keeps an incident whole', async () => {
      const recipient = { department: 'taizhou-police', topic: 'police', duty: 'act' } as const;
      const full = incident({
        id: 'sunshine~alarm~gate~0193',
        lane: 'life-safety',
        rule: 'alarm',
        finding: 'alarm',
        fallback: true,
        alarm: {
          kind: 'panic',
          box: 'gate',
          reportId: '0193',
          digest: 'd',
          area: 'playroom',
          confirmed: 'unknown',
          drillFlag: false,
          ageMs: 'unknown',
        },
        answeredBy: 'https://issuer|民警𠮷',
        answeredAtMs: 1,
        ladder: [{ level: 'facility', dueAtMs: 1, recipients: [recipient], enteredAtMs: 2 }],
        outbox: [{ rung: 0, recipient, kind: 'opened', dueAtMs: 5, attempts: 3, n: 2 }],
        published: [{ rung: 0, department: 'facility', topic: 'facility', kind: 'opened', publishedAtMs: 9 }],
        steps: [step(0), step(1, { kind: 'answered', by: 'https://issuer|民警𠮷' })],
      });
      expect(await incidents.putIfAbsent(full)).toBe(true);
      expect(await incidents.read(full.id)).toEqual(full);
    });

    it('saves only what follows the stored revision, and forgets what the next one lacks', async () => {
      await incidents.putIfAbsent(incident({ endedAtMs: 5 }));
      expect(await incidents.save(incident({ revision: 1, reason: 'a' }))).toBe(false);
      expect(await incidents.save(incident({ revision: 3, reason: 'b' }))).toBe(false);
      expect(await incidents.save(incident({ revision: 2, reason: 'c' }))).toBe(true);
      expect(await incidents.read(incident().id)).toEqual(incident({ revision: 2, reason: 'c' }));
    });

    it('saves nothing that is not there', async () => {
      expect(await incidents.save(incident({ revision: 2 }))).toBe(false);
      expect(await incidents.read(incident().id)).toBeUndefined();
    });

    it('lets exactly one of two savers through', async () => {
      await incidents.putIfAbsent(incident());
      const saved = await Promise.all(['a', 'b'].map((reason) => incidents.save(incident({ revision: 2, reason }))));
      expect(saved.filter(Boolean)).toHaveLength(1);
    });

    it('removes only the revision that was read', async () => {
      await incidents.putIfAbsent(incident({ revision: 2 }));
      expect(await incidents.remove(incident().id, 1)).toBe(false);
      expect(await incidents.read(incident().id)).toBeDefined();
      expect(await incidents.remove(incident().id, 2)).toBe(true);
      expect(await incidents.remove(incident().id, 2)).toBe(false);
      expect(await incidents.read(incident().id)).toBeUndefined();
    });

    it('scans the whole table, also beyond one page of the engine', async () => {
      const padding = '泰'.repeat(20_000);
      const many = Array.from({ length: 40 }, (_, at) => incident({ sinceMs: NOON_MS + at, hazard: padding }));
      await Promise.all(many.map((one) => incidents.putIfAbsent(one)));
      expect((await scanned()).map((one) => one.id).sort()).toEqual(many.map((one) => one.id).sort());
    });

    it('scans an empty table', async () => {
      expect(await scanned()).toEqual([]);
    });

    describe('lists', () => {
      const all = Array.from({ length: 7 }, (_, at) => incident({ sinceMs: NOON_MS + at * 1_000 }));

      beforeEach(async () => {
        for (const one of all) await incidents.putIfAbsent(one);
        await incidents.putIfAbsent(incident({ facilityId: 'moonlight', division: '321203' }));
      });

      it.each([1, 3, 7, 50])('a county newest first, %i at a time, none left out or twice', async (limit) => {
        const pages = await allPages((cursor) => incidents.list('321202', limit, cursor));
        expect(pages.flat()).toEqual([...all].reverse());
        for (const page of pages) expect(page.length).toBeLessThanOrEqual(limit);
      });

      it('from a place on, whether or not something is there', async () => {
        const from = async (olderThan: { openedAtMs: number; id: string }) =>
          (await incidents.list('321202', 10, undefined, olderThan)).items;
        const there = all[3] ?? incident();
        expect(await from(there)).toEqual(all.slice(0, 3).reverse());
        expect(await from({ openedAtMs: there.openedAtMs, id: '!' })).toEqual(all.slice(0, 3).reverse());
        expect(await from({ openedAtMs: there.openedAtMs + 1, id: '!' })).toEqual(all.slice(0, 4).reverse());
        expect(await from({ openedAtMs: 0, id: '!' })).toEqual([]);
        const alone = await incidents.list('321203', 10, undefined, { openedAtMs: NOON_MS + 86_400_000, id: '!' });
        expect(alone.items.map(({ facilityId }) => facilityId)).toEqual(['moonlight']);
      });

      it('what is stored now, and nothing that was removed', async () => {
        const first = incident({ sinceMs: NOON_MS, revision: 2, state: 'answered' });
        await incidents.save(first);
        await incidents.remove(incident({ sinceMs: NOON_MS + 1_000 }).id, 1);
        const listed = (await allPages((cursor) => incidents.list('321202', 10, cursor))).flat();
        expect(listed.at(-1)).toEqual(first);
        expect(listed).toHaveLength(6);
      });

      it('goes on after an item that was removed meanwhile', async () => {
        const page = await incidents.list('321202', 2);
        const last = page.items.at(-1);
        await incidents.remove(last?.id ?? '', 1);
        const rest = await allPages((cursor) => incidents.list('321202', 2, cursor ?? page.cursor));
        expect(rest.flat().map((one) => one.id)).toEqual(
          [...all]
            .reverse()
            .slice(2)
            .map((one) => one.id),
        );
      });

      it('refuses cursors of other lists and forgeries', async () => {
        const { cursor } = await incidents.list('321202', 2);
        for (const [county, wrong] of [
          ['321203', cursor],
          ['321202', 'not a cursor'],
          ['321202', ''],
          ['321202', Buffer.from('{"a":1}').toString('base64url')],
          ['321202', Buffer.from('["321202#live",5]').toString('base64url')],
          ['321202', 'A'.repeat(5_000)],
        ] as const) {
          await expect(incidents.list(county, 2, wrong)).rejects.toMatchObject({
            code: 'cursor-invalid',
            retryable: false,
          });
        }
        const forged = Buffer.from(`["321202#live","${NOON_MS}#nothing"]`).toString('base64url');
        expect(await incidents.list('321202', 2, forged)).toEqual({ items: [] });
      });
    });
  });
});
