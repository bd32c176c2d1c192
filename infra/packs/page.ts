import { lifeSafetyKinds } from '../../shared/domain/incident.ts';
import { alarmWords, levelWords, ruleWords, standingWords } from '../../shared/domain/notices/notice-words.ts';
import { allAlarmKinds, type FindingCode } from '../../shared/domain/reports.ts';
import type { DutyProof, HazardRouting, LadderStep, RulePack, Sourced } from '../../shared/domain/rule-pack.ts';
import { ruleNames } from '../../shared/domain/verdict.ts';
import { packId } from '../../shared/rule-packs/inherit.ts';

/** Reads well for a person and comes back the same from the same pack, so that a test can keep the pages current. */
export const pageOf = (pack: RulePack): string =>
  `${[
    `# ${pack.title.zh} · ${pack.title.en}`,
    `Generated from the rule pack \`${packId(pack)}\` by \`npm run packs -- pages\`: change the pack, not this page.`,
    headOf(pack),
    '## What its documents do not say',
    silencesOf(pack),
    '## Alarms: who is told at once',
    'Everybody below hears of an alarm of the life-safety lane at once, and the facility with them (of abuse the facility hears nothing). Who acts is told again, at ' +
      `most three times, every ${spanOf(pack.thresholds.answerWithinMs.value)} while nobody answers. Alarms marked † climb the ladder instead.`,
    alarmsOf(pack),
    '## Rules: who is told, first and next',
    'The facility is told first. Who is copied hears of it with the first rung above the facility, who acts at the rung that says so. A health threshold (‡) goes to who acts and who is copied together with the facility. A duty goes by its own hazard, see below.',
    rulesOf(pack),
    '### The ladder, while nobody answers',
    ladderOf(pack),
    '## Hazards: who acts, is copied, is on record',
    hazardsOf(pack),
    '## Periodic duties',
    dutiesOf(pack),
    '## Health thresholds',
    'Different children with matching findings within calendar days, the day of the finding included. The software says "threshold reached"; it declares no outbreak.',
    signalsOf(pack),
    '## Registrations: who is pushed what',
    registrationOf(pack),
    '## Deletions that are excused',
    'A box declares what was deleted on purpose, and why. Inside the days only these reasons excuse it; after any other it is lost. No reason excuses deleting what an order holds.',
    deletionsOf(pack),
    '## Numbers',
    numbersOf(pack),
    '## Sources',
    sourcesOf(pack),
  ].join('\n\n')}\n`;

const cell = (text: string): string => text.replaceAll('|', '\\|');
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

const UNITS: readonly (readonly [number, string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
];
const spanOf = (ms: number): string => {
  const [size, unit] = UNITS.find(([one]) => ms >= one && ms % one === 0) ?? [1, 'ms'];
  return ms === 0 ? 'at once' : `${ms / size} ${unit}`;
};

const clauseOf = (pack: RulePack, key: string): string => {
  const citation = pack.citations[key];
  if (citation === undefined) return key;
  const { document, number, clause, standing, verified } = citation;
  if (standing === 'configuration') return 'our configuration';
  const marks = [
    ...(standing === 'in-force' ? [] : [standingWords[standing].en]),
    ...(verified ? [] : ['original not seen']),
  ];
  const where =
    clause === undefined ? `《${document}》` : isOwn(pack, key) ? clause : `${number ?? document} ${clause}`;
  return marks.length === 0 ? where : `${where} (${marks.join('; ')})`;
};

/** Clauses of the place's own document need no title on its page. */
const isOwn = (pack: RulePack, key: string): boolean => {
  const first = Object.values(pack.hazards).find((one) => !one.fallback)?.source;
  return pack.citations[key]?.document === pack.citations[first ?? '']?.document;
};

const nameOf = (pack: RulePack, id: string): string => pack.departments.find((one) => one.id === id)?.name.zh ?? id;

const named = (pack: RulePack, ids: readonly string[], { source, sources = {} }: Partial<HazardRouting>): string =>
  ids
    .map((id) => {
      const other = sources[id];
      return other === undefined || other === source
        ? nameOf(pack, id)
        : `${nameOf(pack, id)} [${clauseOf(pack, other)}]`;
    })
    .join('、') || '–';

const headOf = (pack: RulePack): string => {
  const isDraft = Object.values(pack.citations).some((one) => one.standing === 'consultation-draft');
  return [
    ...(isDraft ? ['> **Consultation draft, not in force.** Everything here that cites it is provisional.\n'] : []),
    `- Division: ${pack.division === '' ? 'every place that has no pack of its own' : `\`${pack.division}\``}`,
    `- From ${pack.effectiveFrom}${pack.effectiveTo === undefined ? '' : ` to ${pack.effectiveTo} (exclusive)`}`,
    ...(pack.inherits === undefined ? [] : [`- What it does not say stands in \`${pack.inherits}\``]),
  ].join('\n');
};

const silencesOf = (pack: RulePack): string =>
  table(
    ['about', 'silence', ''],
    Object.entries(pack.silences).map(([key, { zh, en }]) => [
      `\`${key}\`${pack.hazards[key]?.fallback ? ': the lead stands in' : ''}`,
      zh,
      en,
    ]),
  );

const routesOf = (pack: RulePack, hazard: string): readonly string[] => {
  const routes = pack.hazards[hazard];
  if (routes === undefined) return ['–', '–', '–', '–'];
  return [
    named(pack, routes.act, routes),
    named(pack, routes.copy, routes),
    named(pack, routes.record, routes),
    clauseOf(pack, routes.source) + (routes.fallback ? '; **the document is silent: its lead stands in**' : ''),
  ];
};

