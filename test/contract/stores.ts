import { afterAll, beforeAll, describe } from 'vitest';
import { makeAlarmStore } from '../../shared/adapters/dynamodb/alarm-store.ts';
import { makeIncidentStore } from '../../shared/adapters/dynamodb/incident-store.ts';
import { makeRecordStore } from '../../shared/adapters/dynamodb/record-store.ts';
import { makeRegistryStore } from '../../shared/adapters/dynamodb/registry-store.ts';
import { makeVitalsStore } from '../../shared/adapters/dynamodb/vitals-store.ts';
import { makeWindowStore } from '../../shared/adapters/dynamodb/window-store.ts';
import type { AlarmStore } from '../../shared/ports/alarm-store.ts';
import type { IncidentStore } from '../../shared/ports/incident-store.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';
import type { Page, RegistryStore } from '../../shared/ports/registry-store.ts';
import type { VitalsStore } from '../../shared/ports/vitals-store.ts';
import type { WindowStore } from '../../shared/ports/window-store.ts';
import { connectDynamoDbLocal, dynamoDbLocalUrl, type Engine, startDynalite } from '../support/dynalite.ts';
import {
  memoryAlarmStore,
  memoryIncidentStore,
  memoryRecordStore,
  memoryRegistryStore,
  memoryVitalsStore,
  memoryWindowStore,
} from '../support/memory-stores.ts';

export interface Stores {
  readonly vitals: VitalsStore;
  readonly records: RecordStore;
  readonly registry: RegistryStore;
  readonly incidents: IncidentStore;
  readonly alarms: AlarmStore;
  readonly windows: WindowStore;
}

/** An implementation of every port: empty stores, new with each call. */
export type MakeStores = () => Promise<Stores>;

const inMemory: MakeStores = async () => ({
  vitals: memoryVitalsStore(),
  records: memoryRecordStore(),
  registry: memoryRegistryStore(),
  incidents: memoryIncidentStore(),
  alarms: memoryAlarmStore(),
  windows: memoryWindowStore(),
});

const onEngine = async ({ client, tables }: Engine): Promise<Stores> => {
  const names = await tables();
  return {
    vitals: makeVitalsStore(client, names.vitals),
    records: makeRecordStore(client, names.records),
    registry: makeRegistryStore(client, names.registry),
    incidents: makeIncidentStore(client, names.incidents),
    alarms: makeAlarmStore(client, names.alarms),
    windows: makeWindowStore(client, names.deliveries),
  };
};

/** Describes a suite once per real engine. DynamoDB Local takes part when its address is set. */
export const onEachEngine = (suite: (engine: () => Engine) => void): void => {
  const starts = [
    { name: 'dynalite', start: startDynalite },
    ...(dynamoDbLocalUrl
      ? [{ name: 'DynamoDB Local', start: () => connectDynamoDbLocal(dynamoDbLocalUrl ?? '') }]
      : []),
  ];
  for (const { name, start } of starts) {
    describe(`on ${name}`, () => {
      let running: Engine | undefined;
      beforeAll(async () => {
        running = await start();
      });
      afterAll(() => running?.stop());
      suite(() => {
        if (!running) throw new Error(`${name} did not start`);
        return running;
      });
    });
  }
};

/** Describes one suite per port against the double and against each engine. */
export const onEveryStore = (suite: (make: MakeStores) => void): void => {
  describe('in memory', () => suite(inMemory));
  onEachEngine((engine) => suite(() => onEngine(engine())));
};

/** Every item of a list, page by page; fails on a list that does not end. */
export const allPages = async <T>(list: (cursor?: string) => Promise<Page<T>>): Promise<readonly (readonly T[])[]> => {
  const pages: (readonly T[])[] = [];
  let cursor: string | undefined;
  do {
    const page: Page<T> = await list(cursor);
    pages.push(page.items);
    cursor = page.cursor;
    if (pages.length > 100) throw new Error('the list does not end');
  } while (cursor !== undefined);
  return pages;
};
