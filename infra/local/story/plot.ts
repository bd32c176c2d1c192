import type { RetentionPage, UptimeView } from '../../../shared/contracts/audit.ts';
import type { IncidentView } from '../../../shared/contracts/desk.ts';

/** What the public API has shown so far. */
export interface Seen {
  readonly incidents: readonly IncidentView[];
  readonly retention: readonly RetentionPage['items'][number][];
  /** Of the nursery that only beats. */
  readonly uptime: UptimeView | undefined;
}

/** One thing that a newcomer must be able to see. `missing` says what is not there yet; undefined = it is. */
export interface Scene {
  readonly name: { readonly zh: string; readonly en: string };
  readonly missing: (seen: Seen) => string | undefined;
}

type Wanted = Pick<IncidentView, 'facility' | 'rule'> & { readonly subject?: string; readonly alarm?: string };

const find = (seen: Seen, wanted: Wanted): IncidentView | undefined =>
  seen.incidents.find(
    (incident) =>
      incident.facility === wanted.facility &&
      incident.rule === wanted.rule &&
      (wanted.subject === undefined || incident.subject === wanted.subject) &&
      (wanted.alarm === undefined || incident.alarm?.kind === wanted.alarm),
  );

const first = (...faults: readonly (string | undefined)[]): string | undefined =>
  faults.find((fault) => fault !== undefined);

/** Topics whose departments have a published notice of this incident. */
export const topicsTold = (incident: IncidentView): ReadonlySet<string> => {
  const topicOf = new Map(
    incident.ladder.flatMap((rung) => rung.recipients).map((recipient) => [recipient.id, recipient.topic]),
  );
  return new Set(
    incident.notices.published.flatMap(({ department }) => {
      const topic = topicOf.get(department) ?? (department === 'facility' ? 'facility' : undefined);
      return topic === undefined ? [] : [topic];
    }),
  );
};

const notTold = (incident: IncidentView, topics: readonly string[]): string | undefined => {
  const told = topicsTold(incident);
  const silent = topics.filter((topic) => !told.has(topic));
  return silent.length === 0
    ? undefined
    : `no notice to ${silent.join(', ')} (told: ${[...told].join(', ') || 'nobody'})`;
};

const uncited = (incident: IncidentView): string | undefined =>
  incident.duty === undefined || incident.routing === undefined
    ? 'no citation of the duty or of the routing'
    : undefined;

const judgedBy =
  (pack: string) =>
  (incident: IncidentView): string | undefined =>
    incident.pack.startsWith(`${pack}@`) ? undefined : `judged by ${incident.pack}`;

const stepped = (incident: IncidentView, kind: string): string | undefined =>
  incident.steps.some((step) => step.kind === kind) ? undefined : `no step "${kind}" in its timeline`;

const recovered = (incident: IncidentView): string | undefined =>
  first(
    incident.state === 'closed' ? undefined : `not closed after the recovery (${incident.state})`,
    incident.endedAt === undefined ? 'no end though it recovered' : undefined,
    incident.notices.published.some((notice) => notice.kind === 'recovered')
      ? undefined
      : 'nobody was told of the recovery',
  );

/** An incident that must be there, with whatever else must be true of it. */
const incidentScene = (
  name: Scene['name'],
  wanted: Wanted,
  ...claims: readonly ((incident: IncidentView) => string | undefined)[]
): Scene => ({
  name,
  missing: (seen) => {
    const incident = find(seen, wanted);
    if (incident === undefined) return `no incident ${wanted.rule} of ${wanted.facility}`;
    const fault = first(uncited(incident), ...claims.map((claim) => claim(incident)));
    return fault === undefined ? undefined : `${incident.id}: ${fault}`;
  },
});

