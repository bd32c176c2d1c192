import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { makeAlarmStore } from '../../../shared/adapters/dynamodb/alarm-store.ts';
import { makeIncidentStore } from '../../../shared/adapters/dynamodb/incident-store.ts';
import { makeRecordStore } from '../../../shared/adapters/dynamodb/record-store.ts';
import { makeRegistryStore } from '../../../shared/adapters/dynamodb/registry-store.ts';
import { makeVitalsStore } from '../../../shared/adapters/dynamodb/vitals-store.ts';
import { UnavailableError } from '../../../shared/domain/errors.ts';
import { facility, gap, incident, KEY, NOON_MS } from '../../contract/samples.ts';

const local = { region: 'local', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

const box = { facilityId: 'sunshine', box: 'gate', liveKeys: {}, silentAfterMs: 1, revision: 1 };
const beat = { facilityId: 'sunshine', box: 'gate', key: KEY, seq: 1, nowMs: NOON_MS, facts: 'f', offsetMs: 0 };
const alarm = {
  report: { id: 'a', timeMs: 1, kind: 'panic', confirmed: 'unknown', drill: false },
  digest: 'd',
  receivedMs: 1,
  key: KEY,
} as const;
const log = {
  report: { id: 'l', timeMs: 1, kind: 'drill', doneAtMs: 1, counts: {} },
  digest: 'd',
  receivedMs: 1,
  key: KEY,
} as const;

const exhaust = async (pages: AsyncIterable<unknown>): Promise<void> => {
  for await (const _page of pages) void _page;
};

/** One call of each way in which a store talks to its engine. */
const callsOn = (client: DynamoDBClient): Readonly<Record<string, () => Promise<unknown>>> => {
  const vitals = makeVitalsStore(client, 'vitals');
  const records = makeRecordStore(client, 'records');
  const registry = makeRegistryStore(client, 'registry');
  const incidents = makeIncidentStore(client, 'incidents');
  const alarms = makeAlarmStore(client, 'alarms');
  const filter = { nowMs: 1, packSet: 'p', slot: 0, segment: 0, segments: 1 };
  return {
    'a plain beat': () => vitals.beat(beat),
    'a read of a box': () => vitals.readBox('sunshine', 'gate'),
    'a patch of a box': () => vitals.patchBox(box, {}),
    'a read of all rows': () => vitals.readRows('sunshine'),
    'a search for candidates': () => exhaust(vitals.candidates(filter)),
    'an announcement of a facility': () => vitals.announceFacility('sunshine', 1, 1),
    'an announcement of a box': () => vitals.announceBox('sunshine', 'gate', 1, 0),
    'the admission of a key': () => vitals.admitKey('sunshine', 'gate', KEY),
    'the revocation of a key': () => vitals.revokeKey('sunshine', 'gate', KEY),
    'a gap': () => records.putGap(gap()),
    'late minutes': () => records.addShownLate('sunshine', 'monitoring-running', 'box/gate', 1, 1),
    'a read of gaps': () => records.gapsFrom('sunshine', 0),
    'a log': () => records.putLog('sunshine', 'gate', log),
    'the archive': () => records.archiveIncident(incident()),
    'flushed steps': () => records.flushSteps('sunshine', 'i', incident().steps),
    'a list of the archive': () => records.listArchived('321202', '202611', 1),
    'a facility': () => registry.putFacility(facility()),
    'a list of facilities': () => registry.listFacilities('3212', 1),
    'a key that is looked up': () => registry.isKeyLive('sunshine', 'gate', KEY),
    'a grant that is removed': () => registry.removeGrant('i|s'),
    'an incident that opens': () => incidents.putIfAbsent(incident()),
    'an incident that is saved': () => incidents.save(incident({ revision: 2 })),
    'an incident that is removed': () => incidents.remove('i', 1),
    'the scan of incidents': () => exhaust(incidents.scan()),
    'a list of incidents': () => incidents.list('321202', 1),
    'an alarm': () => alarms.put('sunshine', 'gate', alarm),
    'the key of an alarm': () => alarms.isKeyLive('sunshine', 'gate', KEY),
  };
};

const callNames = Object.keys(callsOn(new DynamoDBClient(local)));

/** An error as the SDK throws it after its own attempts. */
const sdkError = (name: string, clues: object = {}): Error =>
  Object.assign(new Error(`the engine says ${name}`), { name }, clues);

const troubles: readonly (readonly [string, Error])[] = [
  ['throttling', sdkError('ThrottlingException', { $metadata: { httpStatusCode: 400 } })],
  ['too much for a partition', sdkError('ProvisionedThroughputExceededException', { $fault: 'client' })],
  ['too much for the account', sdkError('RequestLimitExceeded', { $metadata: { httpStatusCode: 400 } })],
  ['a fault of the engine', sdkError('InternalServerError', { $fault: 'server' })],
  ['an unknown 503', sdkError('Unknown', { $metadata: { httpStatusCode: 503 } })],
  ['a timeout', sdkError('TimeoutError')],
  ['a broken connection', sdkError('Error', { code: 'ECONNRESET' })],
  ['a name that does not resolve', sdkError('Error', { code: 'EAI_AGAIN' })],
];

describe('trouble of the tables', () => {
  // The adapters speak through two clients that share one connection: the plain one (beats) and the document one.
  const plain = mockClient(DynamoDBClient);
  const documents = mockClient(DynamoDBDocumentClient);
  afterEach(() => {
    plain.reset();
    documents.reset();
  });

  const everythingFails = (error: Error): void => {
    plain.onAnyCommand().rejects(error);
    documents.onAnyCommand().rejects(error);
  };

  describe.each(troubles)('%s', (_what, error) => {
    it.each(callNames)('makes %s unavailable, with its cause, to be tried again', async (name) => {
      everythingFails(error);
      const failed = await callsOn(new DynamoDBClient(local))
        [name]?.()
        .catch((thrown: unknown) => thrown);
      expect(failed).toBeInstanceOf(UnavailableError);
      expect(failed).toMatchObject({ code: 'unavailable', retryable: true, cause: error });
    });
  });

  it.each(['ValidationException', 'ResourceNotFoundException', 'AccessDeniedException'])(
    '%s is our own mistake and is not dressed up',
    async (name) => {
      const error = sdkError(name, { $fault: 'client', $metadata: { httpStatusCode: 400 } });
      everythingFails(error);
      for (const call of Object.values(callsOn(new DynamoDBClient(local)))) await expect(call()).rejects.toBe(error);
    },
  );

  it('a read that fails after a failed condition is unavailable, never "the same" nor "reused"', async () => {
    documents.on(PutCommand).rejects(sdkError('ConditionalCheckFailedException'));
    documents.on(GetCommand).rejects(sdkError('ThrottlingException'));
    const { putLog } = makeRecordStore(new DynamoDBClient(local), 'records');
    await expect(putLog('sunshine', 'gate', log)).rejects.toBeInstanceOf(UnavailableError);
  });

  it('a list whose re-read fails is unavailable, never shorter', async () => {
    documents.on(QueryCommand).resolves({ Items: [{ pk: 'i', openedAtId: '1700000000000#i' }] });
    documents.on(GetCommand).rejects(sdkError('ThrottlingException'));
    const { list } = makeIncidentStore(new DynamoDBClient(local), 'incidents');
    await expect(list('321202', 5)).rejects.toBeInstanceOf(UnavailableError);
  });

  it('a key is not admitted by half: trouble at the second row is told', async () => {
    documents.on(UpdateCommand).resolvesOnce({}).rejects(sdkError('ThrottlingException'));
    const { admitKey } = makeVitalsStore(new DynamoDBClient(local), 'vitals');
    await expect(admitKey('sunshine', 'gate', KEY)).rejects.toBeInstanceOf(UnavailableError);
  });
});
