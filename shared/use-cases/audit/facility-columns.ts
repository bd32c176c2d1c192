import type { BilingualName } from '../../domain/facility.ts';
import type { Column } from './sheet.ts';

interface OfFacility {
  readonly view: {
    readonly asOf: string;
    readonly division: string;
    readonly facility: string;
    readonly name: BilingualName;
  };
}

/** What every line about one facility begins with. */
export const facilityColumns: readonly Column<OfFacility>[] = [
  { heading: '截至时间 as of', value: ({ view }) => view.asOf },
  { heading: '行政区划 division', value: ({ view }) => view.division },
  { heading: '机构编号 facility', value: ({ view }) => view.facility },
  { heading: '机构名称 name (zh)', value: ({ view }) => view.name.zh },
  { heading: '英文名称 name (en)', value: ({ view }) => view.name.en },
];