/** The demo fleet's list, as the public API must show it. */
export const scenes: readonly Scene[] = [
  {
    name: { zh: '心跳', en: 'beats' },
    missing: ({ uptime }) =>
      first(
        uptime?.connectedAt === undefined ? 'sunflower never connected' : undefined,
        (uptime?.days.at(-1)?.shownSeconds ?? 0) > 0 ? undefined : 'no second of sunflower is shown to be monitored',
      ),
  },
  incidentScene(
    { zh: '区域唯一摄像头失明，随后恢复', en: 'the only camera of an area goes blind, and recovers' },
    { facility: 'harbour', rule: 'area-covered', subject: 'area/nap-room' },
    (incident) => notTold(incident, ['facility']),
    recovered,
  ),
  incidentScene(
    { zh: '机构失联，随后恢复', en: 'a facility falls silent, and recovers' },
    { facility: 'willow', rule: 'monitoring-running', subject: 'box/box-1' },
    (incident) => notTold(incident, ['facility']),
    recovered,
  ),
  incidentScene(
    { zh: '缺午检', en: 'a missing noon check' },
    { facility: 'rainbow', rule: 'noon-check', subject: 'class/class-1' },
    (incident) => notTold(incident, ['facility']),
  ),
  incidentScene(
    { zh: '录像只保存35天', en: 'a recorder that keeps 35 of 90 days' },
    { facility: 'rapeseed', rule: 'retention-held' },
    (incident) => notTold(incident, ['facility']),
  ),
  incidentScene(
    { zh: '长春：缺晨检', en: 'Changchun: a missing morning check' },
    { facility: 'snowflake', rule: 'morning-check', subject: 'class/class-1' },
    (incident) => notTold(incident, ['facility']),
    judgedBy('demo-changchun'),
  ),
  incidentScene(
    { zh: '江阴：同班两例手口疱疹，达到阈值', en: 'Jiangyin: two children of one class, a threshold is reached' },
    { facility: 'osmanthus', rule: 'health-signal' },
    (incident) => (incident.subject.includes('hfmd-class') ? undefined : `another signal: ${incident.subject}`),
    (incident) => notTold(incident, ['facility', 'health']),
    judgedBy('demo-jiangyin'),
  ),
  incidentScene(
    { zh: '天津河北区：演练逾期', en: 'Tianjin Hebei: an overdue drill' },
    { facility: 'lighthouse', rule: 'duty-overdue', subject: 'duty/drill' },
    (incident) => notTold(incident, ['facility']),
    judgedBy('demo-tianjin-hebei'),
  ),
  incidentScene(
    { zh: '运城：备案名称与登记不符', en: 'Yuncheng: filed under another name' },
    { facility: 'date-tree', rule: 'filing-true' },
    (incident) => (incident.reason === 'name-differs' ? undefined : `found ${incident.reason}`),
    (incident) => notTold(incident, ['facility']),
    judgedBy('demo-yuncheng'),
  ),
  incidentScene(
    { zh: '时钟偏差', en: 'a clock that is ten minutes slow' },
    { facility: 'waterside', rule: 'clock-true', subject: 'box/box-1' },
    (incident) => notTold(incident, ['facility']),
  ),
  incidentScene(
    { zh: '泰州：登记信息推送卫健与公安', en: 'Taizhou: a registration, pushed to health and police' },
    { facility: 'sunflower', rule: 'registration' },
    (incident) => notTold(incident, ['health', 'police']),
  ),
  incidentScene(
    { zh: '运城：幼儿园托班登记推送教育', en: 'Yuncheng: a kindergarten’s class, pushed to education as well' },
    { facility: 'date-tree', rule: 'registration' },
    (incident) =>
      incident.notices.published.some(({ department }) => department === 'education')
        ? undefined
        : 'education has no notice',
  ),
  {
    name: { zh: '审计：无法证明90天', en: 'the auditor sees who cannot show 90 days' },
    missing: ({ retention }) => {
      const short = retention.find((facility) => facility.facility === 'rapeseed');
      return first(
        short === undefined ? 'rapeseed is not in the auditor’s list' : undefined,
        short?.state === 'short' ? undefined : `rapeseed is "${short?.state}", not "short"`,
        short?.cameras.some((camera) => camera.depthDays !== undefined && Math.abs(camera.depthDays - 35) <= 1)
          ? undefined
          : 'no camera of rapeseed with a depth of 35 days',
        retention.some((facility) => facility.facility === 'cloud' && facility.state === 'short')
          ? 'cloud is called short though its new camera is 20 days old'
          : undefined,
      );
    },
  },
  incidentScene(
    { zh: '一键报警，多部门同时得知', en: 'a panic alarm, told to the departments at once' },
    { facility: 'ginkgo', rule: 'alarm', alarm: 'panic' },
    (incident) => notTold(incident, ['health', 'police', 'emergency', 'fire', 'facility']),
    (incident) => (incident.routing?.clause === '三(二)5' ? undefined : `routed by ${incident.routing?.clause}`),
  ),
  incidentScene(
    { zh: '值班员应答并办结', en: 'an answer, and a closing' },
    { facility: 'ginkgo', rule: 'alarm', alarm: 'panic' },
    (incident) => stepped(incident, 'answered'),
    (incident) => (incident.state === 'closed' ? undefined : `not closed (${incident.state})`),
    (incident) => (incident.closeReason === 'handled' ? undefined : `closed as ${incident.closeReason}`),
  ),
];

/**
 * Incidents of nurseries in whose part nothing goes wrong: whoever rings falsely is soon switched off. Silence is left
 * out, since a machine that stands still for fifteen seconds does make its boxes silent; a registration is no fault.
 */
export const unexpected = (seen: Seen): readonly IncidentView[] => {
  const playing = new Set([
    ...['harbour', 'willow', 'rainbow', 'rapeseed', 'ginkgo', 'waterside'],
    ...['snowflake', 'lighthouse', 'osmanthus', 'date-tree'],
  ]);
  const anywhere = new Set<IncidentView['rule']>(['monitoring-running', 'registration']);
  return seen.incidents.filter(({ facility, rule }) => !playing.has(facility) && !anywhere.has(rule));
};
