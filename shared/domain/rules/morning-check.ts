import type { ChildClass, Facility } from '../facility.ts';
import type { RulePack } from '../rule-pack.ts';
import type { Verdict } from '../verdict.ts';
import type { CheckFold } from '../vitals.ts';
import { judgeDailyCheck } from './daily-check.ts';

/** Every class has its morning check logged by the deadline of each operating day. */
export const judgeMorningCheck = (
  childClass: ChildClass,
  fold: CheckFold | undefined,
  facility: Facility,
  pack: RulePack,
  nowMs: number,
): Verdict => judgeDailyCheck('morning', childClass, fold, facility, pack, nowMs);
