import { PublishCommand, type PublishCommandInput, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { makeWatch } from '../../../functions/watch/watch.ts';
import { makeNoticePublisher } from '../../../shared/adapters/sns/notice-publisher.ts';
import { UnavailableError } from '../../../shared/domain/errors.ts';
import { openAlarm } from '../../../shared/domain/incidents/open.ts';
import { renderNotice } from '../../../shared/domain/notices/render-notice.ts';
import { type TopicName, topicNames } from '../../../shared/domain/rule-pack.ts';
import { packFor } from '../../../shared/rule-packs/index.ts';
import { nursery } from '../../support/nursery.ts';
import { at, Timeline } from '../../support/timeline.ts';

const sns = mockClient(SNSClient);
const topicArns = Object.fromEntries(topicNames.map((topic) => [topic, `topic-of-${topic}`])) as Record<
  TopicName,
  string
>;
const publisher = makeNoticePublisher(new SNSClient({ region: 'local' }), topicArns);
afterEach(() => sns.reset());

const NOW_MS = at('10:00:00');
const facility = nursery('sun');
const pack = packFor(facility, NOW_MS);
const incident = openAlarm(
  { id: 'press-1', timeMs: NOW_MS, ageMs: 0, kind: 'panic', area: 'play', confirmed: 'yes', drill: true },
  'digest',
  { facilityId: 'sun', box: 'b1', key: 'key', createdMs: NOW_MS, receivedMs: NOW_MS },
  facility,
  pack,
);
const notices = incident.outbox.map((pending) => renderNotice({ incident, pending, facility, pack }));
const toPolice = notices.find(({ topic }) => topic === 'police');
if (toPolice === undefined) throw new Error('the police are owed nothing');

const inputs = (): readonly PublishCommandInput[] => sns.commandCalls(PublishCommand).map((call) => call.args[0].input);

describe('a notice on its topic', () => {
  it('carries what a subscriber filters by', async () => {
    sns.on(PublishCommand).resolves({ MessageId: 'm' });
    await publisher.publish(toPolice);
    const [input] = inputs();
    expect(input?.TopicArn).toBe('topic-of-police');
    expect(Object.values(input?.MessageAttributes ?? {}).every(({ DataType }) => DataType === 'String')).toBe(true);
    const values = Object.entries(input?.MessageAttributes ?? {}).map(([name, { StringValue }]) => [name, StringValue]);
    expect(values.length).toBeLessThanOrEqual(10);
    expect(Object.fromEntries(values)).toEqual({
      department: 'police',
      duty: 'act',
      division: '321202001',
      level: 'city',
      lane: 'life-safety',
      kind: 'opened',
      about: 'panic',
      facility: 'sun',
      notice: 'sun~alarm~b1~press-1/0/police/opened',
      drill: 'no',
    });
  });

  it('has one body per kind of subscriber', async () => {
    sns.on(PublishCommand).resolves({});
    await publisher.publish(toPolice);
    const [input] = inputs();
    expect(input).toMatchObject({ MessageStructure: 'json', Subject: toPolice.subjectLine });
    const message = JSON.parse(input?.Message ?? '');
    expect(message).toEqual({
      default: toPolice.text,
      email: toPolice.text,
      sms: toPolice.shortText,
      sqs: JSON.stringify(toPolice.data),
      lambda: JSON.stringify(toPolice.data),
      http: JSON.stringify({ ...toPolice.data, cap: toPolice.cap }),
      https: JSON.stringify({ ...toPolice.data, cap: toPolice.cap }),
    });
    expect(JSON.parse(message.https).cap).toMatchObject({ status: 'Actual', msgType: 'Alert' });
    expect(JSON.parse(message.sqs)).toMatchObject({ incident: incident.id, routing: { clause: '三(二)5' } });
  });

  it('says that it is about a drill only where one was registered', async () => {
    sns.on(PublishCommand).resolves({});
    const drill = { ...incident, drill: { window: 'w1', toMs: NOW_MS + 60_000 } };
    for (const of of [incident, drill]) {
      const [pending] = of.outbox;
      if (pending) await publisher.publish(renderNotice({ incident: of, pending, facility, pack }));
    }
    expect(inputs().map(({ MessageAttributes }) => MessageAttributes?.drill?.StringValue)).toEqual(['no', 'yes']);
  });

  it('stays far below 256 KB, however long its text', async () => {
    sns.on(PublishCommand).resolves({});
    await publisher.publish({ ...toPolice, text: '很'.repeat(200_000) });
    expect(Buffer.byteLength(JSON.stringify(inputs()[0]))).toBeLessThan(256 * 1024);
  });
});

describe('SNS does not take it', () => {
  it.each(['ThrottledException', 'InternalErrorException', 'TimeoutError', 'NotFoundException'])(
    '%s: unavailable, with its cause',
    async (name) => {
      sns.on(PublishCommand).rejects(Object.assign(new Error('planned'), { name }));
      const failure = await publisher.publish(toPolice).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(UnavailableError);
      expect((failure as Error).cause).toMatchObject({ name });
    },
  );

  it('throttled for one publish: the alarm is taken, and the next sweep tells the one who was left out', async () => {
    const day = new Timeline(NOW_MS);
    await day.register('sun');
    await day.beat('sun');
    sns.on(PublishCommand).resolves({});
    sns
      .on(PublishCommand, { TopicArn: 'topic-of-fire' })
      .rejectsOnce(Object.assign(new Error('slow down'), { name: 'ThrottledException' }))
      .resolves({});
    const kept = { ...day.kept, publisher } as unknown as Partial<typeof day.kept>;
    expect((await day.alarm('sun', {}, kept)).result).toBe('accepted');
    expect(day.only().outbox.map(({ recipient }) => recipient.topic)).toEqual(['fire']);
    day.kept.publisher.refuse();
    day.nowMs += 60_000;
    await makeWatch(day.watching({ publisher }))();
    expect(day.only().outbox).toEqual([]);
    expect(inputs().filter(({ TopicArn }) => TopicArn === 'topic-of-fire')).toHaveLength(2);
    expect(inputs()).toHaveLength(6);
  });

  it('down for minutes: tried again after 5, 10, 20 … seconds, at most every five minutes, and never given up', async () => {
    const day = new Timeline(NOW_MS);
    await day.register('sun');
    await day.beat('sun');
    day.kept.publisher.refuse();
    await day.alarm('sun');
    const waits: number[] = [];
    for (let second = 1; second <= 3_600; second += 1) {
      day.nowMs += 1_000;
      if (second % 60 === 0) await day.beat('sun');
      const before = day.only().outbox[0]?.attempts;
      const due = (day.only().outbox[0]?.dueAtMs ?? 0) <= day.nowMs;
      if (due) await makeWatch(day.watching({ tell: () => undefined }))();
      const after = day.only().outbox[0];
      if (after !== undefined && after.attempts !== before) waits.push((after.dueAtMs - day.nowMs) / 1_000);
    }
    expect(waits.slice(0, 8)).toEqual([10, 20, 40, 80, 160, 300, 300, 300]);
    expect(day.only().outbox.length).toBeLessThanOrEqual(5 + 3 * 4);
    expect(JSON.stringify(day.only()).length).toBeLessThan(8 * 1024);
    day.kept.publisher.recover();
    await day.minutes(5, ['sun']);
    expect(day.only().outbox).toEqual([]);
  });
});
