import * as z from 'zod';
import { closeReasons, falseAlarmCodes, noticeKinds, toldByWays } from '../domain/incident.ts';
import { reportableKinds } from '../domain/incidents/open-by-officer.ts';
import { allAlarmKinds } from '../domain/reports.ts';
import { topicNames } from '../domain/rule-pack.ts';
import { ruleNames } from '../domain/verdict.ts';
import { throughLink } from './desk-deliveries.ts';
import { pageOf, pageQuery } from './page.ts';
import { ownId } from './windows.ts';
import { divisionPrefix, facilityId, instant, shortId } from './wire.ts';

const lanes = ['life-safety', 'technical'] as const;
const states = ['open', 'answered', 'closed'] as const;
const word = z.string().max(100);
const text = z.string().max(500);
const incidentId = z.string().max(300);
const bilingual = z.strictObject({ zh: text, en: text });

/** Lists of incidents, newest first. Absent `division` means everything that the caller's roles reach. */
export const incidentListQuery = pageQuery.extend({
  division: divisionPrefix.exactOptional(),
  state: z.enum(states).exactOptional(),
  lane: z.enum(lanes).exactOptional(),
  /** Opened at or after. Absent = 30 days before `to`. */
  from: instant.exactOptional(),
  /** Opened before. Absent = now. */
  to: instant.exactOptional(),
  /** Only the children of this storm. */
  storm: incidentId.exactOptional(),
});
export type IncidentListQuery = z.infer<typeof incidentListQuery>;

/** The officer is the one of the token; there is nothing else to say, and no room for free text about a child. */
export const answerBody = z.strictObject({});
export const closeBody = z.strictObject({ reason: z.enum(closeReasons) });
export type CloseBody = z.infer<typeof closeBody>;
/** It closes nothing and stops no notice: an officer decides. */
export const falseAlarmBody = z.strictObject({ code: z.enum(falseAlarmCodes) });

/** What an officer was told and no box reported. Codes only. */
export const openBody = z.strictObject({
  id: ownId,
  facility: facilityId,
  kind: z.enum(reportableKinds),
  area: shortId.exactOptional(),
  confirmed: z.enum(['yes', 'no', 'unknown']).exactOptional(),
  /** Absent = nobody could say. */
  since: instant.exactOptional(),
  toldBy: z.enum(toldByWays),
});
export type OpenBody = z.infer<typeof openBody>;

/** What became of it; whoever may read the incident reads it by its id. */
export const openedView = z.strictObject({
  incident: incidentId,
  state: z.enum(states),
  /** Taken by the topic. Published is not told. */
  published: z.array(z.strictObject({ department: word, at: instant })).max(256),
});
export type OpenedView = z.infer<typeof openedView>;

/** Which published notice is asked for; absent = the latest. */
export const capQuery = z.strictObject({ notice: z.string().min(1).max(500).exactOptional() });
export type CapQuery = z.infer<typeof capQuery>;

const summaryShape = {
  id: incidentId,
  facility: facilityId,
  /** Absent if the facility is no longer in the registry. */
  facilityName: bilingual.exactOptional(),
  division: z.string().max(12),
  lane: z.enum(lanes),
  rule: z.enum([...ruleNames, 'alarm', 'registration', 'storm']),
  subject: word,
  /** What happened, in both languages. */
  title: bilingual,
  finding: z.enum(['breached', 'not-shown', 'alarm', 'event']),
  reason: word,
  hazard: word,
  /** The instant it became true. */
  since: instant,
  openedAt: instant,
  endedAt: instant.exactOptional(),
  state: z.enum(states),
  answeredBy: z.string().max(512).exactOptional(),
  answeredAt: instant.exactOptional(),
  /** The answer holds until then, unless something follows it. */
  answerUntil: instant.exactOptional(),
  closedBy: z.string().max(512).exactOptional(),
  closedAt: instant.exactOptional(),
  closeReason: word.exactOptional(),
  /** The storm (an incident of a whole division) that tells of it. */
  storm: incidentId.exactOptional(),
  /** Of a storm: how many facilities are silent, and of how many. */
  stormFacts: z
    .strictObject({ children: z.number().int(), facilities: z.union([z.number().int(), z.literal('unknown')]) })
    .exactOptional(),
  /** It is part of a registered drill. */
  drill: z.strictObject({ window: word, to: instant }).exactOptional(),
};

