import { unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { xlsxOf } from '../../../shared/runtime/sheets/xlsx.ts';
import { coded, type Sheet } from '../../../shared/use-cases/audit/sheet.ts';

interface Row {
  readonly name: string;
  readonly at?: string;
  readonly day?: string;
  readonly seconds?: number;
  readonly late?: boolean;
}

const sheetOf = (rows: readonly Row[], name = '录像保存核查'): Sheet<Row> => ({
  name: { zh: name, en: 'Retention' },
  columns: [
    { heading: '机构名称 name', value: (row) => row.name },
    { heading: '时间 at', value: (row) => row.at, is: 'instant' },
    { heading: '日期 day', value: (row) => row.day, is: 'day' },
    { heading: '秒数 seconds', value: (row) => row.seconds },
    { heading: '迟答 late', value: (row) => row.late },
  ],
  rows,
});

interface Read {
  readonly files: Readonly<Record<string, string>>;
  /** By address, such as `B2`: the type that the file gives it, and its value. */
  readonly cells: Readonly<Record<string, { readonly type: string; readonly value: string }>>;
}

const unescaped = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');

/** Reads the file back with nothing of the library that wrote it. */
const readBack = async (sheets: readonly Sheet<Row>[], zone = 'Asia/Shanghai', sheet = 1): Promise<Read> => {
  const zip = unzipSync(await xlsxOf(sheets, zone));
  const files = Object.fromEntries(
    Object.entries(zip).map(([name, bytes]) => [name, Buffer.from(bytes).toString('utf8')]),
  );
  const strings = [
    ...(files['xl/sharedStrings.xml'] ?? '').matchAll(/<si>[\s\S]*?<t[^>]*>([\s\S]*?)<\/t>[\s\S]*?<\/si>/g),
  ];
  const cells = [
    ...(files[`xl/worksheets/sheet${sheet}.xml`] ?? '').matchAll(/<c ([^>]*?)(?:\/>|>([\s\S]*?)<\/c>)/g),
  ].map(([, attributes = '', inside = '']) => {
    const address = /r="([A-Z]+\d+)"/.exec(attributes)?.[1] ?? '';
    const type = /t="(\w+)"/.exec(attributes)?.[1] ?? 'n';
    const raw = /<(?:v|t)[^>]*>([\s\S]*?)<\/(?:v|t)>/.exec(inside)?.[1] ?? '';
    return [
      address,
      { type, value: type === 's' ? unescaped(strings[Number(raw)]?.[1] ?? '') : unescaped(raw) },
    ] as const;
  });
  return { files, cells: Object.fromEntries(cells) };
};

const isText = (type: string | undefined): boolean => type === 's' || type === 'inlineStr' || type === 'str';
/** Days since the last day of 1899, as spreadsheets count. */
const serialOf = (utc: string): number => (Date.parse(utc) - Date.UTC(1899, 11, 30)) / 86_400_000;

it('has its headings in Chinese, its numbers as numbers and the headings in sight', async () => {
  const { cells, files } = await readBack([sheetOf([{ name: '阳光托育园', seconds: 3_600 }])]);
  expect(cells.A1).toMatchObject({ value: '机构名称 name' });
  expect(cells.A2).toMatchObject({ value: '阳光托育园' });
  expect(isText(cells.A2?.type)).toBe(true);
  expect(cells.D2).toEqual({ type: 'n', value: '3600' });
  expect(files['xl/workbook.xml']).toContain('name="录像保存核查"');
  const sheet = files['xl/worksheets/sheet1.xml'] ?? '';
  expect(sheet).toMatch(/<pane [^>]*ySplit="1"[^>]*state="frozen"/);
  const widths = [...sheet.matchAll(/<col [^>]*width="([\d.]+)"/g)].map(([, width]) => Number(width));
  expect(widths).toHaveLength(5);
  expect(widths[0]).toBeGreaterThanOrEqual(10);
});

it('shows instants as dates of the zone that the heading names, across midnight and in a zone of half hours', async () => {
  const row = { name: 'x', at: '2026-11-05T16:00:30.250Z', day: '2026-11-05' };
  const { cells } = await readBack([sheetOf([row])]);
  expect(cells.B1?.value).toBe('时间 at (北京时间 Asia/Shanghai)');
  expect(cells.C1?.value).toBe('日期 day');
  expect(cells.B2?.type).toBe('n');
  expect(Number(cells.B2?.value)).toBeCloseTo(serialOf('2026-11-06T00:00:30.250Z'), 8);
  expect(Number(cells.C2?.value)).toBe(serialOf('2026-11-05T00:00:00Z'));
  const half = await readBack([sheetOf([row])], 'Asia/Kolkata');
  expect(Number(half.cells.B2?.value)).toBeCloseTo(serialOf('2026-11-05T21:30:30.250Z'), 8);
});

it.each([
  '=1+1',
  '=HYPERLINK("http://x.example","y")',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '＝1+1',
  '<f>1</f>',
  'a & b < c "d"',
  '007',
  '2026-11-05',
  '2026-11-05T16:00:30Z',
])('a text stays a text, and is what it was: %s', async (name) => {
  const { cells, files } = await readBack([sheetOf([{ name }])]);
  expect(cells.A2).toMatchObject({ value: name });
  expect(isText(cells.A2?.type)).toBe(true);
  expect(files['xl/worksheets/sheet1.xml']).not.toMatch(/<f[ >]/);
});

it('says in words what is unknown, what there is nothing of, and yes and no', async () => {
  const { cells } = await readBack([sheetOf([{ name: 'x', late: false }])]);
  expect(cells.B2).toMatchObject({ value: '未知' });
  expect(isText(cells.D2?.type)).toBe(true);
  expect(cells.E2?.value).toBe('否');
  expect((await readBack([sheetOf([{ name: '' }])])).cells.A2?.value).toBe('—');
});

it('has a filter over every heading and line, beyond the 26th column too', async () => {
  const columns = Array.from({ length: 28 }, (_, n) => ({ heading: `列${n} c`, value: (row: Row) => row.name }));
  const wide = { ...sheetOf([{ name: 'a' }, { name: 'b' }], '宽'), columns };
  const { files } = await readBack([sheetOf([{ name: 'a' }]), wide]);
  expect(files['xl/worksheets/sheet1.xml']).toContain('</sheetData><autoFilter ref="A1:E2"/>');
  expect(files['xl/worksheets/sheet2.xml']).toContain('<autoFilter ref="A1:AB3"/>');
});

it('has words where the code was, and the code in a column at the end', async () => {
  const words = { lost: { zh: '丢失', en: 'lost' } };
  const columns = [coded('结论 state', () => 'lost' as const, words), ...sheetOf([]).columns.slice(0, 1)];
  const { cells } = await readBack([{ ...sheetOf([{ name: '阳光托育园' }]), columns }]);
  expect([cells.A1?.value, cells.A2?.value]).toEqual(['结论 state', '丢失']);
  expect([cells.C1?.value, cells.C2?.value]).toEqual(['结论代码 state code', 'lost']);
});

it('holds several sheets, of which no two have one name', async () => {
  const { files, cells } = await readBack(
    [sheetOf([{ name: 'a' }], '核查'), sheetOf([{ name: 'b' }], '核查')],
    undefined,
    2,
  );
  expect(files['xl/workbook.xml']).toContain('name="核查"');
  expect(files['xl/workbook.xml']).toContain('name="核查 2"');
  expect(cells.A2?.value).toBe('b');
});

it('cuts a name that a sheet may not have', async () => {
  const { files } = await readBack([sheetOf([], `区域[1]:*?/\\${'长'.repeat(60)}`)]);
  const [, name = ''] = /<sheet [^>]*name="([^"]+)"/.exec(files['xl/workbook.xml'] ?? '') ?? [];
  expect(name.length).toBeGreaterThan(5);
  expect(name.length).toBeLessThanOrEqual(31);
  expect(name).not.toMatch(/[[\]:*?/\\]/);
});
