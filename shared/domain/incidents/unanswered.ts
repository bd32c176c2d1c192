import type { Incident, Recipient, Rung } from '../incident.ts';

/** The rung that is entered next while nobody answers; -1 = the top is reached. */
export const nextRungOf = ({ ladder }: Pick<Incident, 'ladder'>): number =>
  ladder.findIndex(({ enteredAtMs }) => enteredAtMs === undefined);

/** The highest rung that was entered; its people were told last. */
export const lastEnteredOf = ({ ladder }: Pick<Incident, 'ladder'>): number =>
  ladder.findLastIndex(({ enteredAtMs }) => enteredAtMs !== undefined);

/** Acting recipients of the rungs that were entered, each department once, at the highest rung that has it. */
export const actingEntered = ({
  ladder,
}: Pick<Incident, 'ladder'>): readonly { readonly rung: number; readonly recipient: Recipient }[] => {
  const all = ladder.flatMap((one, rung) =>
    one.enteredAtMs === undefined ? [] : one.recipients.map((recipient) => ({ rung, recipient })),
  );
  const acting = all.filter(({ recipient }) => recipient.duty === 'act');
  return acting.filter(
    ({ recipient }, at) => acting.findLastIndex((one) => one.recipient.department === recipient.department) === at,
  );
};

/**
 * Of a technical incident: nobody of those who would have to act, as far as it has climbed, can be told. Life safety
 * told everybody at once; there is nobody further to go to.
 */
export const isUnreached = (incident: Incident): boolean => {
  const unreachable = incident.unreachable ?? [];
  const acting = actingEntered(incident);
  return (
    incident.lane === 'technical' &&
    acting.length > 0 &&
    acting.every(({ recipient }) => unreachable.includes(recipient.department))
  );
};

/** The next rung is due now at the latest; those above keep their instants. The same ladder, where it is due already. */
export const broughtForward = (ladder: readonly Rung[], nowMs: number): readonly Rung[] => {
  const index = nextRungOf({ ladder });
  const rung = ladder[index];
  if (rung === undefined || rung.dueAtMs <= nowMs) return ladder;
  return ladder.with(index, { ...rung, dueAtMs: nowMs });
};

/** Moves the rungs that were not entered so that they count from `fromMs`, with the spacing that they had. */
export const countedFrom = (incident: Incident, fromMs: number): Incident => {
  const enteredMs = incident.ladder[lastEnteredOf(incident)]?.dueAtMs ?? fromMs;
  const last = Math.max(enteredMs, incident.countedFromMs ?? enteredMs);
  const ladder = incident.ladder.map((rung) =>
    rung.enteredAtMs === undefined ? { ...rung, dueAtMs: fromMs + Math.max(0, rung.dueAtMs - last) } : rung,
  );
  return {
    ...incident,
    countedFromMs: fromMs,
    ladder: isUnreached(incident) ? broughtForward(ladder, fromMs) : ladder,
  };
};
