import type { Sealed } from '../../domain/challenges/verdict.ts';
import type { Facility } from '../../domain/facility.ts';
import type { RulePack } from '../../domain/rule-pack.ts';
import type { DayRead } from './statement-facts.ts';

export const sealedAsOf = (
  _cameras: DayRead['cameras'],
  _facility: Facility,
  _pack: RulePack,
  _nowMs: number,
): Sealed => ({ owed: 0, sealed: 0, presenceOnly: 0 });
