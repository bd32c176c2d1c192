import type { BilingualName } from './facility.ts';
import type { RulePack } from './rule-pack.ts';

/** Department ids are the pack's; one that it does not know (the pack is gone) is shown by its id. */
export const departmentName = (pack: RulePack | undefined, id: string): BilingualName => {
  if (id === 'facility') return { zh: '机构', en: 'facility' };
  return pack?.departments.find((department) => department.id === id)?.name ?? { zh: id, en: id };
};
