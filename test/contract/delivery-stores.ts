import { describe } from 'vitest';
import { makeChannelStateStore } from '../../shared/adapters/dynamodb/channel-state-store.ts';
import { makeDeliveryStore } from '../../shared/adapters/dynamodb/delivery-store.ts';
import { makeLedgerStore } from '../../shared/adapters/dynamodb/ledger-store.ts';
import { makeLinkStore } from '../../shared/adapters/dynamodb/link-store.ts';
import { makeNoticeFeed } from '../../shared/adapters/dynamodb/notice-feed.ts';
import { makeReachStore } from '../../shared/adapters/dynamodb/reach-store.ts';
import { makeSystemBeats } from '../../shared/adapters/dynamodb/system-beats.ts';
import type {
  ChannelStateStore,
  DeliveryStore,
  LedgerStore,
  LinkStore,
  NoticeFeed,
  ReachStore,
  SystemBeats,
} from '../../shared/ports/delivery-store.ts';
import {
  memoryChannelStateStore,
  memoryDeliveryStore,
  memoryLedgerStore,
  memoryLinkStore,
  memoryNoticeFeed,
  memoryReachStore,
  memorySystemBeats,
} from '../support/memory-stores.ts';
import { onEachEngine } from './stores.ts';

/** Everything that lies in the deliveries table beside the windows: together, so that nothing meets in one key. */
export interface DeliveryStores {
  readonly deliveries: DeliveryStore;
  readonly links: LinkStore;
  readonly feed: NoticeFeed;
  readonly ledger: LedgerStore;
  readonly states: ChannelStateStore;
  readonly reach: ReachStore;
  readonly beats: SystemBeats;
}

const inMemory = async (): Promise<DeliveryStores> => ({
  deliveries: memoryDeliveryStore(),
  links: memoryLinkStore(),
  feed: memoryNoticeFeed(),
  ledger: memoryLedgerStore(),
  states: memoryChannelStateStore(),
  reach: memoryReachStore(),
  beats: memorySystemBeats(),
});

/** Describes one suite against the doubles and against each engine. */
export const onEveryDeliveryStore = (suite: (make: () => Promise<DeliveryStores>) => void): void => {
  describe('in memory', () => suite(inMemory));
  onEachEngine((engine) =>
    suite(async () => {
      const { client } = engine();
      const { deliveries: table } = await engine().tables();
      return {
        deliveries: makeDeliveryStore(client, table),
        links: makeLinkStore(client, table),
        feed: makeNoticeFeed(client, table),
        ledger: makeLedgerStore(client, table),
        states: makeChannelStateStore(client, table),
        reach: makeReachStore(client, table),
        beats: makeSystemBeats(client, table),
      };
    }),
  );
};
