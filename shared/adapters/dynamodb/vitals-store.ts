import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { PutCommand, paginateScan, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { OFFSET_AGREES_MS } from '../../domain/freshness.ts';
import type { AlarmReceipt } from '../../domain/notices/alarm-receipt.ts';
import type { BoxVitals } from '../../domain/vitals.ts';
import type { BeatTaken, CandidateFilter, PlainBeat, VitalsStore } from '../../ports/vitals-store.ts';
import { troubleOf } from '../engine-trouble.ts';
import { changesOf } from './changes.ts';
import { documentsOf } from './client.ts';
import { happened, type Item, queryAll, readItem, unlessRefused } from './engine.ts';
import { SCHEMA } from './keys.ts';
import { receiptPrefix, receiptText } from './receipt-text.ts';
import {
  BOX_PREFIX,
  boxChanges,
  boxOf,
  COVERAGE_PREFIX,
  coverageChanges,
  coverageOf,
  FACILITY_SORT,
  facilityChanges,
  facilityOf,
  RECEIPT,
  RECEIPT_BEFORE,
  receiptsFrom,
} from './vitals-rows.ts';

/** Sequence of an admitted key before its first report; the first one is 0 or more. */
const NEVER = -1;

const number = (value: number): { N: string } => ({ N: String(value) });

/**
 * Written by hand and by the plain client: this runs once a minute for every box there is, and translating it through
 * documents would only cost CPU.
 */
const beatCommand = (table: string, beat: PlainBeat): UpdateItemCommand =>
  new UpdateItemCommand({
    TableName: table,
    Key: { pk: { S: beat.facilityId }, sk: { S: `${BOX_PREFIX}${beat.box}` } },
    UpdateExpression: 'SET liveKeys.#key = :seq, beatAt = :now, silentAt = silentAfterMs + :now',
    ConditionExpression:
      'liveKeys.#key < :seq AND silentAt > :now AND facts = :facts AND offsetMs BETWEEN :least AND :most',
    // Given back by the write itself: it costs no read. All of it, because the receipts are not written here.
    ReturnValues: 'ALL_NEW',
    ExpressionAttributeNames: { '#key': beat.key },
    ExpressionAttributeValues: {
      ':seq': number(beat.seq),
      ':now': number(beat.nowMs),
      ':facts': { S: beat.facts },
      ':least': number(beat.offsetMs - OFFSET_AGREES_MS),
      ':most': number(beat.offsetMs + OFFSET_AGREES_MS),
    },
  });

const takenBeat = async (client: DynamoDBClient, command: UpdateItemCommand): Promise<BeatTaken | undefined> => {
  const written = await unlessRefused(client.send(command));
  if (written === undefined) return undefined;
  const { silentAfterMs, [RECEIPT]: latest, [RECEIPT_BEFORE]: before } = written.Attributes ?? {};
  return { silentAfterMs: Number(silentAfterMs?.N), ...receiptsFrom([latest?.S, before?.S]) };
};

/**
 * The ways in which a receipt finds its place without a read: it replaces an older revision of itself, as the latest or as
 * the one before; it is of a newer alarm; it is of one between the two. Each is one conditional write. A crash between
 * two tries leaves what was there.
 */
const receiptPlaces: readonly { readonly set: string; readonly where: string }[] = [
  { set: 'receipt = :new', where: 'begins_with(receipt, :alarm) AND receipt < :new' },
  {
    set: 'receiptBefore = if_not_exists(receipt, :none), receipt = :new',
    where: 'attribute_not_exists(receipt) OR receipt < :alarm',
  },
  {
    set: 'receiptBefore = :new',
    where: 'begins_with(receiptBefore, :alarm) AND receiptBefore < :new AND receipt > :new',
  },
  {
    set: 'receiptBefore = :new',
    where:
      'receipt > :new AND NOT begins_with(receipt, :alarm) AND (attribute_not_exists(receiptBefore) OR receiptBefore < :alarm)',
  },
];

const receiptCommand = (
  table: string,
  key: { readonly facilityId: string; readonly box: string },
  receipt: AlarmReceipt,
  { set, where }: (typeof receiptPlaces)[number],
): UpdateCommand =>
  new UpdateCommand({
    TableName: table,
    Key: { pk: key.facilityId, sk: `${BOX_PREFIX}${key.box}` },
    UpdateExpression: `SET ${set}`,
    ConditionExpression: `attribute_exists(pk) AND (${where})`,
    ExpressionAttributeValues: {
      ':new': receiptText(receipt),
      ':alarm': receiptPrefix(receipt),
      ...(set.includes(':none') && { ':none': '' }),
    },
  });

interface Sequence {
  readonly key: string;
  readonly seq: number;
}

interface RowPatch {
  readonly pk: string;
  readonly sk: string;
  /** Attributes that change; `undefined` removes. */
  readonly changes: Readonly<Record<string, unknown>>;
  readonly readRevision: number;
  /** Attributes that must still be as they were read; `undefined` = absent. */
  readonly unchanged?: Readonly<Record<string, unknown>>;
  readonly seq?: Sequence | undefined;
}

/** One compare-and-set of a row. Before it nothing is changed; after it everything is: a crash has no third case. */
const patchCommand = (
  table: string,
  { pk, sk, changes, readRevision, unchanged = {}, seq }: RowPatch,
): UpdateCommand => {
  const moves = seq ? ['liveKeys.#seqKey = :seq'] : [];
  const { expression, names, values } = changesOf({ ...changes, revision: readRevision + 1 }, moves);
  const same = Object.entries(unchanged).map(([name, value]) =>
    value === undefined ? `attribute_not_exists(${name})` : `${name} = :was_${name}`,
  );
  const conditions = ['#revision = :readRevision', ...same, ...(seq ? ['liveKeys.#seqKey < :seq'] : [])];
  const was = Object.entries(unchanged).filter(([, value]) => value !== undefined);
  return new UpdateCommand({
    TableName: table,
    Key: { pk, sk },
    UpdateExpression: expression,
    ConditionExpression: conditions.join(' AND '),
    ExpressionAttributeNames: { ...names, ...(seq && { '#seqKey': seq.key }) },
    ExpressionAttributeValues: {
      ...values,
      ':readRevision': readRevision,
      ...Object.fromEntries(was.map(([name, value]) => [`:was_${name}`, value])),
      ...(seq && { ':seq': seq.seq }),
    },
  });
};

/** `dueAt` is what tells a facility's row from the others; only that row is judged by a pack set. */
const worthALook = [
  'silentAt <= :now',
  'dueAt <= :now',
  'attribute_exists(judgeFrom)',
  '#slot = :slot',
  '(attribute_exists(dueAt) AND attribute_not_exists(packSet))',
  '(attribute_exists(packSet) AND packSet <> :packSet)',
].join(' OR ');

/** The vitals table. Nothing here knows a rule: what to write was decided by the caller. */
export const makeVitalsStore = (client: DynamoDBClient, table: string): VitalsStore => {
  const documents = documentsOf(client);
  const patch = (row: RowPatch): Promise<boolean> => happened(documents.send(patchCommand(table, row)));
  const read = (facilityId: string, sk: string): Promise<Item | undefined> =>
    readItem(client, table, { pk: facilityId, sk });

  const putIfAbsent = (facilityId: string, sk: string, attributes: Record<string, unknown>): Promise<boolean> =>
    happened(
      documents.send(
        new PutCommand({
          TableName: table,
          Item: { pk: facilityId, sk, schema: SCHEMA, ...attributes, revision: 1 },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      ),
    );

  const changeKeys = (
    facilityId: string,
    sk: string,
    key: string,
    expression: string,
    values: object,
  ): Promise<boolean> =>
    happened(
      documents.send(
        new UpdateCommand({
          TableName: table,
          Key: { pk: facilityId, sk },
          UpdateExpression: `${expression} ADD revision :one`,
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeNames: { '#key': key },
          ExpressionAttributeValues: { ':one': 1, ...values },
        }),
      ),
    );

  const sortsOf = (box: string): readonly string[] => [`${COVERAGE_PREFIX}${box}`, `${BOX_PREFIX}${box}`];

  return {
    beat: (beat) => takenBeat(client, beatCommand(table, beat)),

    readBox: async (facilityId, box) => {
      const item = await read(facilityId, `${BOX_PREFIX}${box}`);
      return item && boxOf(item);
    },

    patchBox: (row: BoxVitals, changed, seq) =>
      patch({
        pk: row.facilityId,
        sk: `${BOX_PREFIX}${row.box}`,
        changes: boxChanges(changed),
        readRevision: row.revision,
        // A plain beat raises no revision: without this a slow decision could set an instant back that a beat moved on.
        unchanged: { beatAt: row.beatAtMs },
        seq,
      }),

    noteReceipt: async (facilityId, box, receipt) => {
      for (const place of receiptPlaces) {
        const command = receiptCommand(table, { facilityId, box }, receipt, place);
        if (await happened(documents.send(command))) return;
      }
    },

    readCoverage: async (facilityId, box) => {
      const item = await read(facilityId, `${COVERAGE_PREFIX}${box}`);
      return item && coverageOf(item);
    },

    patchCoverage: (row, changed, seq) =>
      patch({
        pk: row.facilityId,
        sk: `${COVERAGE_PREFIX}${row.box}`,
        changes: coverageChanges(changed),
        readRevision: row.revision,
        seq,
      }),

    readFacility: async (facilityId) => {
      const item = await read(facilityId, FACILITY_SORT);
      return item && facilityOf(item);
    },

    patchFacility: (row, changed) =>
      patch({
        pk: row.facilityId,
        sk: FACILITY_SORT,
        changes: facilityChanges(changed),
        readRevision: row.revision,
        unchanged: { registryVersion: row.registryVersion },
      }),

    facilitySeen: async (facilityId, atMs) => {
      // Dying before this: the answer that brought it is repeated, or the next notice shows it. After: it is known.
      await happened(
        documents.send(
          new UpdateCommand({
            TableName: table,
            Key: { pk: facilityId, sk: FACILITY_SORT },
            UpdateExpression: 'SET headSeenAt = :at',
            ConditionExpression: 'attribute_exists(pk) AND (attribute_not_exists(headSeenAt) OR headSeenAt < :at)',
            ExpressionAttributeValues: { ':at': atMs },
          }),
        ),
      );
    },

    readRows: async (facilityId) => {
      const items = await queryAll(client, {
        TableName: table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': facilityId },
      });
      const facility = items.find((item) => item.sk === FACILITY_SORT);
      const under = (prefix: string): readonly Item[] => items.filter((item) => String(item.sk).startsWith(prefix));
      return (
        facility && {
          facility: facilityOf(facility),
          boxes: under(BOX_PREFIX).map(boxOf),
          coverage: under(COVERAGE_PREFIX).map(coverageOf),
        }
      );
    },

    candidates: async function* ({ nowMs, packSet, slot, segment, segments }: CandidateFilter) {
      const pages = paginateScan(
        { client: documents },
        {
          TableName: table,
          Segment: segment,
          TotalSegments: segments,
          FilterExpression: worthALook,
          ProjectionExpression: 'pk',
          ExpressionAttributeNames: { '#slot': 'slot' },
          ExpressionAttributeValues: { ':now': nowMs, ':slot': slot, ':packSet': packSet },
        },
      );
      try {
        for await (const page of pages) {
          const ids = new Set((page.Items ?? []).map((item) => String(item.pk)));
          if (ids.size > 0) yield [...ids];
        }
      } catch (error) {
        throw troubleOf(error);
      }
    },

    announceFacility: async (facilityId, registryVersion, slot) => {
      // A crash after this and before the facility is put: the sweep looks at a facility that did not change. Harmless.
      // An edit that was overtaken by a newer one says nothing: its own put will fail.
      await happened(
        documents.send(
          new UpdateCommand({
            TableName: table,
            Key: { pk: facilityId, sk: FACILITY_SORT },
            UpdateExpression: [
              'SET dueAt = :zero, registryVersion = :version, #schema = :schema',
              '#slot = if_not_exists(#slot, :slot), checks = if_not_exists(checks, :noChecks)',
              'retention = if_not_exists(retention, :noFolds)',
              'retentionOverflow = if_not_exists(retentionOverflow, :no) ADD revision :one',
            ].join(', '),
            ConditionExpression: 'attribute_not_exists(registryVersion) OR registryVersion <= :version',
            ExpressionAttributeNames: { '#slot': 'slot', '#schema': 'schema' },
            ExpressionAttributeValues: {
              ':zero': 0,
              ':one': 1,
              ':version': registryVersion,
              ':schema': SCHEMA,
              ':slot': slot,
              ':noChecks': {},
              ':noFolds': [],
              ':no': false,
            },
          }),
        ),
      );
    },

    announceBox: async (facilityId, box, silentAfterMs, nowMs) => {
      // Two items, each put on its own: a crash in between leaves a box without a coverage row until this is repeated,
      // which the registrar's retry does. The box row comes last, because a key is admitted only when both are there.
      await putIfAbsent(facilityId, `${COVERAGE_PREFIX}${box}`, { liveKeys: {}, cameras: {} });
      await putIfAbsent(facilityId, `${BOX_PREFIX}${box}`, { liveKeys: {}, silentAfterMs, announcedAt: nowMs });
    },

    admitKey: async (facilityId, box, key) => {
      for (const sk of sortsOf(box)) {
        const expression = 'SET liveKeys.#key = if_not_exists(liveKeys.#key, :never)';
        const there = await changeKeys(facilityId, sk, key, expression, { ':never': NEVER });
        if (!there) throw new Error(`box ${facilityId}/${box} was never announced`);
      }
    },

    revokeKey: async (facilityId, box, key) => {
      // A crash in between leaves the key live for heartbeats only; revoking answers only after both, so it is repeated.
      for (const sk of sortsOf(box)) await changeKeys(facilityId, sk, key, 'REMOVE liveKeys.#key', {});
    },
  };
};
