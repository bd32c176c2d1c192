import type { IncidentView } from '../../../shared/contracts/desk.ts';
import {
  climbedUnheard,
  incidentScene,
  judgedBy,
  lettersOf,
  notDelivered,
  notTold,
  recovered,
  stepped,
  wronglyMarked,
} from './incident-scene.ts';
import { proofScenes } from './proof-scenes.ts';
import { first, type Scene, type Seen } from './scene.ts';

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
  incidentScene(
    { zh: '一键报警送达每个责任部门', en: 'the panic alarm is delivered to every department that has to act' },
    { facility: 'ginkgo', rule: 'alarm', alarm: 'panic' },
    notDelivered,
  ),
  incidentScene(
    { zh: '打开链接不算应答，按下才算，只算一次', en: 'opening the link answers nothing, pressing answers, once' },
    { facility: 'ginkgo', rule: 'alarm', alarm: 'panic' },
    ({ id }, { link }) => (link?.incident === id ? undefined : 'its link was not tried'),
    (_, { link }) => (link?.opened === 200 ? undefined : `opening it was answered ${link?.opened}`),
    (_, { link }) => (link?.stateAfterLooking === 'open' ? undefined : `opening it left it ${link?.stateAfterLooking}`),
    (_, { link }) => (link?.answered === 200 ? undefined : `pressing was answered ${link?.answered}`),
    (_, { link }) =>
      link?.again === 410 ? undefined : `pressing another button afterwards was answered ${link?.again}`,
    ({ notices }) =>
      notices.published.some(({ department, seenAt }) => department === 'police' && seenAt !== undefined)
        ? undefined
        : 'its notice to the police is not seen',
  ),
  {
    name: { zh: '园所监控主机得知谁已看到', en: 'the box of the nursery hears who has seen it' },
    missing: ({ screens }) =>
      screens.some((line) => / ginkgo · .*seen by .*police/.test(line))
        ? undefined
        : 'the screen of ginkgo does not say that the police have seen its alarm',
  },
  incidentScene(
    { zh: '已登记的演练：处处标明并计分', en: 'a registered drill: marked on every hop, and scored' },
    { facility: 'lantern', rule: 'alarm', alarm: 'fire' },
    ({ drill }, { windows }) =>
      drill !== undefined && drill.window === windows.get('lantern') ? undefined : 'not taken as the registered drill',
    notDelivered,
    (incident, seen) => wronglyMarked(lettersOf(seen, incident), true),
    ({ score }) =>
      score?.departments.some(({ deliveredSeconds }) => deliveredSeconds === undefined) === false
        ? undefined
        : 'its score does not say how fast each department was reached',
    ({ score }) => (score?.answer === undefined ? 'its score names no answer' : undefined),
  ),
  incidentScene(
    { zh: '演练期间的真报警照常发出', en: 'a real panic alarm during the drill goes out as real' },
    { facility: 'lantern', rule: 'alarm', alarm: 'panic' },
    ({ drill }) => (drill === undefined ? undefined : 'it was taken for the drill'),
    notDelivered,
    (incident, seen) => wronglyMarked(lettersOf(seen, incident), false),
  ),
  incidentScene(
    { zh: '机构无人可达，失联事件立即上报下一级', en: 'a silence that nobody of the nursery can be told of climbs' },
    { facility: 'paper-boat', rule: 'monitoring-running', subject: 'box/box-1' },
    ({ steps }) =>
      steps.some(({ kind, reason }) => kind === 'unreachable' && reason === 'facility')
        ? undefined
        : 'its timeline does not say that nobody could be told',
    climbedUnheard,
  ),
  incidentScene(
    { zh: '报备的施工：不发通知，并写明原因', en: 'announced works: no notice is sent, and the timeline says why' },
    { facility: 'riverbank', rule: 'area-covered', subject: 'area/nap-room' },
    ({ steps }, { windows }) =>
      steps.some(({ kind, reason }) => kind === 'no-notice' && reason.startsWith(`muted ${windows.get('riverbank')}`))
        ? undefined
        : 'its timeline does not say that it is muted',
    ({ notices }) => (notices.published.length === 0 ? undefined : 'a notice was sent though it is muted'),
  ),
  {
    name: { zh: '平台自检报警走完全程', en: 'the platform’s own test alarm travelled the whole way' },
    missing: ({ canaryMs }) => (canaryMs === undefined ? 'it did not arrive' : undefined),
  },
  ...proofScenes,
];

/**
 * Incidents of nurseries in whose part nothing goes wrong: whoever rings falsely is soon switched off. Silence is left
 * out, since a machine that stands still for fifteen seconds does make its boxes silent; a registration is no fault; and
 * once a day it is said of each department that nobody of the demo has seen a notice yet.
 */
export const unexpected = (seen: Seen): readonly IncidentView[] => {
  const playing = new Set([
    ...['harbour', 'willow', 'rainbow', 'rapeseed', 'ginkgo', 'waterside'],
    ...['snowflake', 'lighthouse', 'osmanthus', 'date-tree'],
    ...['paper-boat', 'riverbank', 'lantern', 'magpie', 'moonlit'],
  ]);
  const anywhere = new Set<IncidentView['rule']>(['monitoring-running', 'registration', 'reachable']);
  return seen.incidents.filter(({ facility, rule }) => !playing.has(facility) && !anywhere.has(rule));
};
