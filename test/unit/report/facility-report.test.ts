import { beforeAll, describe, expect, it } from 'vitest';
import { makeAuditFilesHandler } from '../../../functions/audit-files/handler.ts';
import { table } from '../../../functions/audit-files/report/page.ts';
import { plainSvg } from '../../../functions/audit-files/report/plain-svg.ts';
import { cellLooks, cellStateOf } from '../../../functions/audit-files/report/states.ts';
import { colours } from '../../../functions/audit-files/report/style.ts';
import { HOUR_MS } from '../../../shared/domain/time.ts';
import { attachObjection } from '../../../shared/use-cases/audit/objections.ts';
import { contrast } from '../../support/contrast.ts';
import { type Answered, believing, callerOf, grantTo } from '../../support/people-api.ts';
import { REPORT_NOW_MS, reportWorld } from '../../support/report-world.ts';

const make = async () => {
  const world = await reportWorld();
  const head = { subject: 'issuer|head', roles: [{ role: 'facility', facilityId: 'sunshine' }] } as const;
  await attachObjection(world.deps, head, 'sunshine', {
    id: '01950000-0000-7000-8000-0000000000aa',
    reason: 'power-cut',
    from: new Date(REPORT_NOW_MS - 48 * HOUR_MS).toISOString(),
    to: new Date(REPORT_NOW_MS - 47 * HOUR_MS).toISOString(),
    document: 'PC-7',
  });
  await grantTo(world.registry, 'auditor', { role: 'auditor', division: '3212' });
  await grantTo(world.registry, 'fire', { role: 'officer', department: 'fire', division: '3212' });
  await grantTo(world.registry, 'police', { role: 'officer', department: 'police', division: '3212' });
  return { ...world, call: callerOf(makeAuditFilesHandler(believing(world.registry), world.deps)) };
};

let world: Awaited<ReturnType<typeof make>>;
let report: Answered;
const reportFor = (as: string, query: Record<string, string> = {}) =>
  world.call({ as, route: 'GET /v1/audit/facilities/{facility}/report', path: { facility: 'sunshine' }, query });

beforeAll(async () => {
  world = await make();
  report = await reportFor('auditor');
});

const withoutTags = (text: string): string => text.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');

