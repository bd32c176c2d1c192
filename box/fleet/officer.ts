import { setTimeout as sleep } from 'node:timers/promises';
import type { IncidentSummary } from '../../shared/contracts/desk.ts';
import { DEMO_CITY, nurseries } from './nurseries.ts';
import type { Screen } from './screen.ts';
import { announcements } from './windows.ts';

const LOOK_EVERY_MS = 5_000;
/** A person needs a moment, and a newcomer should see an unanswered alarm first. */
const ANSWERS_AFTER_MS = 25_000;
/** Long enough for the alarms of the script; what rings later is for whoever is at the desk. */
const ON_DUTY_MS = 180_000;

/** The desk as the duty officer of the demo uses it. */
export interface Desk {
  readonly api: URL;
  readonly token: string;
  readonly screen: Screen;
}

/** Announces the drill and the works of the script before they begin. Without it the drill is no drill, which is said. */
export const announceWindows = async ({ api, token, screen }: Desk): Promise<void> => {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  for (const { facility, as, body } of announcements(Date.now())) {
    const address = new URL(`/v1/desk/facilities/${facility}/${as}`, api);
    const request = { method: 'POST', headers, body: JSON.stringify(body), signal: AbortSignal.timeout(10_000) };
    const response = await fetch(address, request).catch(() => undefined);
    const [zh, en] = as === 'drills' ? ['演练', 'its drill'] : ['更换摄像头', 'its works'];
    const nursery = nurseries.find((each) => each.id === facility);
    if (response?.ok) screen.say(nursery, `${zh}已登记`, `announced: ${en}`);
    else screen.say(nursery, `${zh}未能登记`, `could not be announced: ${en} (${response?.status ?? 'no answer'})`);
  }
};

/** Plays a duty officer through the desk API: answers the alarms of the demo, and leaves the closing to a person. */
export const answerAlarms = async (desk: Desk, signal: AbortSignal): Promise<void> => {
  const headers = { authorization: `Bearer ${desk.token}`, 'content-type': 'application/json' };
  const offDutyMs = performance.now() + ON_DUTY_MS;

  const openAlarms = async (): Promise<readonly IncidentSummary[]> => {
    const list = new URL(`/v1/desk/incidents?division=${DEMO_CITY}&state=open&lane=life-safety`, desk.api);
    const response = await fetch(list, { headers, signal: AbortSignal.timeout(10_000) });
    return response.ok ? ((await response.json()) as { items: readonly IncidentSummary[] }).items : [];
  };

  const answer = async ({ id, facility }: IncidentSummary): Promise<void> => {
    const address = new URL(`/v1/desk/incidents/${encodeURIComponent(id)}/answer`, desk.api);
    const response = await fetch(address, { method: 'POST', headers, body: '{}', signal: AbortSignal.timeout(10_000) });
    if (!response.ok) return;
    const nursery = nurseries.find((each) => each.id === facility);
    desk.screen.say(nursery, '值班员已应答', 'the duty officer has answered');
  };

  while (!signal.aborted && performance.now() < offDutyMs) {
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
    // No answer now is no answer yet: the next look tries again.
    const alarms = await openAlarms().catch(() => []);
    const due = alarms.filter(({ openedAt }) => Date.now() - Date.parse(openedAt) >= ANSWERS_AFTER_MS);
    for (const alarm of due) await answer(alarm).catch(() => {});
  }
};
