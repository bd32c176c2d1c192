import { parse } from 'csv-parse/sync';
import {
  MOST_IMPORTED_ROSTERS,
  postParameter,
  type RosterBody,
  rosterBody,
  rosterChannelKinds,
} from '../../shared/contracts/roster.ts';
import { RequestRefusedError } from '../../shared/runtime/request-refused.ts';
import { departmentIn, isIn, numberIn, plain, roleIn, shiftsIn } from './people-words.ts';

/** Headers of the columns, as they may be written. */
const headers = {
  department: ['department', '部门'],
  place: ['place', '区划', '区划或机构', '机构编号'],
  id: ['id', '编号'],
  name: ['name', '姓名', '名称'],
  is: ['is', '类型'],
  role: ['role', '角色'],
  shifts: ['shifts', '值班时间'],
  substitute: ['substitute', '替班人'],
  quiet: ['quiet', '免打扰'],
  email: ['email', '邮箱'],
  sms: ['sms', '短信', '手机'],
  voice: ['voice', '电话', '语音'],
  wecom: ['wecom', '企业微信'],
  dingtalk: ['dingtalk', '钉钉'],
  feishu: ['feishu', '飞书'],
  webhook: ['webhook', '接口'],
} as const;
type Column = keyof typeof headers;

const required: readonly Column[] = ['department', 'place', 'id', 'name'];
const isChannel = (column: Column): column is (typeof rosterChannelKinds)[number] =>
  rosterChannelKinds.some((kind) => kind === column);

/** What is wrong, where in the file. Line 1 is the header. */
export interface LineFault {
  readonly line: number;
  readonly column?: string;
  readonly message: string;
}

/** One roster of the file; `lineOf` tells where a part of its body came from. */
export interface CsvRoster {
  readonly post: string;
  readonly body: RosterBody;
  readonly line: number;
  readonly lineOf: (path: readonly PropertyKey[]) => { readonly line: number; readonly column?: string };
}

interface Line {
  readonly line: number;
  readonly cells: readonly string[];
}

const LONGEST_LINE = 8_000;

/** The separator is the one of the header: Excel writes `;` where the comma is for decimals. */
const delimiterOf = (text: string): string => {
  const [header = ''] = text.split('\n', 1);
  return [',', ';', '\t'].find((one) => header.includes(one)) ?? ',';
};

/** Throws `RequestRefusedError` (`not-csv`) if it cannot even be taken apart. */
const linesOf = (text: string): readonly Line[] => {
  try {
    const records = parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      info: true,
      max_record_size: LONGEST_LINE,
      // Named, or those of the header would count alone: lines that another editor added would be one with their neighbours.
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_records_with_empty_values: true,
    }) as unknown as { readonly record: string[]; readonly info: { readonly lines: number } }[];
    return records.map(({ record, info }) => ({ line: info.lines, cells: record.map(plain) }));
  } catch (cause) {
    // Its message would quote the line, and the line is personal data.
    const { lines } = cause as { readonly lines?: number };
    const where = lines === undefined ? 'a line' : `line ${lines}`;
    throw new RequestRefusedError('not-csv', `The quotes of ${where} do not close, or it is too long.`);
  }
};

const columnOf = (header: string): Column | undefined =>
  (Object.keys(headers) as Column[]).find((column) => headers[column].some((word) => word === header.toLowerCase()));

const headerFaults = ({ line, cells }: Line, columns: readonly (Column | undefined)[]): LineFault[] => [
  ...cells.flatMap((header, at) => {
    const column = columns[at];
    if (header === '') return [];
    if (column === undefined) return [{ line, column: header.slice(0, 40), message: 'is no column that we know' }];
    return columns.indexOf(column) < at ? [{ line, column, message: 'stands twice' }] : [];
  }),
  ...required.flatMap((column) => (columns.includes(column) ? [] : [{ line, column, message: 'is missing' }])),
  ...(columns.some((column) => column !== undefined && isChannel(column))
    ? []
    : [{ line, message: 'no column says how anybody is reached (email, sms, voice, wecom …)' }]),
];

/** One line of the table, not yet checked. */
interface Row {
  readonly line: number;
  readonly post: string;
  readonly contact: Record<string, unknown>;
  readonly channels: readonly string[];
  readonly faults: readonly LineFault[];
}

const SHIFTS_LIKE = 'write it like: 1-5 20:00-08:00; 6,7 00:00-00:00';

