import type { Incident, PublishedNotice, Step } from '../incident.ts';
import { SECOND_MS } from '../time.ts';

/** How a drill went: who was reached and who answered, in whole seconds after it was opened. */
export interface DrillScore {
  /** Acting departments, each once. Absent seconds: it never came so far. */
  readonly departments: readonly {
    readonly department: string;
    readonly publishedSeconds?: number;
    readonly deliveredSeconds?: number;
    readonly seenSeconds?: number;
  }[];
  /** Absent = nobody answered. */
  readonly answer?: { readonly by: string; readonly seconds: number };
}

const least = (instants: readonly (number | undefined)[]): number | undefined => {
  const known = instants.filter((one) => one !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
};

/**
 * Scores a drill from what its incident knows.
 *
 * @param steps the whole timeline: an answer that has expired is only there
 */
export const drillScore = ({ ladder, published, openedAtMs }: Incident, steps: readonly Step[]): DrillScore => {
  const after = (atMs: number): number => Math.max(0, Math.round((atMs - openedAtMs) / SECOND_MS));
  const acting = ladder.flatMap(({ recipients }) => recipients).filter(({ duty }) => duty === 'act');
  const departments = [...new Set(acting.map(({ department }) => department))];
  const answered = steps.find(({ kind }) => kind === 'answered');
  return {
    departments: departments.map((department) => {
      const own = published.filter((one) => one.department === department);
      const first = (instant: (one: PublishedNotice) => number | undefined): number | undefined =>
        least(own.map(instant));
      const [publishedAtMs, deliveredAtMs, seenAtMs] = [
        first((one) => one.publishedAtMs),
        first((one) => one.deliveredAtMs),
        first((one) => one.seenAtMs),
      ];
      return {
        department,
        ...(publishedAtMs !== undefined && { publishedSeconds: after(publishedAtMs) }),
        ...(deliveredAtMs !== undefined && { deliveredSeconds: after(deliveredAtMs) }),
        ...(seenAtMs !== undefined && { seenSeconds: after(seenAtMs) }),
      };
    }),
    ...(answered && { answer: { by: answered.by, seconds: after(answered.atMs) } }),
  };
};
