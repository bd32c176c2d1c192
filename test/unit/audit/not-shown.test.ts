import { unzipSync } from 'fflate';
import { beforeEach, describe, expect, it } from 'vitest';
import { retentionPage } from '../../../shared/contracts/audit.ts';
import { DAY_MS, HOUR_MS } from '../../../shared/domain/time.ts';
import { incident as anIncident } from '../../contract/samples.ts';
import { type AuditWorld, at, auditWorld, INSTALLED_MS, NOW_MS } from '../../support/audit-world.ts';
import { callsOf } from '../../support/memory-stores.ts';
import { grantTo } from '../../support/people-api.ts';

const LIST = 'GET /v1/audit/retention';
let city: AuditWorld;

const ask = async (query: Record<string, string> = {}, as = 'auditor') =>
  city.call({ as, route: LIST, query: { show: 'not-shown', ...query } });
const answered = async (query: Record<string, string> = {}, as = 'auditor') =>
  retentionPage.parse((await ask(query, as)).body);
const listed = async (facility: string, day: string, division = '321202001'): Promise<void> =>
  city.logs.putNotShown({ facility, division, day, state: 'unknown', reason: 'never-connected' });
const liveIncident = async (facilityId: string, subject = 'camera/cam-1'): Promise<void> => {
  const sinceMs = NOW_MS - HOUR_MS;
  const one = { facilityId, rule: 'retention-held', subject, sinceMs } as const;
  await city.incidents.putIfAbsent({ ...anIncident({ ...one, id: `${facilityId}~retention-held~x~1` }) });
};
/** Asked for that many days ago and answered so. */
const challenged = async (facility: string, daysAgo: number, is: 'held' | 'mismatch' | 'not-found'): Promise<void> => {
  const askedAtMs = NOW_MS - daysAgo * DAY_MS;
  await city.challenges.putChallenge({
    facility,
    box: 'gate',
    challenge: {
      id: `${daysAgo}.${is}`,
      camera: 'cam-1',
      hourMs: NOW_MS - 40 * DAY_MS,
      stratum: 'rest',
      stability: 'byte-stable',
      askedAtMs,
      answerByMs: askedAtMs + DAY_MS,
      answer: { is, atMs: askedAtMs + HOUR_MS },
    },
    mac: 'TUFD',
    revision: 1,
  });
};

beforeEach(async () => {
  city = await auditWorld();
});

