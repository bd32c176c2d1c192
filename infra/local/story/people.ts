import { setTimeout as sleep } from 'node:timers/promises';
import { announcements } from '../../../box/fleet/windows.ts';
import type { IncidentView } from '../../../shared/contracts/desk.ts';
import type { LinkChoice } from '../../../shared/domain/delivery/delivery.ts';
import { SECOND_MS } from '../../../shared/domain/time.ts';
import type { Letter } from '../inbox/letters.ts';
import type { PersonApi } from './api.ts';
import type { LinkTrial, Seen } from './scene.ts';
import { actingOf, deliveredTo, isRingOf } from './told.ts';

/** What people of the story do, and what came of it. */
export interface Cast {
  readonly officer: PersonApi;
  /** Of the officer's city. */
  readonly city: string;
  readonly letters: () => readonly Letter[];
  readonly say: (line: string) => void;
}

const ASK_AGAIN_MS = 1_000;
/** So long the officer lets the others be told first. */
const WAITS_MS = 40 * SECOND_MS;
/** Long enough for a box to hear with its next beats who has seen its alarm. */
const CLOSES_AFTER_MS = 12 * SECOND_MS;
const TIMEOUT_MS = 10_000;

/** Announces the drill and the works as soon as the nurseries are registered. Answers the ids of the windows. */
export const announce = async ({ officer, say }: Cast, signal: AbortSignal): Promise<ReadonlyMap<string, string>> => {
  const windows = new Map<string, string>();
  for (const { facility, as, body } of announcements(Date.now())) {
    while (!windows.has(facility) && !signal.aborted) {
      try {
        await officer.announce(facility, as, body);
        windows.set(facility, body.id);
        say(
          `  ${as === 'drills' ? '值班员登记演练 a drill is registered' : '值班员静默施工 works are muted'} · ${facility}`,
        );
      } catch {
        // Not registered yet, or busy. If it never works, the scenes of both say so.
        await sleep(ASK_AGAIN_MS, undefined, { signal }).catch(() => {});
      }
    }
  }
  return windows;
};

const isTold = (incident: IncidentView): boolean =>
  actingOf(incident).every((department) => deliveredTo(incident, department)) ||
  Date.now() - Date.parse(incident.openedAt) > WAITS_MS;

/** Answers alarms at the desk once everybody was told, and closes them later; the one of the link is answered there. */
export const doOfficersDuty = async ({ officer, city, say }: Cast, seen: Seen): Promise<void> => {
  for (const incident of seen.incidents) {
    if (incident.rule !== 'alarm' || !incident.division.startsWith(city)) continue;
    if (incident.state === 'open' && !isRingOf('ginkgo', 'panic')(incident) && isTold(incident)) {
      await officer.answer(incident.id);
      say(`  值班员应答 the duty officer answers · ${incident.facility}`);
    } else if (
      incident.state === 'answered' &&
      Date.now() - Date.parse(incident.answeredAt ?? incident.openedAt) > CLOSES_AFTER_MS
    ) {
      const reason = incident.drill === undefined ? 'handled' : 'drill';
      await officer.close(incident.id, reason);
      say(`  值班员办结 the duty officer closes it as ${reason} · ${incident.facility}`);
    }
  }
};

const press = async (link: string, choice: LinkChoice): Promise<number> => {
  const body = new URLSearchParams({ choice });
  return (await fetch(link, { method: 'POST', body, signal: AbortSignal.timeout(TIMEOUT_MS) })).status;
};

/**
 * The police officer opens the link of the panic alarm, which answers nothing; presses a button, which does; and then
 * another, too late. Undefined = not every department was told yet, or the link has not come.
 */
export const answerByLink = async (
  { officer, letters, say }: Cast,
  { incidents }: Pick<Seen, 'incidents'>,
): Promise<LinkTrial | undefined> => {
  const panic = incidents.find(isRingOf('ginkgo', 'panic'));
  if (panic === undefined || panic.state !== 'open' || !isTold(panic)) return undefined;
  const letter = letters().find(({ to, data, link }) => {
    return to.startsWith('police.') && data?.incident === panic.id && link !== undefined;
  });
  if (letter?.link === undefined) return undefined;
  const opened = (await fetch(letter.link, { signal: AbortSignal.timeout(TIMEOUT_MS) })).status;
  const stateAfterLooking = (await officer.incident(panic.id)).state;
  const answered = await press(letter.link, 'take');
  say(`  民警打开链接并应答 a police officer opens the link and answers · ${panic.facility}`);
  return { incident: panic.id, opened, stateAfterLooking, answered, again: await press(letter.link, 'pass-on') };
};
