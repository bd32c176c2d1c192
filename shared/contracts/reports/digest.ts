import * as z from 'zod/mini';
import type { DigestReport } from '../../domain/reports.ts';
import { described, instantMs, intWithin, matching, wholeHour } from './primitives.ts';
import { baseShape, type ReportContract, toBase } from './report.ts';

/** How many minutes of the bitmap are set. */
const minutesSet = (minutes: string): number =>
  [...minutes].reduce(
    (sum, digit) => sum + [...Number.parseInt(digit, 16).toString(2)].filter((bit) => bit === '1').length,
    0,
  );

const sequence = (description: string) => z.exactOptional(intWithin(0, Number.MAX_SAFE_INTEGER, description));

export const digestSchema = described(
  z
    .strictObject({
      ...baseShape,
      hour: wholeHour("Start of the hour, on the hour, by the box's own clock."),
      minutes: matching(
        /^[0-9a-f]{15}$/,
        'Sixty bits in hexadecimal, minute 0 the highest: 1 = a heartbeat made in that minute has been answered.',
      ),
      firstSeq: sequence('Sequence of the first of those heartbeats. Left out if there is none.'),
      lastSeq: sequence('Sequence of the last of those heartbeats. Left out if there is none.'),
    })
    .check(
      z.superRefine(({ minutes, firstSeq, lastSeq }, payload) => {
        const fault = (path: string, message: string): void => {
          payload.addIssue({ code: 'custom', path: [path], message, input: path });
        };
        // Nothing compares hour and time: a clock that was set in between must not cost the hour.
        const set = minutesSet(minutes);
        if ((firstSeq !== undefined) !== set > 0) fault('firstSeq', 'must be there exactly if a minute is set');
        if ((lastSeq !== undefined) !== set > 0) fault('lastSeq', 'must be there exactly if a minute is set');
        if (firstSeq === undefined || lastSeq === undefined) return;
        if (lastSeq < firstSeq) fault('lastSeq', 'must not be below firstSeq');
        else if (lastSeq - firstSeq + 1 < set) fault('minutes', 'more minutes are set than there are sequences');
      }),
    ),
  'One hour of heartbeats, once it is over: in which minutes they were answered, and their first and last sequence.',
);
export type DigestWire = z.infer<typeof digestSchema>;

export const digestContract: ReportContract<DigestWire, DigestReport> = {
  kind: 'digest',
  schema: digestSchema,
  toReport: (wire) => ({
    ...toBase(wire),
    hourMs: instantMs(wire.hour),
    minutes: wire.minutes,
    ...(wire.firstSeq !== undefined &&
      wire.lastSeq !== undefined && { sequences: { first: wire.firstSeq, last: wire.lastSeq } }),
  }),
};
