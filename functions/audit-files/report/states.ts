import type { FacilityRetentionView } from '../../../shared/contracts/audit.ts';
import type { BilingualName } from '../../../shared/domain/facility.ts';

type Day = FacilityRetentionView['cameras'][number]['days'][number];

/** What one cell of the calendar shows, the worst first: nothing lost hides behind what was held. */
export const cellStates = [
  'lost',
  'partly-lost',
  'unknown',
  'partly-unknown',
  'declared',
  'held-late',
  'on-hold',
  'held',
  'not-due',
] as const;
export type CellState = (typeof cellStates)[number];

interface CellLook extends BilingualName {
  /** What tells it apart without colour; the letters are those of the sealed statements. */
  readonly letter: string;
  readonly ground: string;
  readonly ink: string;
}

export const cellLooks: Readonly<Record<CellState, CellLook>> = {
  lost: { letter: 'X', ground: '#8a1020', ink: '#ffffff', zh: '大部分丢失', en: 'mostly lost' },
  'partly-lost': { letter: 'x', ground: '#f2b8bd', ink: '#16181d', zh: '部分丢失', en: 'partly lost' },
  unknown: { letter: 'U', ground: '#4a4e59', ink: '#ffffff', zh: '大部分无报告', en: 'mostly not reported' },
  'partly-unknown': { letter: 'u', ground: '#d3d6dd', ink: '#16181d', zh: '部分无报告', en: 'partly not reported' },
  declared: { letter: 'D', ground: '#f3e2b3', ink: '#16181d', zh: '仅为申报', en: 'only declared' },
  'held-late': { letter: 'L', ground: '#d5e6c0', ink: '#16181d', zh: '已保存（迟报）', en: 'held, reported late' },
  'on-hold': { letter: 'K', ground: '#cfdaf5', ink: '#16181d', zh: '因留存指令保存', en: 'kept by an order' },
  held: { letter: '', ground: '#e4f1e7', ink: '#16181d', zh: '已保存', en: 'held' },
  'not-due': { letter: '·', ground: '#ffffff', ink: '#3d4250', zh: '不要求', en: 'not due' },
};

/** More than half of a day is most of it. */
const mostOf = (part: number, whole: number): boolean => part * 2 > whole;

/** The worst that is so of a camera's day. */
export const cellStateOf = (day: Day): CellState => {
  const { requiredSeconds: required } = day.states ?? day;
  const lost = day.states?.lostSeconds ?? day.missingSeconds;
  const unknown = day.states?.unknownSeconds ?? day.unknownSeconds;
  if (lost > 0) return mostOf(lost, required) ? 'lost' : 'partly-lost';
  if (unknown > 0) return mostOf(unknown, required) ? 'unknown' : 'partly-unknown';
  if ((day.states?.declaredSeconds ?? day.declaredSeconds) > 0) return 'declared';
  if ((day.states?.heldLateSeconds ?? 0) > 0) return 'held-late';
  if ((day.states?.onHoldSeconds ?? 0) > 0) return 'on-hold';
  return required > 0 || day.heldSeconds > 0 ? 'held' : 'not-due';
};
