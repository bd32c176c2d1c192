import * as z from 'zod';
import { LATEST_UNTIL_MS, LONGEST_HELD_MS } from '../domain/legal-holds.ts';
import { DAY_MS } from '../domain/time.ts';
import { pageOf } from './page.ts';
import { instant, readInstant, shortId } from './wire.ts';

const days = (ms: number): number => ms / DAY_MS;

/** An order to keep recordings. When it is given is the server's clock, and its id the server's too. */
export const holdBody = z
  .strictObject({
    camera: shortId,
    /** What to keep: half-open, from is inside and to is not. It may reach into the future. */
    from: instant,
    to: instant,
    /** When the order ends, unless it is released before. */
    until: instant,
  })
  .check(({ value, issues }) => {
    const [fromMs, toMs, untilMs] = [readInstant(value.from), readInstant(value.to), readInstant(value.until)];
    const fault = (field: string, message: string): void => {
      issues.push({ code: 'custom', input: value, message, path: [field] });
    };
    if (toMs <= fromMs) fault('to', 'must be later than from');
    if (toMs - fromMs > LONGEST_HELD_MS) fault('to', `must be at most ${days(LONGEST_HELD_MS)} days after from`);
    if (untilMs < toMs) fault('until', 'must not be before to: nobody could keep it to its end');
  });
export type HoldBody = z.infer<typeof holdBody>;

/** How far ahead an order may end, counted from now. */
export const MOST_DAYS_AHEAD = days(LATEST_UNTIL_MS);

const authority = z.enum(['police', 'fire', 'emergency', 'health', 'supervision', 'auditor']);

/** A part of what was ordered, of which its box has said that its recorder protects it. */
const confirmation = z.strictObject({ from: instant, to: instant, at: instant });

/** An order as it stands. One that was filed before orders had an id says only its camera and its end. */
export const holdView = z.strictObject({
  hold: shortId.exactOptional(),
  camera: shortId,
  /** The box of the camera: the one that is told, and that has to confirm. */
  box: shortId.exactOptional(),
  from: instant.exactOptional(),
  to: instant.exactOptional(),
  until: instant,
  orderedAt: instant.exactOptional(),
  /** Department of the officer, or `auditor`. */
  by: authority.exactOptional(),
  state: z.enum(['open', 'released', 'expired']),
  releasedAt: instant.exactOptional(),
  releasedBy: authority.exactOptional(),
  /** What its box said that it keeps, and when we first heard it. */
  confirmed: z.array(confirmation).max(200),
  /** When it had said so of everything. */
  confirmedAt: instant.exactOptional(),
  /** Open, and not confirmed as a whole since it was ordered. */
  notConfirmedSince: instant.exactOptional(),
});
export type HoldView = z.infer<typeof holdView>;
export const holdPage = pageOf(holdView);
