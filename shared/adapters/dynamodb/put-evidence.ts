import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { EvidencePlace, EvidenceStore } from '../../ports/evidence-store.ts';
import { documentsOf } from './client.ts';
import { happened, type Key } from './engine.ts';
import { ofFacility, padMs, SCHEMA } from './keys.ts';
import { packBody } from './packed-body.ts';

/** A list of ours has a tilde and is its own partition; no id of a facility has one. Rights tell them apart by that. */
export const partitionOf = (place: string): string => (place.includes('~') ? place : ofFacility(place));

/** By reception: a day of a facility is one range, and what was received last comes last. */
export const evidenceKey = ({ facility, kind, id, receivedAtMs }: EvidencePlace): Key => ({
  pk: partitionOf(facility),
  sk: `${padMs(receivedAtMs)}#${kind}#${id}`,
});

/** All that a receiver needs of the table, apart from the rest: its bundle is counted in bytes. */
export const makePutEvidence =
  (client: DynamoDBClient, table: string): EvidenceStore['put'] =>
  async (record) => {
    const { digest, content, signature } = record;
    const put = new PutCommand({
      TableName: table,
      Item: { ...evidenceKey(record), schema: SCHEMA, digest, ...packBody(content), ...(signature && { signature }) },
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    // One write holds all of a record. What is there stays, its salt too: a leaf may be made of it already.
    await happened(documentsOf(client).send(put));
  };
