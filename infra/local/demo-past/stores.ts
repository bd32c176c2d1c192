import { makeChallengeStore } from '../../../shared/adapters/dynamodb/challenge-store.ts';
import { makeRecordStore } from '../../../shared/adapters/dynamodb/record-store.ts';
import { makeRegistryStore } from '../../../shared/adapters/dynamodb/registry-store.ts';
import { makeVitalsStore } from '../../../shared/adapters/dynamodb/vitals-store.ts';
import type { ChallengeStore } from '../../../shared/ports/challenge-store.ts';
import type { RecordStore } from '../../../shared/ports/record-store.ts';
import type { RegistryStore } from '../../../shared/ports/registry-store.ts';
import type { VitalsStore } from '../../../shared/ports/vitals-store.ts';
import { longestRetentionDays } from '../../../shared/rule-packs/index.ts';
import type { BeforeItRuns } from '../stack.ts';
import { type ManyPuts, manyPuts } from './many-puts.ts';

/** The stores of the running stack, as its operator opens them. */
export interface PastStores {
  readonly registry: RegistryStore;
  readonly vitals: VitalsStore;
  readonly records: RecordStore;
  readonly challenges: ChallengeStore;
  /** What is put by the thousand. */
  readonly bulk: Pick<RecordStore, 'saveHeldDay'> & Pick<ChallengeStore, 'putTokens'> & Pick<ManyPuts, 'written'>;
}

export const storesOf = ({ clients, functionNamed }: BeforeItRuns): PastStores => {
  const { environment } = functionNamed('receive-recordings').spec;
  const table = (name: string): string => environment[name] ?? '';
  const { client, written } = manyPuts(clients.dynamodb);
  const { saveHeldDay } = makeRecordStore(client, table('RECORDS_TABLE'));
  const { putTokens } = makeChallengeStore(client, table('CHALLENGES_TABLE'), longestRetentionDays);
  return {
    bulk: { saveHeldDay, putTokens, written },
    registry: makeRegistryStore(clients.dynamodb, table('REGISTRY_TABLE')),
    vitals: makeVitalsStore(clients.dynamodb, table('VITALS_TABLE')),
    records: makeRecordStore(clients.dynamodb, table('RECORDS_TABLE')),
    challenges: makeChallengeStore(clients.dynamodb, table('CHALLENGES_TABLE'), longestRetentionDays),
  };
};
