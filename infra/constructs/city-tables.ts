import {
  AttributeType,
  BillingMode,
  ProjectionType,
  Table,
  TableEncryption,
  type TableProps,
} from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { type TableAction, type TableName, type TableRights, tableNames } from '../function-spec.ts';

const text = (name: string) => ({ name, type: AttributeType.STRING });
const keyed = { partitionKey: text('pk'), sortKey: text('sk') };
/** Of whichever items bear it; the adapters write it, and nothing rests on an item being gone. */
const expiring = { timeToLiveAttribute: 'expiresAt' };

/**
 * The tables. The vitals have no index, ever: an index on a row that moves with every beat would make three write
 * units of one. Indexes hold keys only, because a listing reads each item again, strongly, and authorizes it.
 *
 * Encrypted with the AWS managed key: it shows in the template and in CloudTrail, and costs no key of our own.
 */
export class CityTables extends Construct {
  private readonly tables: Readonly<Record<TableName, Table>>;

  constructor(scope: Construct, id: string, { keepData }: { readonly keepData: boolean }) {
    super(scope, id);
    const add = (name: TableName, keys: Pick<TableProps, 'partitionKey' | 'sortKey' | 'timeToLiveAttribute'>): Table =>
      new Table(this, name, {
        ...keys,
        billingMode: BillingMode.PAY_PER_REQUEST,
        encryption: TableEncryption.AWS_MANAGED,
        pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
        deletionProtection: keepData,
        removalPolicy: keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      });
    this.tables = {
      vitals: add('vitals', keyed),
      registry: add('registry', keyed),
      records: add('records', { ...keyed, ...expiring }),
      alarms: add('alarms', { ...keyed, ...expiring }),
      incidents: add('incidents', { partitionKey: text('pk') }),
      deliveries: add('deliveries', { ...keyed, ...expiring }),
      evidence: add('evidence', keyed),
      logs: add('logs', keyed),
      challenges: add('challenges', { ...keyed, ...expiring }),
    };
    addIndex(this.tables.registry, 'by-county', 'county', 'facilityId');
    addIndex(this.tables.records, 'by-month', 'listedIn', 'openedAtId');
    addIndex(this.tables.incidents, 'by-county', 'listedIn', 'openedAtId');
  }

  nameOf(table: TableName): string {
    return this.tables[table].tableName;
  }

  names(): readonly (readonly [TableName, string])[] {
    return tableNames.map((table) => [table, this.nameOf(table)] as const);
  }

  /** The statements that allow exactly these rights; an index is opened for Query alone, by its full name. */
  statements(table: TableName, { table: everywhere = [], within = [], index }: TableRights): PolicyStatement[] {
    const { tableArn } = this.tables[table];
    const allow = (actions: readonly TableAction[], resource: string, conditions?: Conditions): PolicyStatement =>
      new PolicyStatement({
        actions: actions.map((action) => `dynamodb:${action}`),
        resources: [resource],
        ...(conditions && { conditions }),
      });
    return [
      ...(everywhere.length > 0 ? [allow(everywhere, tableArn)] : []),
      ...within.map(({ partitions, may }) => allow(may, tableArn, isIn(partitions))),
      ...(index ? [allow(['Query'], `${tableArn}/index/${index}`)] : []),
    ];
  }
}

type Conditions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Every partition key that a request names is one of these. A set operator holds for no key at all, hence the second. */
const isIn = (partitions: readonly string[]): Conditions => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...partitions] },
  Null: { 'dynamodb:LeadingKeys': 'false' },
});

const addIndex = (table: Table, indexName: string, partitionKey: string, sortKey: string): void =>
  table.addGlobalSecondaryIndex({
    indexName,
    partitionKey: text(partitionKey),
    sortKey: text(sortKey),
    projectionType: ProjectionType.KEYS_ONLY,
  });
