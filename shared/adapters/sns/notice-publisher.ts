import { type MessageAttributeValue, PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { UnavailableError } from '../../domain/errors.ts';
import { cutTo } from '../../domain/graphemes.ts';
import type { Notice } from '../../domain/notices/notice.ts';
import type { TopicName } from '../../domain/rule-pack.ts';
import type { NoticePublisher } from '../../ports/notice-publisher.ts';

/** A text is in the message several times; all, the data and the attributes stay far below the 256 KB that SNS takes. */
const LONGEST_TEXT = 16_000;

/**
 * What a subscriber may filter by; a county is a prefix of `division`. Ten, and no more: to a queue with raw delivery
 * SNS carries only ten, and loses a message that has more.
 */
const attributesOf = (notice: Notice): Record<string, MessageAttributeValue> => {
  const values = {
    department: notice.recipient.department,
    duty: notice.recipient.duty,
    division: notice.division,
    level: notice.level,
    lane: notice.lane,
    kind: notice.kind,
    about: notice.about,
    facility: notice.facilityId,
    notice: notice.id,
    // Only a registered window makes a drill; a box's own flag never lets a subscriber filter an alarm away.
    drill: notice.drill ? 'yes' : 'no',
  };
  return Object.fromEntries(
    Object.entries(values).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
};

/** One body per kind of subscriber; SNS demands `default`. Machines of others, behind an address, read CAP. */
const messageOf = (notice: Notice): string => {
  const text = cutTo(notice.text, LONGEST_TEXT);
  const data = JSON.stringify(notice.data);
  const web = JSON.stringify({ ...notice.data, cap: notice.cap });
  return JSON.stringify({
    default: text,
    email: text,
    sms: notice.shortText,
    sqs: data,
    lambda: data,
    http: web,
    https: web,
  });
};

/**
 * Publishes notices to the topics of their departments. Whatever SNS answers other than yes is `UnavailableError`: the
 * notice stays owed and is tried again, since no notice is wrong in itself.
 */
export const makeNoticePublisher = (
  client: SNSClient,
  topicArns: Readonly<Record<TopicName, string>>,
): NoticePublisher => ({
  publish: async (notice) => {
    try {
      await client.send(
        new PublishCommand({
          TopicArn: topicArns[notice.topic],
          Subject: notice.subjectLine,
          MessageStructure: 'json',
          Message: messageOf(notice),
          MessageAttributes: attributesOf(notice),
        }),
      );
    } catch (cause) {
      throw new UnavailableError(`topic ${notice.topic} did not take notice ${notice.id}`, { cause });
    }
  },
});