describe('which facilities of a division cannot show ninety days as of this instant, and why', () => {
  beforeEach(async () => {
    city.seal('2026-03-01');
    await city.fine('sunshine');
  });

  it('says that a recorder keeps 35 of 90 days, that one was never connected, and what a nightly gap took', async () => {
    await city.register('short');
    await city.connect('short');
    await city.record('short', 92, 35);
    await city.register('unplugged');
    await city.register('gappy');
    await city.connect('gappy');
    await city.record('gappy', 92, 91, { fromMs: at('2026-02-20T02:00'), toMs: at('2026-02-20T04:05') });
    for (const id of ['short', 'unplugged', 'gappy']) await listed(id, '2026-03-01');
    const { items, basis } = await answered({ division: '3212' });
    expect(basis).toMatchObject({
      looked: 'not-shown-lists',
      days: ['2026-03-01'],
      judgedTo: '2026-03-01T16:00:00.000Z',
      sentence: { en: expect.stringMatching(/^Everybody was judged as of the end of 2026-03-01\. Since then/) },
    });
    expect(items.map(({ facility, reason, sentence }) => [facility, reason, sentence])).toEqual([
      [
        'gappy',
        'time-missing',
        {
          zh: '应保存的录像丢失2小时5分钟（cam-1，最早自2026-02-20 02:00起）。',
          en: '2 h 5 min of what must be kept are lost (cam-1, the first at 2026-02-20 02:00).',
        },
      ],
      [
        'short',
        'recorder-keeps-less',
        {
          zh: '录像设备应保存90天，仅保存35天（cam-1）。',
          en: 'Recorder keeps 35 of 90 days (cam-1).',
        },
      ],
      [
        'unplugged',
        'never-connected',
        { zh: '从未接入，没有任何录像报告。', en: 'Never connected, so nothing was shown.' },
      ],
    ]);
    const [gappy, short, unplugged] = items.map(({ cameras }) => cameras[0]?.exact);
    expect(gappy).toMatchObject({
      lostMs: 125 * 60_000,
      unknownMs: 0,
      declaredMs: 0,
      firstLost: { from: '2026-02-19T18:00:00.000Z', to: '2026-02-19T20:05:00.000Z' },
    });
    expect(short?.lostMs).toBe(55 * DAY_MS);
    expect(unplugged).toEqual({
      requiredMs: 90 * DAY_MS - 2 * HOUR_MS,
      lostMs: 0,
      unknownMs: 90 * DAY_MS - 2 * HOUR_MS,
      declaredMs: 0,
    });
  });

  it('names one whose reports are whole and whose challenged footage is not, by its incident alone', async () => {
    await city.fine('magpie');
    for (const day of [3, 5]) await challenged('magpie', day, 'mismatch');
    await challenged('magpie', 4, 'not-found');
    await challenged('sunshine', 3, 'held');
    await liveIncident('magpie', 'challenges');
    const { items } = await answered({ division: '3212' });
    expect(items.map(({ facility, state, reason }) => [facility, state, reason])).toEqual([
      ['magpie', 'unproved', 'film-differs'],
    ]);
    const [magpie] = items;
    expect(magpie?.sentence).toEqual({
      zh: '抽查的录像与录像当时封存的不一致2次、找不到1次。',
      en: 'Challenged footage differed from what was sealed twice and was not found once.',
    });
    expect(magpie?.challenges).toMatchObject({ state: 'breached', outcomes: { mismatch: 2, 'not-found': 1 } });
    expect(magpie?.cameras.map(({ state }) => state)).toEqual(['held']);
    // The list that looks at everybody says the same, and so do the lines of a sheet.
    const failing = retentionPage.parse((await city.call({ as: 'auditor', route: LIST, query: {} })).body);
    expect(failing.items.map(({ facility, reason }) => [facility, reason])).toEqual([['magpie', 'film-differs']]);
    const { text } = await ask({ format: 'csv' });
    expect(text).toContain('unproved,film-differs');
  });

  it('judges challenges as of the instant: what failed later did not fail then', async () => {
    city.seal('2026-02-27');
    city.seal('2026-02-28');
    await city.fine('magpie');
    await challenged('magpie', 1, 'not-found');
    await listed('magpie', '2026-02-28');
    expect((await answered({ asOf: '2026-02-27T16:00:00Z' })).items).toEqual([]);
    await listed('magpie', '2026-03-01');
    expect((await answered()).items.map(({ reason }) => reason)).toEqual(['film-not-found']);
  });

  it('leaves out whoever was listed and has shown it since, and finds who has an incident since', async () => {
    await listed('sunshine', '2026-03-01');
    expect((await answered()).items).toEqual([]);
    await city.register('late');
    await liveIncident('late');
    expect((await answered()).items.map(({ facility }) => facility)).toEqual(['late']);
    // As of an hour ago no later list says who began to fail either.
    const { items } = await answered({ asOf: new Date(NOW_MS - HOUR_MS).toISOString() });
    const before = await answered({ asOf: new Date(NOW_MS - HOUR_MS - 1).toISOString() });
    const hasLate = (those: typeof items) => those.some(({ facility }) => facility === 'late');
    // A millisecond before its incident it had none.
    expect([hasLate(items), hasLate(before.items)]).toEqual([true, false]);
  });

  it('asks the list of the day end after a past instant too', async () => {
    city.seal('2026-02-27');
    city.seal('2026-02-28');
    await city.register('broken');
    await listed('broken', '2026-02-28');
    await city.register('late');
    await liveIncident('late');
    const { items, basis } = await answered({ asOf: '2026-02-28T04:00:00Z' });
    // Who has an incident now says nothing of then.
    expect(basis).toMatchObject({ days: ['2026-02-27', '2026-02-28'], judgedTo: '2026-02-27T16:00:00.000Z' });
    expect(basis?.sentence?.zh).toContain('并按2026-02-28日终再次核查');
    expect(items.map(({ facility }) => facility)).toEqual(['broken']);
  });

  it('finds one that moved away since its list was made where it was then', async () => {
    city.seal('2026-02-27');
    city.seal('2026-02-28');
    await city.register('moved', { division: '321203001' });
    await listed('moved', '2026-02-28');
    const asOf = '2026-02-28T04:00:00Z';
    for (const division of ['321202', '3212', '321202001']) {
      expect((await answered({ division, asOf })).items.map(({ facility }) => facility)).toEqual(['moved']);
    }
    expect((await answered({ division: '321202002', asOf })).items).toEqual([]);
  });

  it('finds who was registered or edited since the last sealed day, before any incident', async () => {
    await city.register('newcomer');
    expect((await answered()).items).toEqual([]);
    await listed('newcomer', '2026-03-02');
    expect((await answered()).items.map(({ facility, reason }) => [facility, reason])).toEqual([
      ['newcomer', 'never-connected'],
    ]);
  });

  it('finds a silence that is not over, or left time that nobody speaks of, as long as no list can say so', async () => {
    const silentSinceMs = NOW_MS - 5 * HOUR_MS;
    const silence = (id: string, more: object = {}) => {
      const one = { facilityId: id, rule: 'monitoring-running', subject: 'box/gate', sinceMs: silentSinceMs } as const;
      return anIncident({ ...one, id: `${id}~silence`, openedAtMs: silentSinceMs, division: '321202001', ...more });
    };
    for (const id of ['silent', 'back', 'brief']) {
      await city.register(id);
      await city.connect(id);
      await city.record(id, 92, 91, undefined, silentSinceMs);
    }
    await city.incidents.putIfAbsent(silence('silent'));
    await city.records.archiveIncident(silence('back', { closedAtMs: NOW_MS - HOUR_MS, state: 'closed' }));
    await city.records.archiveIncident(silence('brief', { closedAtMs: silentSinceMs + HOUR_MS - 1, state: 'closed' }));
    expect((await answered()).items.map(({ facility, reason }) => [facility, reason])).toEqual([
      ['back', 'no-report'],
      ['silent', 'no-report'],
    ]);
    // What nothing told is what the answer says that it does not know, and where it can be asked.
    const every = retentionPage.parse((await city.call({ as: 'auditor', route: LIST, query: {} })).body);
    expect(every.items.map(({ facility }) => facility)).toContain('brief');
    expect((await answered()).basis?.sentence?.en).toContain('show=failing looks at every facility');
  });

  it('answers one that moved between two counties once, where it is now', async () => {
    await city.register('moved', { division: '321283101' });
    await listed('moved', '2026-03-01', '321202001');
    await listed('moved', '2026-03-02', '321283101');
    for (const division of ['3212', '321283', '321202']) {
      const { items } = await answered({ division });
      expect([division, items.map(({ facility }) => facility)]).toEqual([division, ['moved']]);
    }
    await grantTo(
      city.registry,
      'both',
      { role: 'auditor', division: '3212' },
      { role: 'facility', facilityId: 'moved' },
    );
    expect((await answered({}, 'both')).items).toHaveLength(1);
  });

  it('reads in proportion to the answer: not one camera-day of sixty facilities that can show theirs', async () => {
    for (let n = 0; n < 60; n += 1) await city.register(`fine-${n}`);
    await city.register('unplugged');
    await listed('unplugged', '2026-03-01');
    const before = { records: callsOf(city.records).length, facilities: callsOf(city.registry).length };
    expect((await answered({ division: '3212' })).items).toHaveLength(1);
    // What was closed of two months; one camera of one facility; one facility, besides the counties and the grant.
    expect(
      callsOf(city.records)
        .slice(before.records)
        .map(({ method }) => method),
    ).toEqual(['listArchived', 'listArchived', 'heldDays']);
    expect(callsOf(city.registry).length - before.facilities).toBeLessThanOrEqual(4);
  });

  it('goes on by cursor over counties, each facility once', async () => {
    const divisions = ['321202001', '321283101'];
    for (let n = 0; n < 5; n += 1) {
      const division = divisions[n % 2] ?? '';
      await city.register(`silent-${n}`, { division });
      await listed(`silent-${n}`, '2026-03-01', division);
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await answered({ limit: '2', ...(cursor !== undefined && { cursor }) });
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map(({ facility }) => facility));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(['silent-0', 'silent-2', 'silent-4', 'silent-1', 'silent-3']);
    expect((await ask({ cursor: 'bm90LW91cnM' })).status).toBe(400);
  });

  it.each([
    [['days', [], '', '']],
    [['days', ['9999-99-99'], '', '']],
    [['days', ['0000-01-01'], '', '']],
    [['days', [20_260_301], '', '']],
    // Every month since then would be looked through, and of the days to come nothing.
    [['days', ['1970-01-01'], '', '']],
    [['days', ['2026-03-03'], '', '']],
    [['all', 'x']],
  ])('takes no cursor that somebody made: %j', async (made) => {
    const cursor = Buffer.from(JSON.stringify(made)).toString('base64url');
    const { status, body } = await ask({ cursor });
    expect([status, body.code]).toEqual([400, 'cursor-invalid']);
  });

  it('shows nothing of another city, whatever a list or a cursor says', async () => {
    await city.register('lakeside', { division: '320282' });
    await listed('lakeside', '2026-03-01', '320282');
    expect((await answered({ division: '32' })).items).toEqual([]);
    const cursor = Buffer.from(JSON.stringify(['days', ['2026-03-01'], '320282', ''])).toString('base64url');
    expect((await answered({ cursor })).items).toEqual([]);
    expect((await answered({}, 'wuxi')).items.map(({ facility }) => facility)).toEqual(['lakeside']);
    expect((await ask({}, 'fire')).status).toBe(403);
  });

  it('answers a head about the own facility alone', async () => {
    await city.register('unplugged');
    await listed('unplugged', '2026-03-01');
    expect((await answered({}, 'head')).items).toEqual([]);
  });

  it('is a CSV of the same, with the sentence', async () => {
    await city.register('unplugged');
    await listed('unplugged', '2026-03-01');
    const { text } = await ask({ format: 'csv' });
    expect(text).toContain('从未接入，没有任何录像报告。');
    const [heads = '', line = '', ...more] = text.trim().split('\r\n');
    expect(more).toEqual([]);
    expect(heads).toContain('全部机构已核查至');
    expect(line).toContain(',2026-03-02 00:00:00');
  });

  it.each(['not-shown', 'failing'])('is whole as a file, whatever page was asked for (%s)', async (show) => {
    for (const n of [1, 2, 3]) {
      await city.register(`silent-${n}`);
      await listed(`silent-${n}`, '2026-03-01');
    }
    const { cursor = '' } = await answered({ limit: '2', show });
    const before = callsOf(city.logs).length;
    const { text } = await ask({ format: 'csv', limit: '1', show, cursor });
    expect(text.trim().split('\r\n')).toHaveLength(1 + 3);
    // Where it looks is not read anew for every line.
    expect(callsOf(city.logs).length - before).toBeLessThanOrEqual(5);
  });

  it('says as a spreadsheet too, though nobody is on it, what it cannot know', async () => {
    const { bytes } = await ask({ format: 'xlsx' });
    const zip = Object.entries(unzipSync(bytes)).map(([name, one]) => [name, Buffer.from(one).toString()] as const);
    expect(zip.some(([name, text]) => name.endsWith('workbook.xml') && text.includes('核查范围'))).toBe(true);
    expect(zip.some(([, text]) => text.includes('Everybody was judged as of the end of 2026-03-01.'))).toBe(true);
  });
});

it('looks at all, page by page, and says so, where no day was sealed lately', async () => {
  await city.fine('sunshine');
  await city.register('unplugged');
  const { items, basis } = await answered();
  expect(items.map(({ facility }) => facility)).toEqual(['unplugged']);
  expect(basis).toEqual({ looked: 'all', days: [] });
  const first = await answered({ limit: '1' });
  expect(first.cursor).toBeDefined();
  // A day that is sealed meanwhile does not change the way in the middle of a list.
  city.seal('2026-03-01');
  const second = await answered({ limit: '1', cursor: first.cursor ?? '' });
  expect([...first.items, ...second.items].map(({ facility }) => facility)).toEqual(['unplugged']);
  expect(second.basis?.looked).toBe('all');
});

it('does not ask of a camera what it did not owe: one installed 20 days ago can show what it must', async () => {
  city.seal('2026-03-01');
  const camera = { id: 'cam-1', box: 'gate', areas: ['playroom'], installedAtMs: NOW_MS - 20 * DAY_MS };
  await city.register('young', { cameras: [camera], registeredAtMs: INSTALLED_MS });
  await city.connect('young');
  await city.record('young', 21, 20);
  await listed('young', '2026-03-01');
  expect((await answered()).items).toEqual([]);
});
