import { describe, expect, it } from 'vitest';
import type { Letter } from '../../infra/local/inbox/letters.ts';
import { scenes } from '../../infra/local/story/plot.ts';
import type { Seen } from '../../infra/local/story/scene.ts';
import type { IncidentView } from '../../shared/contracts/desk.ts';

const at = '2026-11-22T01:00:00.000Z';
const citation = { document: 'd', standing: 'in-force', verified: true };
const rung = (level: 'facility' | 'town', ...ids: string[]): IncidentView['ladder'][number] => ({
  level,
  dueAt: at,
  recipients: ids.map((id) => ({ id, name: { zh: id, en: id }, topic: 'health', duty: 'act' })),
});
const told = (department: string, more: object = {}): IncidentView['notices']['published'][number] => ({
  level: 'facility',
  department,
  kind: 'opened',
  publishedAt: at,
  deliveredAt: at,
  ...more,
});
const step = (n: number, kind: string, reason: string) => ({ n, at, kind, by: 'watch', reason });
const alarm = (kind: 'panic' | 'fire', drillFlag: boolean): NonNullable<IncidentView['alarm']> => ({
  ...{ kind, drillFlag, box: 'box-1', reportId: 'r', confirmed: 'yes', ageSeconds: 0 },
});

/** An incident of which the scenes look at the given fields only. */
const incident = (facility: string, rule: IncidentView['rule'], more: Partial<IncidentView>): IncidentView => ({
  ...{ id: `${facility}~${rule}~${more.alarm?.kind ?? ''}`, facility, rule, division: '321283', subject: 'box/box-1' },
  ...{ lane: 'technical', title: { zh: '', en: '' }, finding: 'breached', reason: '', hazard: '', since: at },
  ...{ openedAt: at, state: 'open', live: true, pack: 'demo@1', duty: citation, routing: citation, fallback: false },
  ladder: [rung('facility', 'police', 'health'), rung('town', 'town')],
  notices: { published: [told('police', { seenAt: at }), told('health')], owed: [] },
  steps: [],
  ...more,
});

const panic = incident('ginkgo', 'alarm', { alarm: alarm('panic', false) });
const drill = incident('lantern', 'alarm', {
  alarm: alarm('fire', true),
  drill: { window: 'w-drill', to: at },
  score: { departments: [{ department: 'police', deliveredSeconds: 1 }], answer: { by: 'p', seconds: 9 } },
});
const inDrill = incident('lantern', 'alarm', { alarm: alarm('panic', false) });
const unheard = incident('paper-boat', 'monitoring-running', {
  notices: { published: [told('facility'), told('town', { level: 'town', kind: 'climbed' })], owed: [] },
  steps: [step(1, 'opened', 'no-beat'), step(2, 'unreachable', 'facility'), step(3, 'climbed', 'no-answer 1 town')],
});
const muted = incident('riverbank', 'area-covered', {
  subject: 'area/nap-room',
  notices: { published: [], owed: [] },
  steps: [step(1, 'no-notice', `muted w-works until ${at}`)],
});
const letter = (about: IncidentView, marked: boolean): Letter => ({
  ...{ to: 'police.3212.receiver', kind: 'webhook', atMs: 0, what: '', drill: marked, data: { incident: about.id } },
  text: marked ? '【演练】火灾' : '【紧急】一键报警',
});

const good: Seen = {
  ...{ retention: [], uptime: undefined, canaryMs: 700 },
  incidents: [panic, drill, inDrill, unheard, muted],
  letters: [letter(drill, true), letter(inDrill, false)],
  windows: new Map([
    ['lantern', 'w-drill'],
    ['riverbank', 'w-works'],
  ]),
  link: { incident: panic.id, opened: 200, stateAfterLooking: 'open', answered: 200, again: 410 },
  screens: [
    '09:00:00  泰兴银杏托育园 ginkgo · 报警：… · alarm: somebody sees to it; published to 5, delivered to 5, seen by police',
  ],
};

const missing = (name: string, seen: Seen): string | undefined => {
  const scene = scenes.find(({ name: { en } }) => en.startsWith(name));
  if (scene === undefined) throw new Error(`no scene ${name}`);
  return scene.missing(seen);
};
const instead = (old: IncidentView, more: Partial<IncidentView>): Partial<Seen> => ({
  incidents: good.incidents.map((one) => (one === old ? { ...one, ...more } : one)),
});
const link = (more: Partial<NonNullable<Seen['link']>>): Partial<Seen> => ({
  link: good.link && { ...good.link, ...more },
});
const untold = { published: [told('police'), told('health', { deliveredAt: undefined })], owed: [] };

describe('the story says what is missing', () => {
  it.each<readonly [string, Partial<Seen>, string]>([
    ['the panic alarm is delivered', instead(panic, { notices: untold }), 'not delivered to health'],
    ['opening the link', { link: undefined }, 'its link was not tried'],
    ['opening the link', link({ opened: 404 }), 'answered 404'],
    ['opening the link', link({ stateAfterLooking: 'answered' }), 'left it answered'],
    ['opening the link', link({ answered: 503 }), 'answered 503'],
    ['opening the link', link({ again: 200 }), 'afterwards was answered 200'],
    ['opening the link', instead(panic, { notices: { published: [told('police')], owed: [] } }), 'is not seen'],
    ['the box of the nursery', { screens: ['ginkgo · delivered to 5, seen by fire'] }, 'does not say'],
    ['a registered drill', { windows: new Map() }, 'not taken as the registered drill'],
    ['a registered drill', instead(drill, { notices: untold }), 'not delivered to health'],
    ['a registered drill', { letters: [] }, 'no message of it reached anybody'],
    ['a registered drill', { letters: [letter(drill, false)] }, 'is not marked as a drill'],
    ['a registered drill', instead(drill, { score: { departments: [{ department: 'police' }] } }), 'how fast'],
    ['a real panic alarm', instead(inDrill, { drill: { window: 'w-drill', to: at } }), 'taken for the drill'],
    ['a real panic alarm', { letters: [letter(inDrill, true)] }, 'is marked as a drill'],
    ['a silence that nobody', instead(unheard, { steps: [step(1, 'climbed', '')] }), 'nobody could be told'],
    ['a silence that nobody', instead(unheard, { steps: [step(1, 'unreachable', 'facility')] }), 'did not climb'],
    ['a silence that nobody', instead(unheard, { notices: untold }), 'nobody of the level town'],
    ['announced works', instead(muted, { steps: [] }), 'does not say that it is muted'],
    ['announced works', instead(muted, { notices: { published: [told('facility')], owed: [] } }), 'was sent'],
    ['the platform’s own', { canaryMs: undefined }, 'did not arrive'],
  ])('%s', (name, more, fault) => {
    expect(missing(name, good)).toBeUndefined();
    expect(missing(name, { ...good, ...more })).toContain(fault);
  });
});
