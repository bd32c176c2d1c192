import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  areaRecordingsQuery,
  facilityRetentionQuery,
  retentionQuery,
  uptimeQuery,
} from '../../../shared/contracts/audit.ts';
import { bundleQuery, exportBody, reportQuery } from '../../../shared/contracts/audit-files.ts';
import { type AuditIncident, auditIncident, auditIncidentsQuery } from '../../../shared/contracts/audit-incidents.ts';
import { accessesQuery, objectionsQuery } from '../../../shared/contracts/audit-notes.ts';
import { challengesQuery, checksQuery, coverageQuery } from '../../../shared/contracts/audit-questions.ts';
import { closeReasons, sweepCloseReasons } from '../../../shared/domain/incident.ts';
import { closeReasonIn } from '../../../shared/domain/notices/close-words.ts';
import { alarmWords } from '../../../shared/domain/notices/notice-words.ts';
import { askedIn, partWords } from '../../../shared/use-cases/audit/access-words.ts';
import { incidentReasonIn, stateWords } from '../../../shared/use-cases/audit/audit-words.ts';
import { incidentsSheet } from '../../../shared/use-cases/audit/incidents-sheet.ts';
import { linesOf } from '../../../shared/use-cases/audit/sheet.ts';
import { subjectIn } from '../../../shared/use-cases/audit/subject-in.ts';

const HAN = /\p{Script=Han}/u;

const sources = globSync('shared/domain/{rules,incidents}/*.ts').map((file) => readFileSync(file, 'utf8'));
/** What the rules and incidents themselves write, so that a new code without words fails here. */
const writtenAs = (pattern: RegExp): readonly string[] => [
  ...new Set(sources.flatMap((source) => [...source.matchAll(pattern)].map(([, word = '']) => word))),
];

describe('every code that a line can have has Chinese words', () => {
  it('of reasons that a rule finds against a nursery, and of alarms', () => {
    const found = writtenAs(/state: '(?:breached|unknown)',\s*reason: '([a-z-]+)'/g);
    expect(found.length).toBeGreaterThan(20);
    for (const reason of [...found, ...Object.keys(alarmWords)]) expect(incidentReasonIn(reason).zh).toMatch(HAN);
  });

  it('of what an incident is about', () => {
    const kinds = writtenAs(/subject: [`']([a-z]+)[/'`]/g);
    expect(kinds).toEqual(expect.arrayContaining(['box', 'area', 'camera', 'filed', 'division', 'facility']));
    for (const kind of [...kinds, 'signal', 'device', 'challenges', 'registered', 'changed', 'cancelled']) {
      expect(subjectIn(`${kind}/x-1`).zh, kind).toMatch(HAN);
    }
    expect(subjectIn('camera/cam-1').zh).toBe('摄像头 cam-1');
  });

  it('of closings, and of the states of an incident', () => {
    for (const reason of [...closeReasons, ...sweepCloseReasons]) expect(closeReasonIn(reason).zh).toMatch(HAN);
    for (const state of auditIncident.shape.state.options) expect(stateWords[state].zh).toMatch(HAN);
  });

  it('of every part of a question that is noted, and of what it may be', () => {
    const queries = [
      retentionQuery,
      facilityRetentionQuery,
      areaRecordingsQuery,
      uptimeQuery,
      bundleQuery,
      reportQuery,
    ];
    const lists = [auditIncidentsQuery, accessesQuery, objectionsQuery, challengesQuery, checksQuery, coverageQuery];
    const parts = [...queries, ...lists, exportBody].flatMap(({ shape }) => Object.keys(shape));
    const noted = parts.filter((part) => !['format', 'limit', 'cursor'].includes(part));
    expect(noted.filter((part) => partWords[part] === undefined)).toEqual([]);
    const chosen = {
      show: retentionQuery.shape.show.unwrap().options,
      rule: auditIncidentsQuery.shape.rule.unwrap().options,
      records: bundleQuery.shape.records.unwrap().options,
      of: exportBody.shape.of.options,
    };
    for (const [part, values] of Object.entries(chosen)) {
      for (const value of values)
        expect(
          askedIn({ [part]: value }, (same) => same),
          value,
        ).not.toContain(value);
    }
  });
});

describe('how far an incident came', () => {
  const line: AuditIncident = {
    incident: 'sunshine~connected~facility~1',
    facility: 'sunshine',
    division: '321202001',
    rule: 'connected',
    subject: 'facility',
    title: { zh: '已登记机构未接入监测', en: 'never connected' },
    finding: 'breached',
    reason: 'never-connected',
    lifeSafety: false,
    drill: false,
    since: '2026-11-05T16:00:00.000Z',
    openedAt: '2026-11-05T16:00:00.000Z',
    state: 'open',
    pack: 'national@1',
    times: {},
  };
  const timesOf = (more: Partial<AuditIncident>) => {
    const { headings, values } = linesOf(incidentsSheet([{ ...line, ...more }]));
    return headings.flatMap((heading, at) => (heading.includes('秒数') ? [values[0]?.[at]] : []));
  };

  it('is a dash where nothing came yet, and unknown where it must have come', () => {
    expect(timesOf({})).toEqual(['—', '—', '—', '—', '—']);
    expect(timesOf({ times: { publishedSeconds: 0, seenSeconds: 9 } })).toEqual([0, '未知', 9, '—', '—']);
    expect(timesOf({ state: 'answered', times: { publishedSeconds: 2 } })).toEqual([2, '—', '—', '未知', '—']);
  });
});
