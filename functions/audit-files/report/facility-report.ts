import { owesNothing } from '../../../shared/use-cases/audit/retention-sentence.ts';
import { challenges, holdsAndObjections, provenance, recordings } from './film-sections.ts';
import type { FacilityReport } from './gather.ts';
import { exactTime } from './local-time.ts';
import { reportDocument } from './page.ts';
import { checks, coverage, incidents, uptime } from './watch-sections.ts';

/** The page of one facility, as text. */
export const facilityReportPage = (report: FacilityReport): string => {
  const { facility, verdict, days, zone, asOf, pack } = report;
  const sentence = verdict?.sentence ?? owesNothing;
  return reportDocument({
    title: { zh: `${facility.name.zh} 监控录像核查报告`, en: `${facility.name.en}: report on recordings` },
    met: verdict === undefined || verdict.state === 'held',
    verdict: sentence,
    facts: [
      [{ zh: '机构', en: 'facility' }, `${facility.name.zh} (${facility.id})`],
      [{ zh: '行政区划', en: 'division' }, facility.division],
      [{ zh: '报告期间', en: 'period' }, `${days[0]} – ${days.at(-1)}`],
      [{ zh: '截至时间', en: 'as of' }, exactTime(asOf, zone)],
      [{ zh: '应保存天数', en: 'days to be kept' }, report.retention.requiredDays],
      [{ zh: '规则包', en: 'rule pack' }, pack],
    ],
    body: [
      recordings(report),
      uptime(report),
      coverage(report),
      challenges(report),
      checks(report),
      incidents(report),
      holdsAndObjections(report),
      provenance(report),
    ],
  });
};
