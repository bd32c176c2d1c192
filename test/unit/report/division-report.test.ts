import { beforeAll, describe, expect, it } from 'vitest';
import { makeAuditFilesHandler } from '../../../functions/audit-files/handler.ts';
import { answerLooks, countyLooks } from '../../../functions/audit-files/report/division-charts.ts';
import { divisionReportPage } from '../../../functions/audit-files/report/division-report.ts';
import { answerTimesOf, countiesOf, reasonsOf } from '../../../functions/audit-files/report/division-sums.ts';
import type { FacilityVerdict } from '../../../shared/contracts/audit.ts';
import type { AuditIncident } from '../../../shared/contracts/audit-incidents.ts';
import { DAY_MS, HOUR_MS } from '../../../shared/domain/time.ts';
import { owingFacilities } from '../../../shared/use-cases/audit/owing-facilities.ts';
import { incident as anIncident } from '../../contract/samples.ts';
import { contrast } from '../../support/contrast.ts';
import { nursery } from '../../support/nursery.ts';
import { type Answered, believing, callerOf, grantTo } from '../../support/people-api.ts';
import { REPORT_NOW_MS, reportWorld, storied } from '../../support/report-world.ts';

const INSTALLED_MS = Date.parse('2025-02-01T00:00:00+08:00');
const camera = { id: 'c1', box: 'b1', areas: ['play'], installedAtMs: INSTALLED_MS };
const auditor = { subject: 'issuer|auditor', roles: [{ role: 'auditor', division: '3212' }] } as const;

const make = async () => {
  const world = await reportWorld({}, storied({ division: '321202001', registeredAtMs: INSTALLED_MS }));
  const { registry, incidents, logs } = world;
  const register = (id: string, division: string, more = {}) =>
    registry.putFacility(nursery(id, { division, cameras: [camera], registeredAtMs: INSTALLED_MS, ...more }));
  await register('acorn', '321202002');
  await register('unplugged', '321283101');
  await register('of-another-city', '320282001');
  await register('newcomer', '321283102', { registeredAtMs: REPORT_NOW_MS - HOUR_MS });
  await register('later', '321202001', { registeredAtMs: REPORT_NOW_MS + 1 });
  await register('released', '321202001', { state: { is: 'closed', sinceMs: REPORT_NOW_MS - 91 * DAY_MS } });
  logs.kept.runs.set('2026-11-05', { day: '2026-11-05', asked: 3, step: 'sealed', revision: 1 });
  for (const [facility, division] of [
    ['sunshine', '321202001'],
    ['unplugged', '321283101'],
  ] as const) {
    await logs.putNotShown({ facility, division, day: '2026-11-05', state: 'unknown', reason: 'never-connected' });
  }
  // As the registry lists whoever is registered while a day goes on.
  const entry = { facility: 'newcomer', division: '321283102', day: '2026-11-06' } as const;
  await logs.putNotShown({ ...entry, state: 'unknown', reason: 'not-judged-yet' });
  const sinceMs = REPORT_NOW_MS - 30 * HOUR_MS;
  await incidents.putIfAbsent(anIncident({ facilityId: 'sunshine', sinceMs, openedAtMs: sinceMs }));
  await grantTo(registry, 'auditor', { role: 'auditor', division: '3212' });
  await grantTo(registry, 'wuxi', { role: 'auditor', division: '3202' });
  return { ...world, call: callerOf(makeAuditFilesHandler(believing(registry), world.deps)) };
};

let world: Awaited<ReturnType<typeof make>>;
let report: Answered;
beforeAll(async () => {
  world = await make();
  const route = 'GET /v1/audit/divisions/{division}/report';
  report = await world.call({ as: 'auditor', route, path: { division: '3212' } });
});

const withoutTags = (text: string): string => text.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
const figures = (): readonly string[] => [...report.text.matchAll(/<figure[\s\S]*?<\/figure>/g)].map(([one]) => one);
const textsOf = (figure: string): readonly string[] =>
  [...figure.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text ?? '');

