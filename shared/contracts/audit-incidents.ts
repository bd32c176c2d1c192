import * as z from 'zod';
import { channelKinds } from '../domain/delivery/channel.ts';
import { noticeKinds } from '../domain/incident.ts';
import { ruleNames } from '../domain/verdict.ts';
import { pageOf, pageQuery } from './page.ts';
import { sheetFormat } from './sheet-format.ts';
import { divisionPrefix, facilityId, instant } from './wire.ts';

const word = z.string().max(100);
const text = z.string().max(500);
const bilingual = z.strictObject({ zh: text, en: text });
const incidentId = z.string().max(300);
const rules = [...ruleNames, 'alarm', 'registration', 'storm'] as const;
/** Whole seconds after the opening; absent = it never came so far, or nobody knows. */
const after = z.number().int().min(0).exactOptional();

/** Incidents by opening, newest first. Absent `division` and `facility` = all that the caller reaches. */
export const auditIncidentsQuery = pageQuery.extend({
  division: divisionPrefix.exactOptional(),
  facility: facilityId.exactOptional(),
  /** Opened at or after. Absent = 30 days before `to`. */
  from: instant.exactOptional(),
  /** Opened before. Absent = now. */
  to: instant.exactOptional(),
  rule: z.enum(rules).exactOptional(),
  format: sheetFormat.exactOptional(),
});
export type AuditIncidentsQuery = z.infer<typeof auditIncidentsQuery>;

const responseTimes = z.strictObject({
  /** A topic took the first notice. Published is not told. */
  publishedSeconds: after,
  /** A channel of a person first took one. Delivered is not seen. */
  deliveredSeconds: after,
  seenSeconds: after,
  answeredSeconds: after,
  closedSeconds: after,
});

const shape = {
  incident: incidentId,
  /** `division-<code>` where it is about a whole division. */
  facility: z.string().max(100),
  facilityName: bilingual.exactOptional(),
  division: z.string().max(12),
  rule: z.enum(rules),
  subject: word,
  title: bilingual,
  finding: z.enum(['breached', 'not-shown', 'alarm', 'event']),
  reason: word,
  lifeSafety: z.boolean(),
  /** Part of a registered drill. */
  drill: z.boolean(),
  since: instant,
  openedAt: instant,
  endedAt: instant.exactOptional(),
  state: z.enum(['open', 'answered', 'closed']),
  closedAt: instant.exactOptional(),
  closeReason: word.exactOptional(),
  /** `name@version` of the rule pack that made it. */
  pack: word,
  times: responseTimes,
};

export const auditIncident = z.strictObject(shape);
export type AuditIncident = z.infer<typeof auditIncident>;
export const auditIncidentPage = pageOf(auditIncident).extend({ asOf: instant });
export type AuditIncidentPage = z.infer<typeof auditIncidentPage>;

export const auditIncidentView = z.strictObject({
  ...shape,
  asOf: instant,
  /** Whom it was to be told to, rung by rung, and what became of each notice. No person is named. */
  told: z
    .array(
      z.strictObject({
        rung: z.number().int().min(0),
        level: z.enum(['facility', 'town', 'district', 'city']).exactOptional(),
        department: word,
        departmentName: bilingual,
        duty: z.enum(['act', 'copy', 'inform']),
        notice: z.enum(noticeKinds),
        publishedAt: instant.exactOptional(),
        /** One for each contact of a post. Empty = it has not gone to people (yet). */
        deliveries: z
          .array(
            z.strictObject({
              /** `<department>~<place>`: whose people were asked for. */
              post: word,
              state: z.enum(['owed', 'delivered', 'seen', 'nobody', 'undeliverable', 'withheld']),
              createdAt: instant,
              deliveredAt: instant.exactOptional(),
              seenAt: instant.exactOptional(),
              /** Every kind of channel that was tried. */
              channels: z.array(z.enum(channelKinds)).max(20),
            }),
          )
          .max(1_000),
      }),
    )
    .max(512),
  /** Who said something, and when. */
  answers: z
    .array(
      z.strictObject({
        at: instant,
        is: z.enum(['answered', 'closed', 'seen', 'passed-on', 'marked-false', 'declared-real']),
        /** `system`: no person, our own sweep. */
        by: z.enum(['person', 'system']),
        /** Department of the link that was used or of the person's role now; absent = not known (any more). */
        department: word.exactOptional(),
        /** Salted id of the person: the same person has the same id, and no name follows from it. */
        person: z.string().max(64).exactOptional(),
        reason: word,
      }),
    )
    .max(1_000),
});
export type AuditIncidentView = z.infer<typeof auditIncidentView>;
