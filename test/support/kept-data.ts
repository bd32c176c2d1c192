import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { makeReceiveCheck } from '../../functions/receive-checks/receive-checks.ts';
import { operatorClients, startEngine } from '../../infra/local/engines.ts';
import { localAccount } from '../../infra/local/template.ts';
import { makeRecordStore } from '../../shared/adapters/dynamodb/record-store.ts';
import { makeRegistryStore } from '../../shared/adapters/dynamodb/registry-store.ts';
import { makeVitalsStore } from '../../shared/adapters/dynamodb/vitals-store.ts';
import type { Facility } from '../../shared/domain/facility.ts';
import type { CheckReport } from '../../shared/domain/reports.ts';
import { packFor } from '../../shared/rule-packs/index.ts';
import { tableNames, tableOf } from './dynalite.ts';
import { sentAt } from './rows.ts';

/** The data folder of a local stack, with its engine for as long as it is wanted. */
export interface KeptData {
  readonly folder: string;
  readonly engine: string;
  readonly client: DynamoDBClient;
  register(facility: Facility): Promise<void>;
  /** Through the receiver itself. */
  takeCheck(facility: Facility, report: CheckReport, receivedMs: number): Promise<void>;
  stopEngine(): Promise<void>;
  remove(): void;
}

export const keepData = async (): Promise<KeptData> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kept-'));
  const order = { engine: 'tables', dataDir: path.join(folder, 'tables'), region: localAccount.region, tables: [] };
  const engine = await startEngine({ ...order, engine: 'tables' }, () => {});
  const address = `http://127.0.0.1:${engine.port}`;
  const { dynamodb: client } = operatorClients(address);
  for (const name of tableNames) await client.send(new CreateTableCommand(tableOf(name, name)));
  const [vitals, registry, records] = [
    makeVitalsStore(client, 'vitals'),
    makeRegistryStore(client, 'registry'),
    makeRecordStore(client, 'records'),
  ];
  const isKeyLive = async () => true;
  const take = makeReceiveCheck({ vitals, records, packFor, registry: { ...registry, isKeyLive } });
  return {
    folder,
    engine: address,
    client,
    register: async (facility) => {
      await registry.putFacility(facility);
      await vitals.announceFacility(facility.id, facility.version, 0);
    },
    takeCheck: async (facility, report, receivedMs) => {
      const outcome = await take({ ...sentAt(receivedMs), facilityId: facility.id }, report, `digest of ${report.id}`);
      if (outcome.result !== 'accepted') throw new Error(`check ${report.id} was ${outcome.result}`);
    },
    stopEngine: async () => {
      client.destroy();
      await engine.stop();
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};