const deletionsOf = (pack: RulePack): string =>
  table(
    ['reason', 'by'],
    Object.entries(pack.permittedDeletions).map(([reason, { source }]) => [`\`${reason}\``, clauseOf(pack, source)]),
  );

const alarmsOf = (pack: RulePack): string =>
  table(
    ['alarm', '', 'act', 'copy', 'on record only', 'by'],
    allAlarmKinds.map((kind) => {
      const mark = lifeSafetyKinds.has(kind) ? '' : kind === 'test' ? ' (facility alone)' : ' †';
      return [`\`${kind}\`${mark}`, alarmWords[kind].zh, ...routesOf(pack, pack.alarms[kind])];
    }),
  );

const rulesOf = (pack: RulePack): string =>
  table(
    ['rule', '', 'urgency', 'breach after', 'told after', 'unknown after', 'duty by', 'act', 'copy', 'told by'],
    ruleNames.map((rule) => {
      const terms = pack.rules[rule];
      const [act = '', copy = '', , by = ''] = routesOf(pack, terms.hazard);
      return [
        `\`${rule}\`${pack.hazards[terms.hazard]?.atOnce ? ' ‡' : ''}`,
        ruleWords[rule].zh,
        terms.urgency,
        spanOf(terms.breachAfterMs.value),
        spanOf(terms.tellAfterMs.value),
        spanOf(terms.unknownAfterMs.value),
        clauseOf(pack, terms.source),
        act,
        copy,
        by,
      ];
    }),
  );

const rungOf = (pack: RulePack, { level, departments }: LadderStep): string => {
  if (level === 'facility') return '机构 (the facility)';
  return departments === 'act' ? 'who acts on the hazard' : named(pack, departments, {});
};

const ladderOf = (pack: RulePack): string =>
  table(
    ['level', 'after', 'who', 'level by', 'time by'],
    pack.ladder.map((step) => [
      `${step.level} (${levelWords[step.level].zh})`,
      spanOf(step.afterMs.value),
      rungOf(pack, step),
      step.source === undefined ? 'our configuration' : clauseOf(pack, step.source),
      clauseOf(pack, step.afterMs.source),
    ]),
  );

const hazardsOf = (pack: RulePack): string =>
  table(
    ['hazard', 'act', 'copy', 'on record only', 'by'],
    Object.keys(pack.hazards).map((hazard) => [`\`${hazard}\``, ...routesOf(pack, hazard)]),
  );

const proofText = (proof: DutyProof): string => {
  if ('log' in proof) return `log \`${proof.log}\``;
  return 'paper' in proof ? `paper \`${proof.paper}\`, before it expires` : `plan \`${proof.plan}\`, reviewed`;
};

const dutiesOf = (pack: RulePack): string =>
  table(
    ['duty', '', 'shown by', 'every', 'interval by', 'duty by', 'hazard'],
    Object.values(pack.duties).map((duty) => [
      `\`${duty.id}\`${pack.citations[duty.source]?.standing === 'encouraged' ? ' (never breached)' : ''}`,
      duty.name.zh,
      proofText(duty.proof),
      'paper' in duty.proof ? '–' : spanOf(duty.everyMs.value),
      'paper' in duty.proof ? '–' : clauseOf(pack, duty.everyMs.source),
      clauseOf(pack, duty.source),
      `\`${duty.hazard}\``,
    ]),
  );

const codesText = (codes: readonly (readonly FindingCode[])[]): string =>
  codes.map((list) => list.join(' or ')).join(', and ');

const signalsOf = (pack: RulePack): string =>
  table(
    ['threshold', '', 'in', 'children', 'days', 'findings', 'tier', 'by'],
    Object.values(pack.signals).map((signal) => [
      `\`${signal.id}\``,
      signal.name.zh,
      signal.scope,
      `${signal.children}`,
      `${signal.days}`,
      codesText(signal.codes),
      signal.tier,
      clauseOf(pack, signal.source),
    ]),
  );

const registrationOf = (pack: RulePack): string =>
  table(
    ['event', 'to', 'by', 'a kindergarten’s class also to', 'by'],
    Object.entries(pack.registration).map(([event, push]) => [
      event,
      named(pack, push.to, {}),
      clauseOf(pack, push.source),
      named(pack, push.kindergartenTo, {}),
      push.kindergartenTo.length === 0 ? '–' : clauseOf(pack, push.kindergartenSource ?? push.source),
    ]),
  );

const numbersOf = (pack: RulePack): string =>
  table(
    ['number', 'value', 'by'],
    Object.entries(pack.thresholds).map(([name, { value, source }]: [string, Sourced<number | string>]) => [
      `\`${name}\``,
      typeof value === 'number' && name.endsWith('Ms') ? spanOf(value) : `${value}`,
      clauseOf(pack, source),
    ]),
  );

const sourcesOf = (pack: RulePack): string =>
  table(
    ['key', 'document', 'number', 'clause', 'standing', 'original seen'],
    Object.entries(pack.citations).map(([key, one]) => [
      `\`${key}\``,
      one.document,
      one.number ?? 'none given',
      one.clause ?? '–',
      standingWords[one.standing].en,
      one.verified ? 'yes' : 'no',
    ]),
  );