describe('the report about a facility', () => {
  it('says its verdict first, and tells its cameras apart', () => {
    expect(report.status).toBe(200);
    const verdict = withoutTags(/<div class="verdict[^"]*">([\s\S]*?)<\/div>/.exec(report.text)?.[1] ?? '');
    expect(verdict).toContain('录像设备应保存90天，仅保存35天（keeps-35）');
    expect(verdict).toMatch(/ecorder keeps 35 of 90 days \(keeps-35\)/);
    expect(verdict).toContain('nightly');
    expect(verdict).not.toContain('new-20');
    expect(report.text).not.toContain('class="verdict met"');
  });

  it('tells reasons in words, and no code', () => {
    expect(withoutTags(report.text)).toContain('停电 power cut');
  });

  it('shows each camera’s days with a letter that reads in black and white', () => {
    const [first = '', second = '', third = ''] = [...report.text.matchAll(/<figure[\s\S]*?<\/figure>/g)].map(
      ([one]) => one,
    );
    for (const chart of [first, second, third]) expect(chart).toContain('>keeps-35</text>');
    const letters = (chart: string): string =>
      [...chart.matchAll(/<text[^>]*>([A-Za-z·])<\/text>/g)].map(([, one]) => one).join('');
    // The recorder that keeps 35 days lost what is older; every night of the nightly one is partly lost.
    expect(letters(first).match(/X/g)?.length).toBeGreaterThanOrEqual(30);
    expect(letters(third).match(/X/g)).toBeNull();
    expect(letters(third).match(/x/g)?.length).toBeGreaterThanOrEqual(26);
  });

  it('has every part, in Chinese and English', () => {
    const text = withoutTags(report.text);
    for (const part of [
      '录像保存',
      '监测运行',
      '区域覆盖',
      '录像抽查',
      '晨午检',
      '事件与响应',
      '录像留存指令',
      '来源与封存',
      '不能证明',
    ]) {
      expect(text, part).toContain(part);
    }
    expect(text).toContain('95% takes 299 draws');
    expect(text).toContain('hold-1');
    expect(text).toContain('PC-7');
    expect(text).toContain('2026-11-06 12:00 北京时间 Asia/Shanghai (2026-11-06T04:00:00.000Z)');
  });

  it('says that its incidents are those that its reader may read, and where a table is cut', async () => {
    expect(withoutTags(report.text)).toContain('仅含报告申请人有权查看的事件。');
    const columns = [{ heading: { zh: '号', en: 'n' }, cell: (row: number) => row }];
    const cut = (most: number) => withoutTags(table({ zh: '表', en: 't' }, columns, [1, 2, 3], undefined, most).text);
    expect(cut(2)).toContain('共3项，此处仅列出2项。');
    expect(cut(3)).not.toContain('共3项');
  });

  it('names the pack, the statement and the checkpoint behind it', () => {
    expect(report.text).toMatch(/<code>[a-z-]+@[\d.]+<\/code>/);
    expect(report.text).toMatch(/<code>sha256:[0-9a-f]{64}<\/code>/);
    expect(report.text).toMatch(/<code>log\.example\/f\/sunshine 5 [A-Za-z0-9+/]{43}=<\/code>/);
  });

  it('runs nothing, loads nothing, and lets nothing registered into the page', () => {
    expect(report.text).not.toMatch(
      /<script|<link|<img|<iframe|<image|javascript:|\son[a-z]+=|\sstyle=|@import|url\((?!#)/i,
    );
    expect(report.text).not.toContain('<b>Nursery');
    expect(report.text).toContain('阳光&lt;托育&gt;园 &amp; &quot;分园&quot;');
    expect(String(report.headers['content-security-policy'])).toContain("default-src 'none'");
    expect(String(report.headers['content-security-policy'])).not.toContain('unsafe');
    expect(Buffer.byteLength(report.text)).toBeLessThan(600_000);
  });

  it('repeats the heads of its tables on paper, and breaks no row', () => {
    expect(report.text).toContain('thead{display:table-header-group}');
    expect(report.text).toContain('figure,.verdict,tr{break-inside:avoid}');
    expect(report.text).toContain('@page{size:A4');
  });

  it('has one heading of the first level, heads for every column and row, and no id twice', () => {
    expect(report.text.match(/<h1>/g)).toHaveLength(1);
    const tables = [...report.text.matchAll(/<table>[\s\S]*?<\/table>/g)].map(([one]) => one);
    expect(tables.length).toBeGreaterThanOrEqual(3);
    for (const one of tables) {
      const columns = one.match(/<th scope="col">/g)?.length ?? 0;
      expect(columns).toBeGreaterThan(1);
      for (const [row] of one.matchAll(/<tbody>[\s\S]*?<\/tbody>/g)) {
        const rows = row.match(/<tr/g)?.length ?? 0;
        expect(row.match(/<td|<th scope="row"/g)).toHaveLength(rows * columns);
      }
    }
    const ids = [...report.text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('leaves out what the reader may not read, and says that it does', async () => {
    const police = withoutTags((await reportFor('police')).text);
    expect(police).toContain('您的角色无权查看此项');
    expect(withoutTags(report.text)).not.toContain('您的角色无权查看此项');
    expect((await reportFor('fire')).status).toBe(403);
  });

  it('notes that an auditor looked, and nobody else', async () => {
    const accesses = async () =>
      [...world.evidence.kept.values()].filter(({ kind, facility }) => kind === 'access' && facility === 'sunshine');
    const before = (await accesses()).length;
    await reportFor('police');
    expect(await accesses()).toHaveLength(before);
    await reportFor('auditor', { from: '2026-11-01', to: '2026-11-05' });
    expect(await accesses()).toHaveLength(before + 1);
  });

  it.each([
    { to: '2026-11-07' },
    { from: '2026-11-05', to: '2026-11-01' },
    { from: '2026-01-01', to: '2026-11-01' },
    { asOf: '2027-01-01T00:00:00Z' },
  ])('refuses a period that has no answer: %o', async (query) =>
    expect((await reportFor('auditor', query as Record<string, string>)).body.code).toBe('query-invalid'),
  );
});

describe('the report about a division', () => {
  it('counts who cannot show it, by county, and says why in a sentence each', async () => {
    const { status, text } = await world.call({
      as: 'auditor',
      route: 'GET /v1/audit/divisions/{division}/report',
      path: { division: '3212' },
    });
    expect(status).toBe(200);
    const plain = withoutTags(text);
    expect(plain).toContain('1家机构中，0家可以证明应保存的录像，1家不能证明');
    expect(plain).toContain('321202');
    expect(plain).toContain('仅保存35天');
    expect(text).not.toContain('<b>Nursery');
  });

  it('is refused where no role reaches', async () => {
    const { status } = await world.call({
      as: 'auditor',
      route: 'GET /v1/audit/divisions/{division}/report',
      path: { division: '3202' },
    });
    expect(status).toBe(403);
  });
});

describe('colours', () => {
  it.each(Object.entries(cellLooks))('a cell that is %s: its letter stands out 7 to 1', (_state, { ink, ground }) => {
    expect(contrast(ink, ground)).toBeGreaterThanOrEqual(7);
  });

  it('no two states look alike without colour: each has a letter of its own', () => {
    const letters = Object.values(cellLooks).map(({ letter }) => letter);
    expect(new Set(letters).size).toBe(letters.length);
  });

  it.each([colours.text, colours.quiet, colours.bad, colours.good])('%s reads on the page', (ink) => {
    expect(contrast(ink, colours.ground)).toBeGreaterThanOrEqual(7);
  });
});

describe('a cell', () => {
  const day = (states: Record<string, number>) =>
    ({
      day: '2026-11-01',
      requiredSeconds: 86_400,
      heldSeconds: 0,
      declaredSeconds: 0,
      missingSeconds: 0,
      unknownSeconds: 0,
      states: {
        requiredSeconds: 86_400,
        heldSeconds: 0,
        heldLateSeconds: 0,
        onHoldSeconds: 0,
        lostSeconds: 0,
        declaredSeconds: 0,
        unknownSeconds: 0,
        notYetDueSeconds: 0,
        noLongerDueSeconds: 0,
        ...states,
      },
    }) as Parameters<typeof cellStateOf>[0];

  it.each([
    [{ lostSeconds: 43_201 }, 'lost'],
    [{ lostSeconds: 43_200 }, 'partly-lost'],
    [{ lostSeconds: 1, unknownSeconds: 80_000 }, 'partly-lost'],
    [{ unknownSeconds: 80_000 }, 'unknown'],
    [{ unknownSeconds: 1, declaredSeconds: 5 }, 'partly-unknown'],
    [{ declaredSeconds: 1, heldSeconds: 5 }, 'declared'],
    [{ heldLateSeconds: 1, heldSeconds: 5 }, 'held-late'],
    [{ onHoldSeconds: 1 }, 'on-hold'],
    [{ heldSeconds: 86_400 }, 'held'],
    [{ requiredSeconds: 0, notYetDueSeconds: 86_400 }, 'not-due'],
  ])('of %o is %s', (states, expected) => {
    expect(cellStateOf(day(states as Record<string, number>))).toBe(expected);
  });
});

it('a picture with anything that the page forbids is not carried', () => {
  expect(() => plainSvg('<svg ><script>1</script></svg>')).toThrow(RangeError);
  expect(() => plainSvg('<svg ><path onclick="x"/></svg>')).toThrow(RangeError);
  expect(() => plainSvg('<svg ><path style="filter:url(http://x)"/></svg>')).toThrow(RangeError);
  expect(plainSvg('<svg ><text style="font-size:12px;cursor:pointer">a</text></svg>')).toBe(
    '<svg aria-hidden="true" focusable="false" ><text font-size="12px">a</text></svg>',
  );
});
