import * as z from 'zod/mini';
import { type LogKind, type LogReport, logKinds } from '../../domain/reports.ts';
import { described, instant, instantMs, intWithin, shortId } from './primitives.ts';
import { baseShape, type ReportContract, toBase } from './report.ts';

/** Everything that a log may count: closed, so that no text of a box is kept. */
export const logCounts = [
  'childrenIn',
  'childrenOut',
  'participants',
  'guards',
  'minutes',
  'itemsInspected',
  'itemsFaulty',
  'areas',
  'passed',
  'failed',
] as const;

/** A log of these kinds says nothing without these counts. */
const needed: Partial<Record<LogKind, readonly (typeof logCounts)[number][]>> = {
  closing: ['childrenIn', 'childrenOut'],
  'guard-shift': ['minutes'],
};

export const logSchema = described(
  z
    .strictObject({
      ...baseShape,
      kind: described(z.enum(logKinds), 'Which duty was done.'),
      device: z.exactOptional(
        shortId(
          'Device of the registry, or input of the alarm system, that was tested; of a device-test, which needs it',
        ),
      ),
      doneAt: instant('When it was done; of a guard shift, when it began.'),
      counts: described(
        z.partialRecord(z.enum(logCounts), intWithin(0, 1_000_000, 'A count.')),
        'Numbers that belong to it; may be empty. A closing needs childrenIn and childrenOut, a guard-shift the minutes that it lasts.',
      ),
    })
    .check(
      z.superRefine(({ kind, counts, device }, payload) => {
        if ((kind === 'device-test') !== (device !== undefined)) {
          const message = device === undefined ? 'a device-test needs it' : `a ${kind} names no device`;
          payload.addIssue({ code: 'custom', path: ['device'], message });
        }
        for (const count of needed[kind] ?? []) {
          if (counts[count] !== undefined) continue;
          payload.addIssue({ code: 'custom', path: ['counts', count], message: `a ${kind} needs it` });
        }
      }),
    ),
  'A periodic duty that was done: a drill, an inspection, a shift.',
);
export type LogWire = z.infer<typeof logSchema>;

export const logContract: ReportContract<LogWire, LogReport> = {
  kind: 'log',
  schema: logSchema,
  toReport: (wire) => ({
    ...toBase(wire),
    kind: wire.kind,
    ...(wire.device !== undefined && { device: wire.device }),
    doneAtMs: instantMs(wire.doneAt),
    counts: wire.counts as Readonly<Record<string, number>>,
  }),
};