const rowOf = ({ line, cells }: Line, columns: readonly (Column | undefined)[]): Row => {
  const cell = (column: Column): string => cells[columns.indexOf(column)] ?? '';
  const faults: LineFault[] = [];
  const read = <T>(column: Column, take: (text: string) => T | undefined, message: string): T | undefined => {
    const text = columns.includes(column) ? cell(column) : '';
    const value = take(text);
    if (value === undefined && text !== '') faults.push({ line, column, message });
    return value;
  };
  const hours = (column: Column) => read(column, (text) => (text === '' ? undefined : shiftsIn(text)), SHIFTS_LIKE);
  if (cells.slice(columns.length).some((extra) => extra !== ''))
    faults.push({ line, message: 'has more cells than the header' });

  const quiet = hours('quiet');
  const shifts = hours('shifts');
  const is = read('is', isIn, 'is person (人) or group (群)');
  const role = read('role', roleIn, 'is head (负责人), duty (值班), installer (安装), or empty');
  const kinds = columns.flatMap((column) =>
    column !== undefined && isChannel(column) && cell(column) !== '' ? [column] : [],
  );
  const reached = (kind: (typeof kinds)[number]) => {
    if (kind === 'email') return { address: cell(kind) };
    return kind === 'sms' || kind === 'voice' ? { address: numberIn(cell(kind)) } : { secret: cell(kind) };
  };
  return {
    line,
    post: `${departmentIn(cell('department'))}~${cell('place')}`,
    channels: kinds,
    faults,
    contact: {
      id: cell('id'),
      name: cell('name'),
      is: is ?? 'person',
      ...(role && { role }),
      ...(shifts && { shifts }),
      ...(columns.includes('substitute') && cell('substitute') !== '' && { substitute: cell('substitute') }),
      channels: kinds.map((kind) => ({ id: kind, kind, ...reached(kind), ...(quiet && { quiet }) })),
    },
  };
};

/** A substitute may be named by the id, or by a name that only one contact of the post has. */
const withSubstitute = (contact: Row['contact'], rows: readonly Row[]): Row['contact'] => {
  const { substitute } = contact;
  if (substitute === undefined || rows.some((row) => row.contact.id === substitute)) return contact;
  const named = rows.filter((row) => row.contact.name === substitute);
  return named.length === 1 ? { ...contact, substitute: named[0]?.contact.id } : contact;
};

const lineIn =
  (rows: readonly Row[]): CsvRoster['lineOf'] =>
  (path) => {
    const [list, at, field, n] = path;
    const row = list === 'contacts' && typeof at === 'number' ? rows[at] : undefined;
    const line = row?.line ?? rows[0]?.line ?? 1;
    if (field === undefined) return { line };
    const column = field === 'channels' && typeof n === 'number' ? row?.channels[n] : String(field);
    return { line, ...(column !== undefined && { column }) };
  };

const NOBODY = 'gives no way to reach this contact';

const rosterOf = (post: string, rows: readonly Row[], zone: string): CsvRoster | readonly LineFault[] => {
  const lineOf = lineIn(rows);
  const [first] = rows;
  if (!postParameter.safeParse(post).success) {
    return rows.map(({ line }) => ({ line, column: 'place', message: 'department and place name no post' }));
  }
  const contacts = rows.map(({ contact }) => withSubstitute(contact, rows));
  const parsed = rosterBody.safeParse({ zone, contacts });
  if (parsed.success) return { post, body: parsed.data, line: first?.line ?? 1, lineOf };
  const faults = parsed.error.issues.map(({ path, message }) => {
    const isWayless = path[2] === 'channels' && path.length === 3 && rows[Number(path[1])]?.channels.length === 0;
    return { ...lineOf(path), message: isWayless ? NOBODY : message };
  });
  return faults.filter(({ line, column }, at) => {
    // A cell is wrong once: an empty one is not also misspelt.
    const first = faults.findIndex((one) => one.line === line && one.column === column);
    return first === at;
  });
};

export interface ReadCsv {
  readonly rosters: readonly CsvRoster[];
  /** Every fault of the file. */
  readonly faults: readonly LineFault[];
}

/**
 * A table of people, one line for each contact, as rosters. Channels are tried in the order of their columns. `zone` is
 * what the roster of a post has already. Throws `RequestRefusedError` (`not-csv`).
 */
export const readPeopleCsv = async (text: string, zoneOf: (post: string) => Promise<string>): Promise<ReadCsv> => {
  const [header, ...lines] = linesOf(text);
  if (header === undefined) return { rosters: [], faults: [{ line: 1, message: 'the file is empty' }] };
  const columns = header.cells.map(columnOf);
  const wrongHeader = headerFaults(header, columns);
  if (wrongHeader.length > 0) return { rosters: [], faults: wrongHeader };
  if (lines.length === 0) return { rosters: [], faults: [{ line: 2, message: 'the table has no line' }] };

  const rows = lines.map((line) => rowOf(line, columns));
  const perPost = Map.groupBy(rows, ({ post }) => post);
  if (perPost.size > MOST_IMPORTED_ROSTERS) {
    return { rosters: [], faults: [{ line: 1, message: `more than ${MOST_IMPORTED_ROSTERS} posts: split the table` }] };
  }
  const read = await Promise.all(
    [...perPost].map(async ([post, ofPost]) =>
      rosterOf(post, ofPost, postParameter.safeParse(post).success ? await zoneOf(post) : 'Asia/Shanghai'),
    ),
  );
  const rosters = read.filter((one): one is CsvRoster => 'post' in one);
  const wrong = read.flatMap((one) => ('post' in one ? [] : one));
  const faults = [...rows.flatMap((row) => row.faults), ...wrong].sort((a, b) => a.line - b.line);
  return { rosters, faults };
};
