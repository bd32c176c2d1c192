import { packId, type RulePackFile } from './inherit.ts';

/**
 * The demonstration's short limits over a place: its own departments, hazards, duties and clauses, in seconds and days
 * instead of hours and months. A facility names it (`demo-changchun`). Who is on which rung stays the place's word.
 *
 * @param duties still shorter intervals, where the demonstration shows one that is overdue
 */
export const demoOver = (
  demo: RulePackFile,
  place: RulePackFile,
  duties: RulePackFile['duties'] = {},
): RulePackFile => {
  const { ladder: rungs = [], inherits: _own, ...limits } = demo;
  const ladder = place.ladder?.map((step, at) => ({ ...step, afterMs: rungs[at]?.afterMs ?? step.afterMs }));
  return {
    ...limits,
    name: `${demo.name}-${place.name}`,
    title: { zh: `${place.title.zh}${demo.title.zh}`, en: `${place.title.en}: ${demo.title.en}` },
    division: place.division,
    inherits: packId(place),
    duties: { ...limits.duties, ...duties },
    ...(ladder && { ladder }),
  };
};
