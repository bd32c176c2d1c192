import { civilDayOf } from '../domain/civil-day.ts';
import { type Facility, isWithin } from '../domain/facility.ts';
import type { RulePack, TopicName } from '../domain/rule-pack.ts';
import changchun from './changchun.json' with { type: 'json' };
import demo from './demo.json' with { type: 'json' };
import { demoOver } from './demo-over.ts';
import { lineOf, merged, packId, type RulePackFile } from './inherit.ts';
import jiangyin from './jiangyin.json' with { type: 'json' };
import national from './national.json' with { type: 'json' };
import taizhou from './taizhou.json' with { type: 'json' };
import tianjinHebei from './tianjin-hebei.json' with { type: 'json' };
import workdays from './workdays.json' with { type: 'json' };
import yuncheng from './yuncheng.json' with { type: 'json' };

const written = [
  national,
  changchun,
  tianjinHebei,
  jiangyin,
  taizhou,
  yuncheng,
  demo,
] as unknown as readonly RulePackFile[];

/** A week is too long to wait for: in Tianjin Hebei, whose document asks for drills, one is due 90 seconds after the last. */
const shownOverdue: Readonly<Record<string, RulePackFile['duties']>> = {
  'tianjin-hebei': { drill: { everyMs: { value: 90_000, source: 'configuration' } } },
};

/** The demonstration lies in Taizhou; its limits hold over every other place as well. */
const demonstrated = ([changchun, tianjinHebei, jiangyin, yuncheng] as unknown as readonly RulePackFile[]).map(
  (place) => demoOver(demo as unknown as RulePackFile, place, shownOverdue[place.name]),
);

/** The packs as they are written. Checked by `parse.ts` at synth and by the tests, not again in each function. */
export const packFiles: readonly RulePackFile[] = [...written, ...demonstrated];

const wholePack = (file: RulePackFile): RulePack => {
  const line = lineOf(file, packFiles);
  if (line === undefined) throw new Error(`pack ${packId(file)} inherits a pack that is not there`);
  return merged(line);
};

/** Every pack, whole: what it inherits is in it. */
export const packs: readonly RulePack[] = packFiles.map(wholePack);

/** The longest that any pack asks recordings to be kept: what serves all facilities alike is kept for so long. */
export const longestRetentionDays: number = Math.max(...packs.map(({ thresholds }) => thresholds.retentionDays.value));

/** Names all packs with their versions, and the calendar: another set means that every facility is judged again. */
export const packSet: string = [...packs.map(packId), `workdays@${workdays.toYear}`].join(' ');

/** A pack by `name@version`, as a verdict or an incident names it. */
export const packById = (id: string): RulePack | undefined => packs.find((pack) => packId(pack) === id);

/**
 * The pack in force for a facility: the one that it names, else the one with the longest division prefix; of several
 * versions the one in force on that day where its departments are. The national floor stands for everything else,
 * and for a facility that nobody knows.
 */
export const packFor = (facility: Pick<Facility, 'division' | 'pack'> | undefined, nowMs: number): RulePack =>
  choosePack(packs, facility, nowMs);

/** The same among any packs. Throws if there is no floor among them. */
export const choosePack = (
  among: readonly RulePack[],
  facility: Pick<Facility, 'division' | 'pack'> | undefined,
  nowMs: number,
): RulePack => {
  const inForce = inForceAt(among, nowMs);
  const named = inForce.find((pack) => pack.name === facility?.pack);
  const [nearest] = inForce
    .filter((pack) => pack.byNameOnly !== true && isWithin(facility?.division ?? '', pack.division))
    .sort((a, b) => b.division.length - a.division.length);
  const found = named ?? nearest ?? among.find((pack) => pack.division === '');
  if (found === undefined) throw new Error('there is no national floor');
  return found;
};

/** Every pack that stands on that day. */
export const packsInForce = (nowMs: number): readonly RulePack[] => inForceAt(packs, nowMs);

/** Asked for each facility of a sweep: the day is found once for all packs of a zone. */
const inForceAt = (among: readonly RulePack[], nowMs: number): readonly RulePack[] => {
  const days = new Map<string, string>();
  return among.filter(({ workingHours: { zone }, effectiveFrom, effectiveTo }) => {
    const today = days.get(zone) ?? civilDayOf(nowMs, zone);
    days.set(zone, today);
    return today >= effectiveFrom && (effectiveTo === undefined || today < effectiveTo);
  });
};

/** The topic of a department id; the packs agree on it. Absent = no pack names the department. */
export const departmentTopic = (department: string): TopicName | undefined =>
  packs.flatMap(({ departments }) => departments).find(({ id }) => id === department)?.topic;

export { packId } from './inherit.ts';
