import type { SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { makeHandler } from '../../../functions/keep-ledger/handler.ts';
import { makeKeepLedger } from '../../../functions/keep-ledger/keep-ledger.ts';
import { failing, memoryLedgerStore } from '../../support/memory-stores.ts';
import { NOW } from './samples.ts';

const envelope = (over: object = {}, message: object = {}): string =>
  JSON.stringify({
    Type: 'Notification',
    MessageId: 'sns-1',
    TopicArn: ['arn', 'aws-cn', 'sns', 'cn-north-1', '123456789012', 'city-police'].join(':'),
    Subject: '[Cradlewatch]',
    Message: JSON.stringify({
      schema: 'cradlewatch-notice/1',
      notice: 'sun~alarm~b1~019/0/police/opened',
      incident: 'sun~alarm~b1~019',
      texts: { zh: '泰州' },
      ...message,
    }),
    Timestamp: '2026-03-02T02:00:00.123Z',
    ...over,
  });

const eventOf = (bodies: readonly string[]): SQSEvent =>
  ({ Records: bodies.map((body, at) => ({ messageId: `m${at}`, body })) }) as unknown as SQSEvent;

const world = (ledger = memoryLedgerStore()) => {
  const told: string[] = [];
  const counted: string[] = [];
  const keep = makeKeepLedger({ ledger, clock: () => NOW });
  const handle = makeHandler(keep, {
    tell: (...args) => told.push(args.join(' ')),
    count: (name) => counted.push(name),
  });
  return { ledger, told, counted, handle };
};

describe('the ledger', () => {
  it('keeps that SNS passed a notice on, by which topic and when', async () => {
    const { ledger, handle } = world();
    expect(await handle(eventOf([envelope()]))).toEqual({ batchItemFailures: [] });
    expect(await ledger.ofIncident('sun~alarm~b1~019')).toEqual([
      {
        noticeId: 'sun~alarm~b1~019/0/police/opened',
        incidentId: 'sun~alarm~b1~019',
        topic: 'city-police',
        snsAtMs: Date.parse('2026-03-02T02:00:00.123Z'),
        receivedAtMs: NOW,
      },
    ]);
  });

  it('gives back what is no notice, counts it, says nothing of it, and keeps its neighbours', async () => {
    const { ledger, told, counted, handle } = world();
    const bodies = [
      envelope(),
      '王小明',
      envelope({ Message: '王小明' }),
      envelope({ Type: 'SubscriptionConfirmation' }),
      envelope({}, { schema: 'x' }),
      envelope({}, { notice: 'sun~alarm~b1~019/0/fire/opened' }),
    ];
    const { batchItemFailures } = await handle(eventOf(bodies));
    expect(batchItemFailures).toEqual(['m1', 'm2', 'm3', 'm4'].map((itemIdentifier) => ({ itemIdentifier })));
    expect(await ledger.ofIncident('sun~alarm~b1~019')).toHaveLength(2);
    expect(counted).toEqual(Array(4).fill('message-refused'));
    expect(told.join()).not.toContain('王小明');
  });

  it('gives back what the store did not take', async () => {
    const ledger = failing(memoryLedgerStore(), { at: 2, when: 'before' });
    const { handle } = world(ledger as ReturnType<typeof memoryLedgerStore>);
    const bodies = [1, 2, 3].map((n) => envelope({}, { notice: `n${n}` }));
    expect(await handle(eventOf(bodies))).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
  });
});