describe('the report about a division', () => {
  it('says first how many of how many can show their days', () => {
    expect(report.status).toBe(200);
    const verdict = withoutTags(/<div class="verdict[^"]*">([\s\S]*?)<\/div>/.exec(report.text)?.[1] ?? '');
    expect(verdict).toContain('4家机构中，1家可以证明应保存的录像，3家不能证明（其中2家从未接入）。');
    expect(verdict).toContain(
      '1 of 4 facilities can show the recordings that must be kept; 3 cannot, of which 2 never connected. Everybody was judged as of 2026-11-06 00:00;',
    );
    expect(report.text).not.toContain('class="verdict met"');
  });

  it('draws counties by verdict, reasons and response times, each with its figures in words', () => {
    const [counties = '', reasons = '', times = '', ...others] = figures();
    expect(others).toEqual([]);
    // Where the code is all we have, the code names the county.
    expect(textsOf(counties)).toEqual(expect.arrayContaining(['321202', '321283', '1', 'S 1', 'N 2']));
    expect(textsOf(reasons)).toEqual(expect.arrayContaining(['设备从未接入', '1']));
    expect(textsOf(times)).toEqual(expect.arrayContaining(['– 1']));
    for (const figure of figures()) expect(figure).toMatch(/role="img" aria-label="[^"]+ [A-Za-z][^"]+"/);
    expect(withoutTags(report.text)).toContain('S 回溯不足 too short');
  });

  it('tells the parts of a bar apart by a pattern too, for whoever prints without colour', () => {
    const [counties = ''] = figures();
    expect(counties).toContain('<pattern');
  });

  it('runs nothing, loads nothing, and lets nothing registered into the page', () => {
    expect(report.text).not.toMatch(
      /<script|<link|<img|<iframe|<image|javascript:|\son[a-z]+=|\sstyle=|@import|url\((?!#)/i,
    );
    expect(report.text).not.toContain('<b>Nursery');
    expect(report.text).toContain('阳光&lt;托育&gt;园');
    const ids = [...report.text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const used = [...report.text.matchAll(/url\(#([^)]+)\)/g)].map(([, id]) => id);
    expect(used.filter((id) => !ids.includes(id ?? ''))).toEqual([]);
  });

  it('has heads for every column and row', () => {
    const tables = [...report.text.matchAll(/<table>[\s\S]*?<\/table>/g)].map(([one]) => one);
    expect(tables.length).toBeGreaterThanOrEqual(4);
    for (const one of tables) {
      const columns = one.match(/<th scope="col">/g)?.length ?? 0;
      const body = /<tbody>[\s\S]*?<\/tbody>/.exec(one)?.[0] ?? '';
      expect(body.match(/<td|<th scope="row"/g)).toHaveLength((body.match(/<tr/g)?.length ?? 0) * columns);
    }
  });
});

describe('how many facilities there are', () => {
  const ids = async (person: Parameters<typeof owingFacilities>[1], most?: number) =>
    (await owingFacilities(world.deps, person, '3212', REPORT_NOW_MS, most))?.map(({ id }) => id).sort();

  it('counts who was registered by then and still owes recordings, within what this person reaches', async () => {
    expect(await ids(auditor)).toEqual(['acorn', 'newcomer', 'sunshine', 'unplugged']);
    const county = { subject: 'issuer|county', roles: [{ role: 'auditor', division: '321283' }] } as const;
    expect(await ids(county)).toEqual(['newcomer', 'unplugged']);
  });

  it('is unknown, and not some number, where there are more than are counted', async () => {
    expect(await ids(auditor, 3)).toBeUndefined();
  });

  it('says up to when everybody was judged, and what is not known since', () => {
    const text = withoutTags(report.text);
    expect(text).toContain('全部机构已核查至');
    expect(text).toContain('2026-11-05T16:00:00.000Z');
    expect(text).toContain('Everybody was judged as of the end of 2026-11-05. Since then');
  });
});

const verdict = (division: string, more: Partial<FacilityVerdict>): FacilityVerdict => ({
  facility: 'one',
  name: { zh: '一', en: 'One' },
  division,
  standing: 'in-service',
  connected: true,
  state: 'short',
  reason: 'recorder-keeps-less',
  requiredDays: 90,
  cameras: [],
  ...more,
});

describe('what is counted', () => {
  const items = [
    verdict('321202001', {}),
    verdict('321202001', { state: 'unproved', reason: 'film-differs' }),
    verdict('321283001', { state: 'unknown', reason: 'never-connected', connected: false }),
    verdict('321283001', { state: 'gaps', reason: 'time-missing' }),
  ];

  it('each facility stands in one part of the bar of its county; who can show its days is known only with the total', () => {
    expect(
      countiesOf(
        items,
        new Map([
          ['321202', 5],
          ['321204', 4],
        ]),
      ),
    ).toEqual([
      { county: '321202', facilities: 5, held: 3, short: 1, gaps: 0, unproved: 1, unknown: 0, never: 0 },
      { county: '321204', facilities: 4, held: 4, short: 0, gaps: 0, unproved: 0, unknown: 0, never: 0 },
      // One that has moved here since is more than were counted.
      { county: '321283', facilities: 2, held: 0, short: 0, gaps: 1, unproved: 0, unknown: 0, never: 1 },
    ]);
    const [county] = countiesOf(items, undefined);
    expect([county?.facilities, county?.held]).toEqual([undefined, undefined]);
  });

  it('reasons, the most frequent first', () => {
    expect(reasonsOf([...items, verdict('321202', {})]).map(({ reason, facilities }) => [reason, facilities])).toEqual([
      ['recorder-keeps-less', 2],
      ['film-differs', 1],
      ['never-connected', 1],
      ['time-missing', 1],
    ]);
  });

  it('an answer after exactly five minutes is within them; what nobody answered is in no time', () => {
    const incident = (seconds?: number) =>
      ({
        title: { zh: '录像不足', en: 'recordings' },
        times: seconds === undefined ? {} : { answeredSeconds: seconds },
      }) as AuditIncident;
    const items = [0, 300, 301, 900, 3_600, 3_601, undefined].map(incident);
    expect(answerTimesOf(items)).toEqual([
      { title: { zh: '录像不足', en: 'recordings' }, count: 7, within5: 2, within15: 2, within60: 1, later: 1, not: 1 },
    ]);
  });
});

describe('parts of a bar', () => {
  it.each([countyLooks, answerLooks])('have a letter each, so that no colour is needed', (looks) => {
    const letters = Object.values(looks).map(({ letter }) => letter);
    expect(new Set(letters).size).toBe(letters.length);
  });

  it.each([...Object.values(countyLooks), ...Object.values(answerLooks)])(
    '$en: its figure stands out 7 to 1',
    ({ ink, ground }) => expect(contrast(ink, ground)).toBeGreaterThanOrEqual(7),
  );
});

it('where nobody counted all, the page does not say how many can', () => {
  const asOf = new Date(REPORT_NOW_MS).toISOString();
  const page = divisionReportPage({
    division: '3212',
    zone: 'Asia/Shanghai',
    from: '2026-10-01',
    to: '2026-10-30',
    asOf,
    page: { items: [verdict('321202001', {})], asOf },
    totals: undefined,
    incidents: undefined,
  });
  expect(page).toContain('有1家机构不能证明应保存的录像，其中0家从未接入；机构总数未统计，能证明的有多少家未知。');
  expect(page).not.toContain('家可以证明应保存的录像');
  // In the table of counties both are a dash.
  expect(page).toMatch(/<th scope="row">321202<\/th><td class="n">—<\/td><td class="n">—<\/td><td class="n">1<\/td>/);
});
