import type { BilingualName, Facility } from '../../domain/facility.ts';
import { writeInstant } from '../../domain/instants.ts';
import type { Column } from './sheet.ts';

/** With what every answer about one facility begins. */
interface FacilityHead {
  readonly facility: string;
  readonly name: BilingualName;
  readonly division: string;
  readonly asOf: string;
}

export const facilityHead = ({ id, name, division }: Facility, nowMs: number): FacilityHead => ({
  facility: id,
  name,
  division,
  asOf: writeInstant(nowMs),
});

/** What every line about one facility begins with. */
export const facilityColumns: readonly Column<{ readonly view: FacilityHead }>[] = [
  { heading: '截至时间 as of', value: ({ view }) => view.asOf, is: 'instant' },
  { heading: '行政区划 division', value: ({ view }) => view.division },
  { heading: '机构编号 facility', value: ({ view }) => view.facility },
  { heading: '机构名称 name (zh)', value: ({ view }) => view.name.zh },
  { heading: '英文名称 name (en)', value: ({ view }) => view.name.en },
];
