import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Gap } from '../../domain/gap.ts';
import type { HeldDay } from '../../domain/held-day.ts';
import type { Incident, Step } from '../../domain/incident.ts';
import type { CheckReport, DigestReport } from '../../domain/reports.ts';
import type { ListPlace } from '../../ports/incident-store.ts';
import type { KeptReport, RecordStore } from '../../ports/record-store.ts';
import { answered } from '../engine-trouble.ts';
import { changesOf } from './changes.ts';
import { documentsOf } from './client.ts';
import { cursorInvalid, decodeCursor, encodeCursor } from './cursor.ts';
import { beginning, between, happened, type Item, type Key, queryAll, readItem } from './engine.ts';
import { expiring, expiringAsHistory, HISTORY_DAYS, RECORDING_DAYS, REPORT_DAYS } from './expiry.ts';
import { heldDayOfBody, itemOfHeldDay } from './held-day-item.ts';
import { isReadable, keptOf, putKept } from './kept-reports.ts';
import { AFTER_ALL, closedList, closedListOf, openedAtId, padMs, SCHEMA } from './keys.ts';
import { pageWith, queryPage, readListed } from './listing.ts';

const BY_MONTH = 'by-month';
const openedAtIdPattern = /^\d{13}#.+$/;

const gapKey = (facilityId: string, rule: string, subject: string, fromMs: number): Key => ({
  pk: facilityId,
  sk: `gap#${padMs(fromMs)}#${rule}#${subject}`,
});

const reportKey = (facilityId: string, kind: string, box: string, id: string): Key => ({
  pk: facilityId,
  sk: `${kind}#${box}#${id}`,
});

/** By arrival, which alone is our time: the id of a report has its box's. */
const findingsKey = (facilityId: string, { report, receivedMs, key }: KeptReport<CheckReport>): Key => ({
  pk: facilityId,
  sk: `finding#${padMs(receivedMs)}#${key}#${report.id}`,
});

/** By hour, so that a day is read without the others. */
const hourKey = (facilityId: string, box: string, { report }: KeptReport<DigestReport>): Key => ({
  pk: facilityId,
  sk: `hour#${padMs(report.hourMs)}#${box}#${report.id}`,
});

const heldKey = (facilityId: string, camera: string, day: string): Key => ({
  pk: facilityId,
  sk: `held#${camera}#${day}`,
});

const archivedKey = (facilityId: string, incidentId: string): Key => ({ pk: facilityId, sk: `incident#${incidentId}` });

/** An incident's id begins with its facility's; a place that is in no list needs only a key that could be one. */
const placeOf = (place: ListPlace): readonly string[] => [place.id.split('~')[0] ?? '', openedAtId(place)];

const stepKey = (facilityId: string, incidentId: string, n: number): Key => ({
  pk: facilityId,
  sk: `step#${incidentId}#${String(n).padStart(6, '0')}`,
});

/** What was put, without what only the table needs. */
const bodyOf = (item: Item): Item => {
  const { pk: _pk, sk: _sk, schema: _schema, expiresAt: _expires, ...body } = item;
  return body;
};

const gapOf = (item: Item): Gap => ({ facilityId: String(item.pk), ...bodyOf(item) }) as Gap;

const heldDayOf = (item: Item): HeldDay => heldDayOfBody(bodyOf(item));

