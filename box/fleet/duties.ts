import type { LogKind } from '../../shared/domain/reports.ts';
import { SECOND_MS } from '../../shared/domain/time.ts';
import type { DemoBox } from './demo-box.ts';
import { demoDevices } from './nurseries.ts';

const DAY_MINUTES = 1_440;

/** Periodic duties of a nursery that does them all; it tests its devices one by one. */
const duties = [
  'drill',
  'fire-equipment-inspection',
  'disinfection',
  'staff-training',
  'emergency-training',
  'staff-health-check',
  'alarm-test',
  'self-inspection',
] as const satisfies readonly LogKind[];

/** The guard's shift of the next day, and every periodic duty; one nursery holds its drill the first time only. */
export const logDuties = (box: DemoBox, nowMs: number, time: 'first' | 'again'): void => {
  box.log({ kind: 'guard-shift', doneAtMs: nowMs, counts: { guards: 1, minutes: DAY_MINUTES } });
  const done = duties.filter((kind) => kind !== 'drill' || time === 'first' || box.nursery.part !== 'holds-no-drill');
  for (const kind of done) box.log({ kind, doneAtMs: nowMs });
  for (const { id } of demoDevices) box.log({ kind: 'device-test', device: id, doneAtMs: nowMs });
};

/** As many children out as in, counted at the end of the day before `midnightMs`. */
export const logClosing = (box: DemoBox, midnightMs: number): void => {
  const children = box.nursery.classes.reduce((sum, one) => sum + one, 0);
  const counts = { childrenIn: children, childrenOut: children };
  box.log({ kind: 'closing', doneAtMs: midnightMs - SECOND_MS, counts });
};