export const incidentSummary = z.strictObject(summaryShape);
export type IncidentSummary = z.infer<typeof incidentSummary>;
export const incidentPage = pageOf(incidentSummary);

const citation = z.strictObject({
  document: z.string().max(300),
  number: word.exactOptional(),
  clause: word.exactOptional(),
  standing: word,
  verified: z.boolean(),
});

const department = z.strictObject({
  /** Department id of the pack, or `facility`. */
  id: word,
  name: bilingual,
  topic: z.enum(topicNames),
  duty: z.enum(['act', 'copy', 'inform']),
});
const level = z.enum(['facility', 'town', 'district', 'city']);
const noticeKind = z.enum(noticeKinds);
const rung = z.strictObject({
  level,
  dueAt: instant,
  enteredAt: instant.exactOptional(),
  recipients: z.array(department).max(32),
});

export const incidentView = z.strictObject({
  ...summaryShape,
  /** False once it is archived and nothing of it can change. */
  live: z.boolean(),
  area: z.strictObject({ id: shortId, name: bilingual, floor: z.number().int() }).exactOptional(),
  alarm: z
    .strictObject({
      kind: z.enum(allAlarmKinds),
      box: shortId,
      reportId: word,
      confirmed: z.enum(['yes', 'no', 'unknown']),
      drillFlag: z.boolean(),
      ageSeconds: z.union([z.number(), z.literal('unknown')]),
      /** Present = an officer opened it. */
      toldBy: z.enum(toldByWays).exactOptional(),
    })
    .exactOptional(),
  /** What somebody on site or on duty says of the alarm. */
  falseAlarm: z.strictObject({ by: z.string().max(512), at: instant, code: z.enum(falseAlarmCodes) }).exactOptional(),
  /** Of a drill: who was reached and who answered, in seconds after it was opened. */
  score: z
    .strictObject({
      departments: z
        .array(
          z.strictObject({
            department: word,
            publishedSeconds: z.number().int().min(0).exactOptional(),
            deliveredSeconds: z.number().int().min(0).exactOptional(),
            seenSeconds: z.number().int().min(0).exactOptional(),
          }),
        )
        .max(64),
      answer: z.strictObject({ by: z.string().max(512), seconds: z.number().int().min(0) }).exactOptional(),
    })
    .exactOptional(),
  /** What of a facility's registration was pushed; `version` is the facility's that it made. */
  registration: z
    .strictObject({
      event: z.enum(['registered', 'changed', 'cancelled']),
      version: z.number().int(),
      fields: z.array(word).max(8),
    })
    .exactOptional(),
  /** `name@version` of the rule pack that made it. */
  pack: word,
  /** The duty that is not shown to be met, and what names the departments; absent if that pack is not kept here. */
  duty: citation.exactOptional(),
  routing: citation.exactOptional(),
  /** True where the document is silent and the territory's lead stands in. */
  fallback: z.boolean(),
  ladder: z.array(rung).max(16),
  /** The rung that comes next if nobody answers, and when. */
  next: z.strictObject({ level, dueAt: instant }).exactOptional(),
  notices: z.strictObject({
    /** Taken by the topic. Published is not told. */
    published: z
      .array(
        z.strictObject({
          level: level.exactOptional(),
          department: word,
          kind: noticeKind,
          publishedAt: instant,
          deliveredAt: instant.exactOptional(),
          seenAt: instant.exactOptional(),
        }),
      )
      .max(256),
    owed: z
      .array(
        z.strictObject({
          level: level.exactOptional(),
          department: word,
          kind: noticeKind,
          dueAt: instant,
          attempts: z.number().int().min(0),
        }),
      )
      .max(64),
  }),
  /** Who stands behind each `link|…` of the timeline and of `answeredBy`. */
  through: z.array(throughLink).max(1_000).exactOptional(),
  /** The whole timeline, oldest first. */
  steps: z.array(
    z.strictObject({ n: z.number().int(), at: instant, kind: word, by: z.string().max(512), reason: text }),
  ),
});
export type IncidentView = z.infer<typeof incidentView>;
