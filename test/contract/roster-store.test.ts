import { beforeEach, describe, expect, it } from 'vitest';
import { rosterFrom } from '../../functions/registry/roster-wire.ts';
import { makeRosterStore } from '../../shared/adapters/dynamodb/roster-store.ts';
import { type RosterBody, rosterBody } from '../../shared/contracts/roster.ts';
import { MOST_CHANNELS, MOST_CONTACTS, type Roster } from '../../shared/domain/people/roster.ts';
import type { RosterStore } from '../../shared/ports/roster-store.ts';
import { itemBytes } from '../support/item-size.ts';
import { memoryRosterStore } from '../support/memory/rosters.ts';
import { contact, roster, shift } from '../unit/people/rosters.ts';
import { allPages, onEachEngine } from './stores.ts';

const full: Roster = roster([
  contact('li', {
    name: '李𠮷',
    role: 'duty',
    shifts: [shift('22:00', '06:00', [1, 2])],
    away: [{ fromMs: 1_760_000_000_000, toMs: 1_760_000_600_000 }],
    substitute: 'group',
    channels: [{ id: 'sms', kind: 'sms', address: '+8613800000000', quiet: [shift('22:00', '07:00')] }],
  }),
  contact('group', { is: 'group', channels: [{ id: 'bot', kind: 'wecom', secret: 'police.321202.duty' }] }),
]);
const at = (place: string, department = 'police', version = 1): Roster =>
  roster([contact('li')], { place, department, version });

const suite = (make: () => Promise<RosterStore>): void => {
  describe('roster store', () => {
    let rosters: RosterStore;
    beforeEach(async () => {
      rosters = await make();
    });

    it('gives back what was put, whole', async () => {
      expect(await rosters.read(full)).toBeUndefined();
      expect(await rosters.put(full)).toBe(true);
      expect(await rosters.read({ department: 'police', place: '321202' })).toEqual(full);
      expect(await rosters.read({ department: 'fire', place: '321202' })).toBeUndefined();
      expect(await rosters.read({ department: 'police', place: '3212' })).toBeUndefined();
    });

    it('is changed by whoever comes first', async () => {
      expect(await rosters.put({ ...full, version: 2 })).toBe(false);
      expect(await rosters.put(full)).toBe(true);
      expect(await rosters.put(full)).toBe(false);
      const edits = await Promise.all([1, 2].map(() => rosters.put({ ...full, version: 2, contacts: [] })));
      expect(edits.filter(Boolean)).toHaveLength(1);
      expect(await rosters.put({ ...full, version: 4 })).toBe(false);
      expect(await rosters.read(full)).toEqual({ ...full, version: 2, contacts: [] });
    });

    it('is gone once removed, and may be made anew', async () => {
      await rosters.put(full);
      await rosters.remove(full);
      await rosters.remove(full);
      expect(await rosters.read(full)).toBeUndefined();
      expect((await rosters.list('32', 10)).items).toEqual([]);
      expect(await rosters.put(full)).toBe(true);
    });

    it('keeps a facility apart from a department and from other facilities', async () => {
      const own = at('sunflower', 'facility');
      await rosters.put(own);
      await rosters.put(at('321202', 'facility'));
      await rosters.put(full);
      expect(await rosters.read(own)).toEqual(own);
      expect(await rosters.read({ department: 'facility', place: 'sunflower-2' })).toBeUndefined();
      expect(await rosters.read(full)).toEqual(full);
    });

    it('lists departments under a prefix, by place and department, over pages', async () => {
      const places = ['321202001', '32', '3212', '320205', '321202', '310101', '321203'];
      for (const place of places) await rosters.put(at(place));
      await rosters.put(at('321202', 'fire'));
      await rosters.put(at('321202', 'facility'));
      const listed = async (prefix: string, limit: number): Promise<readonly string[]> =>
        (await allPages((cursor) => rosters.list(prefix, limit, cursor)))
          .flat()
          .map(({ place, department }) => `${place} ${department}`);
      for (const limit of [1, 2, 3, 50]) {
        expect(await listed('3212', limit)).toEqual([
          '3212 police',
          '321202 fire',
          '321202 police',
          '321202001 police',
          '321203 police',
        ]);
        expect(await listed('321202001', limit)).toEqual(['321202001 police']);
        expect((await listed('32', limit)).slice(0, 2)).toEqual(['32 police', '320205 police']);
        expect(await listed('44', limit)).toEqual([]);
      }
    });

    it('refuses the cursor of another prefix', async () => {
      for (const place of ['321202', '321203']) await rosters.put(at(place));
      const { cursor } = await rosters.list('3212', 1);
      expect(cursor).toBeDefined();
      await expect(rosters.list('32', 1, cursor)).rejects.toMatchObject({ code: 'cursor-invalid' });
      await expect(rosters.list('32', 1, 'junk')).rejects.toMatchObject({ code: 'cursor-invalid' });
    });
  });
};

describe('in memory', () => suite(async () => memoryRosterStore()));
onEachEngine((engine) =>
  suite(async () => {
    const { client, tables } = engine();
    return makeRosterStore(client, (await tables()).registry);
  }),
);

describe('the largest roster that the registry takes', () => {
  const hours = Array.from({ length: 14 }, () => shift('00:00', '23:59'));
  const largest: RosterBody = {
    zone: 'America/Argentina/ComodRivadavia',
    contacts: Array.from({ length: MOST_CONTACTS }, (_, n) => ({
      id: `${'c'.repeat(29)}-${String(n).padStart(2, '0')}`,
      name: '名'.repeat(60),
      is: 'person',
      role: 'installer',
      shifts: hours.map(({ weekdays, ...rest }) => ({ ...rest, weekdays: [...weekdays] })),
      away: Array.from({ length: 16 }, () => ({ from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' })),
      substitute: `${'c'.repeat(29)}-${String((n + 1) % MOST_CONTACTS).padStart(2, '0')}`,
      channels: Array.from({ length: MOST_CHANNELS }, (_, at) => ({
        id: `${'h'.repeat(30)}-${at}`,
        kind: 'email',
        address: `${'a'.repeat(64)}@${`${'b'.repeat(61)}.`.repeat(3)}cn`,
        quiet: hours.slice(0, 7).map(({ weekdays, ...rest }) => ({ ...rest, weekdays: [...weekdays] })),
      })),
    })),
  };

  it('fits one item of 400 KB with room to spare', () => {
    const parsed = rosterBody.parse(largest);
    const kept = rosterFrom(parsed, { department: 'facility', place: 'f'.repeat(64) }, 1);
    expect(itemBytes({ ...kept })).toBeGreaterThan(100_000);
    expect(itemBytes({ ...kept })).toBeLessThan(350_000);
  });
});