/** Everything that is kept of a facility for the auditor. */
export const makeRecordStore = (client: DynamoDBClient, table: string): RecordStore => {
  const documents = documentsOf(client);

  /** Sets attributes of a gap if the condition holds; a condition that does not is no trouble. */
  const changeGap = (gap: Gap, attributes: Record<string, unknown>, condition: string): Promise<boolean> => {
    const { expression, names, values } = changesOf(attributes);
    return happened(
      documents.send(
        new UpdateCommand({
          TableName: table,
          Key: gapKey(gap.facilityId, gap.rule, gap.subject, gap.fromMs),
          UpdateExpression: expression,
          ConditionExpression: condition,
          ExpressionAttributeNames: names,
          ExpressionAttributeValues: values,
        }),
      ),
    );
  };

  /** It expires by our clock. A replay after that is taken anew, and changes nothing that is judged: it is of then. */
  const put = (
    facilityId: string,
    kind: string,
    box: string,
    kept: KeptReport<{ readonly id: string }>,
    days: number = REPORT_DAYS,
  ) =>
    putKept(client, table, reportKey(facilityId, kind, box, kept.report.id), {
      ...kept,
      ...expiring(kept.receivedMs, days),
    });

  const read = async <T>(
    facilityId: string,
    kind: string,
    box: string,
    id: string,
    how?: 'eventually',
  ): Promise<KeptReport<T> | undefined> => {
    const item = await readItem(client, table, reportKey(facilityId, kind, box, id), how);
    return item && isReadable(item) ? keptOf(item) : undefined;
  };

  /**
   * An id holds its box's time, which is not to be trusted, so all reports of the kind are read and the engine filters
   * them. A few a day, and read once a day.
   */
  const receivedSince = async <T>(facilityId: string, kind: string, sinceMs: number): Promise<KeptReport<T>[]> => {
    const all = beginning(table, facilityId, `${kind}#`);
    const received = await queryAll(client, {
      ...all,
      FilterExpression: 'receivedMs >= :since',
      ExpressionAttributeValues: { ...all.ExpressionAttributeValues, ':since': sinceMs },
    });
    return received.filter(isReadable).map((item) => keptOf<T>(item));
  };

  const readArchived = async (facilityId: string, incidentId: string): Promise<Incident | undefined> => {
    const item = await readItem(client, table, archivedKey(facilityId, incidentId));
    return item && (item.incident as Incident);
  };

  return {
    putGap: async (gap) => {
      const { facilityId: _inKey, toMs, shownLate, ...first } = gap;
      // The record comes before the vitals move. A crash after it leaves a gap that the box's retry puts again, with a
      // later end: the end only grows, and what dates the incident stays as it was first put.
      const expires = expiringAsHistory(gap.facilityId, gap.fromMs);
      const isNew = await changeGap(gap, { schema: SCHEMA, ...first, ...expires, toMs }, 'attribute_not_exists(pk)');
      // A long one lasts from its end: it is asked for by every window that it reaches into.
      if (!isNew) await changeGap(gap, { toMs, ...expiringAsHistory(gap.facilityId, toMs) }, '#toMs < :toMs');
      if (shownLate !== undefined) {
        await changeGap(gap, { shownLate }, 'attribute_not_exists(#shownLate) OR #shownLate < :shownLate');
      }
    },

    addShownLate: async (facilityId, rule, subject, fromMs, minutes) => {
      await happened(
        documents.send(
          new UpdateCommand({
            TableName: table,
            Key: gapKey(facilityId, rule, subject, fromMs),
            UpdateExpression: 'ADD shownLate :minutes',
            ConditionExpression: 'attribute_exists(pk)',
            ExpressionAttributeValues: { ':minutes': minutes },
          }),
        ),
      );
    },

    gapsFrom: async (facilityId, sinceMs) =>
      (await queryAll(client, between(table, facilityId, `gap#${padMs(sinceMs)}`, `gap#${AFTER_ALL}`))).map(gapOf),

    /**
     * A gap may be as long as a box stayed away, so no look-back would be right for all: the gaps are read from the first
     * one kept to the end of the window and filtered by the engine. Exact, and bounded by how long gaps are kept.
     */
    gapsWithin: async (facilityId, { fromMs, toMs }) => {
      const started = between(table, facilityId, 'gap#', `gap#${padMs(toMs)}`);
      const overlapping = await queryAll(client, {
        ...started,
        FilterExpression: 'toMs > :windowFrom',
        ExpressionAttributeValues: { ...started.ExpressionAttributeValues, ':windowFrom': fromMs },
      });
      return overlapping.map(gapOf);
    },

    putCheck: (facilityId, box, kept) => put(facilityId, 'check', box, kept),
    readCheck: (facilityId, box, id) => read(facilityId, 'check', box, id),
    checksSince: (facilityId, sinceMs) => receivedSince(facilityId, 'check', sinceMs),

    eraseCheck: async (facilityId, box, id) => {
      const key = reportKey(facilityId, 'check', box, id);
      const item = await readItem(client, table, key);
      if (item === undefined) return false;
      if (!isReadable(item)) return true;
      // First the list: dying after it, the check is still there and says what is to be taken out of the list.
      const listed = findingsKey(facilityId, keptOf<CheckReport>(item));
      await answered(documents.send(new DeleteCommand({ TableName: table, Key: listed })));
      return happened(
        documents.send(
          new UpdateCommand({
            TableName: table,
            Key: key,
            // The digest too: it has no salt, and every guess at what is erased could be tried against it.
            UpdateExpression: 'REMOVE report, digest',
            ConditionExpression: 'attribute_exists(pk)',
          }),
        ),
      );
    },

    putFindings: async (facilityId, kept) => {
      // After the check itself. A crash in between leaves a check that the box sends again, and that is listed then.
      const expires = expiring(kept.receivedMs, REPORT_DAYS);
      const item = { ...findingsKey(facilityId, kept), schema: SCHEMA, ...kept, ...expires };
      await answered(documents.send(new PutCommand({ TableName: table, Item: item })));
    },

    findingsSince: async (facilityId, sinceMs) =>
      (await queryAll(client, between(table, facilityId, `finding#${padMs(sinceMs)}`, `finding#${AFTER_ALL}`))).map(
        (item) => keptOf<CheckReport>(item),
      ),

    putLog: (facilityId, box, kept) => put(facilityId, 'log', box, kept, HISTORY_DAYS),
    readLog: async (facilityId, box, id) => {
      const item = await readItem(client, table, reportKey(facilityId, 'log', box, id));
      return item && keptOf(item);
    },
    logsSince: (facilityId, sinceMs) => receivedSince(facilityId, 'log', sinceMs),
    putRecording: (facilityId, box, kept) => put(facilityId, 'recording', box, kept, RECORDING_DAYS),
    readRecording: (facilityId, box, id) => read(facilityId, 'recording', box, id, 'eventually'),

    putDigest: async (facilityId, box, kept) => {
      const outcome = await put(facilityId, 'digest', box, kept);
      if (outcome === 'id-reused') return outcome;
      const first = outcome === 'put' ? kept : await read<DigestReport>(facilityId, 'digest', box, kept.report.id);
      // After the report itself. A crash in between leaves an hour unlisted until the box, unanswered, sends it again.
      const listed = { box, ...(first ?? kept), ...expiring((first ?? kept).receivedMs, REPORT_DAYS) };
      const item = { ...hourKey(facilityId, box, first ?? kept), schema: SCHEMA, ...listed };
      await answered(documents.send(new PutCommand({ TableName: table, Item: item })));
      return outcome;
    },

    digestsWithin: async (facilityId, { fromMs, toMs }) => {
      const hours = between(table, facilityId, `hour#${padMs(fromMs)}`, `hour#${padMs(toMs)}`);
      return (await queryAll(client, hours)).map((item) => ({ box: String(item.box), ...keptOf<DigestReport>(item) }));
    },

    readHeldDay: async (facilityId, camera, day, how) => {
      const item = await readItem(client, table, heldKey(facilityId, camera, day), how);
      return item && heldDayOf(item);
    },

    saveHeldDay: (facilityId, next, readRevision) =>
      happened(
        documents.send(
          new PutCommand({
            TableName: table,
            Item: { ...heldKey(facilityId, next.camera, next.day), schema: SCHEMA, ...itemOfHeldDay(next) },
            ...(readRevision === undefined
              ? { ConditionExpression: 'attribute_not_exists(pk)' }
              : {
                  ConditionExpression: 'revision = :readRevision',
                  ExpressionAttributeValues: { ':readRevision': readRevision },
                }),
          }),
        ),
      ),

    heldDays: async (facilityId, camera, fromDay, toDay, how) => {
      const days = between(table, facilityId, `held#${camera}#${fromDay}`, `held#${camera}#${toDay}`);
      return (await queryAll(client, days, how)).map(heldDayOf);
    },

    archiveIncident: async (incident) => {
      const key = archivedKey(incident.facilityId, incident.id);
      const index = { listedIn: closedListOf(incident), openedAtId: openedAtId(incident) };
      const expires = expiringAsHistory(incident.facilityId, incident.closedAtMs ?? incident.openedAtMs);
      // Before the live item is deleted. A crash in between leaves both; the next sweep archives again and deletes. A
      // sweep that overslept must not put an older copy over a newer one.
      await happened(
        documents.send(
          new PutCommand({
            TableName: table,
            Item: { ...key, schema: SCHEMA, ...index, ...expires, revision: incident.revision, incident },
            ConditionExpression: 'attribute_not_exists(pk) OR revision <= :revision',
            ExpressionAttributeValues: { ':revision': incident.revision },
          }),
        ),
      );
    },

    readArchived,

    /** Ids of alarms begin alike, so only alarms are read; they are few, and the engine leaves out the older ones. */
    archivedAlarms: async (facilityId, sinceMs) => {
      const alarms = beginning(table, facilityId, `incident#${facilityId}~alarm~`);
      const found = await queryAll(client, {
        ...alarms,
        FilterExpression: 'incident.openedAtMs >= :since',
        ExpressionAttributeValues: { ...alarms.ExpressionAttributeValues, ':since': sinceMs },
      });
      return found.map((item) => item.incident as Incident);
    },

    listArchived: async (county, month, limit, cursor, olderThan) => {
      const list = closedList(county, month);
      const [facilityId, after] = decodeCursor(list, 2, cursor) ?? (olderThan ? placeOf(olderThan) : []);
      if (after !== undefined && !openedAtIdPattern.test(after)) throw cursorInvalid();
      const { items, more } = await queryPage(client, {
        TableName: table,
        IndexName: BY_MONTH,
        KeyConditionExpression: 'listedIn = :list',
        ExpressionAttributeValues: { ':list': list },
        ScanIndexForward: false,
        Limit: limit,
        ...(facilityId !== undefined &&
          after !== undefined && {
            ExclusiveStartKey: {
              listedIn: list,
              openedAtId: after,
              ...archivedKey(facilityId, after.slice(after.indexOf('#') + 1)),
            },
          }),
      });
      const found = await readListed(
        items,
        (key) => readArchived(String(key.pk), String(key.sk).slice('incident#'.length)),
        (incident) => closedListOf(incident) === list,
      );
      const last = items.at(-1);
      const place = last && [String(last.pk), String(last.openedAtId)];
      return pageWith(found, more && place ? encodeCursor(list, place) : undefined);
    },

    flushSteps: async (facilityId, incidentId, steps) => {
      // Before they are trimmed from the head. A crash half way leaves some written; they are written again, the same.
      for (const step of steps) {
        const expires = expiringAsHistory(facilityId, step.atMs);
        const item = { ...stepKey(facilityId, incidentId, step.n), schema: SCHEMA, ...expires, step };
        await answered(documents.send(new PutCommand({ TableName: table, Item: item })));
      }
    },

    readSteps: async (facilityId, incidentId) =>
      (await queryAll(client, beginning(table, facilityId, `step#${incidentId}#`))).map((item) => item.step as Step),
  };
};
