import type { BilingualName } from '../shared/domain/facility.ts';
import type { Question } from '../shared/evidence/bundle.ts';
import type { BundleReport, ToldBundle, Verdict } from '../shared/evidence/verify-bundle.ts';

const verdictWords: Readonly<Record<Verdict['is'], BilingualName>> = {
  proved: { zh: '已证明', en: 'PROVED' },
  'not-proved': { zh: '未证明', en: 'NOT PROVED' },
  refused: { zh: '拒绝', en: 'REFUSED' },
};

/** 0 proved, 1 not proved, 2 refused: a script needs to look at nothing else. */
export const exitCodeOf = ({ verdict }: BundleReport): number =>
  ({ proved: 0, 'not-proved': 1, refused: 2 })[verdict.is];

const questionLines = (question: Question): readonly string[] => {
  const { facility, asOf } = question;
  const [from, to] =
    'days' in question ? [question.days.from, question.days.to] : [question.interval.from, question.interval.to];
  const [area, areaZh] = 'area' in question ? [`, ${question.area}`, `，${question.area}`] : ['', ''];
  return [
    `问题：${facility}${areaZh}，${from} – ${to}，截至 ${asOf}`,
    `Asked: ${facility}${area}: ${from} – ${to}, as of ${asOf}`,
    '',
  ];
};

const section = (title: string, lines: readonly BilingualName[]): readonly string[] =>
  lines.length === 0 ? [] : [title, ...lines.flatMap(({ zh, en }) => [`  - ${zh}`, `    ${en}`]), ''];

/** The report as text for a person: the verdict, the one sentence, and then each line. */
export const pageOf = ({ report, summary }: ToldBundle): string => {
  const { verdict, question, proved, notProved, assumes } = report;
  const { zh, en } = verdictWords[verdict.is];
  const refused = verdict.is === 'refused' ? ` (${verdict.code})` : '';
  return [
    `${zh} / ${en}${refused}`,
    summary.zh,
    summary.en,
    ...(verdict.is === 'refused' ? [verdict.detail] : []),
    '',
    ...(question === undefined ? [] : questionLines(question)),
    ...section('已证明 / Proved', proved),
    ...section('未证明 / Not proved', notProved),
    ...section('前提 / Assumed', assumes),
  ]
    .join('\n')
    .trimEnd();
};
