import type { YesNoUnknown } from './reports.ts';

/** Since when something was not said to be so, and since when it was said not to be so. */
export interface NotShown {
  readonly sinceMs?: number;
  /** First "no" of the stretch. Not knowing afterwards does not end it: only a "yes" does. */
  readonly downAtMs?: number;
}

/** A stretch that is over. `down`: the box said no; else it only did not know. */
export interface EndedStretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly down: boolean;
}

/** What remains, and what is over, once something was said at `nowMs`. */
export const saying = (
  before: NotShown,
  said: YesNoUnknown,
  nowMs: number,
): { readonly next: NotShown; readonly ended: readonly EndedStretch[] } => {
  if (said === 'yes') return { next: {}, ended: endedBy(before, nowMs) };
  const sinceMs = before.sinceMs ?? nowMs;
  const downAtMs = before.downAtMs ?? (said === 'no' ? nowMs : undefined);
  return { next: { sinceMs, ...(downAtMs !== undefined && { downAtMs }) }, ended: [] };
};

const endedBy = ({ sinceMs, downAtMs }: NotShown, nowMs: number): readonly EndedStretch[] => {
  if (sinceMs === undefined) return [];
  const unknownToMs = downAtMs ?? nowMs;
  return [
    { fromMs: sinceMs, toMs: unknownToMs, down: false },
    ...(downAtMs === undefined ? [] : [{ fromMs: downAtMs, toMs: nowMs, down: true }]),
  ].filter((stretch) => stretch.fromMs < stretch.toMs);
};
