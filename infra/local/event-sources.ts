import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Feed } from './feed.ts';
import type { Invoked, LocalFunction } from './functions.ts';
import type { EventSourceSpec } from './read-event-sources.ts';
import { isNamed } from './schedule.ts';
import { isObject, localAccount, TemplateError } from './template.ts';

/** What one invocation made of its batch. */
export interface Fed {
  readonly queueName: string;
  readonly messages: number;
  /** Those that come again. */
  readonly failed: number;
  readonly invoked: Invoked;
}

export interface EventSources {
  /**
   * Feeds a function, or every one, until its queues have nothing more to give; answers its invocations in order. What
   * failed comes again with the next call, not with this one: by hand, the visibility timeout passes between two calls.
   */
  drain(functionName?: string): Promise<readonly Fed[]>;
  stop(): Promise<void>;
}

export interface EventSourcesOptions {
  readonly sources: readonly EventSourceSpec[];
  readonly functions: ReadonlyMap<string, LocalFunction>;
  /** With every right: that the role allows it was checked when the template was read. */
  readonly sqs: SQSClient;
  readonly urlOf: (queueName: string) => string;
  /** Fed by itself when `running`; only by `drain` when `by-hand`. */
  readonly mode: 'running' | 'by-hand';
  readonly feed: Feed;
}

/** The most that one call of SQS gives. */
const mostPerReceive = 10;
/** A waiting call is cut off at the stop; shorter ones only cost more of them. */
const waitSeconds = 20;
/** Lambda begins with five; more would only queue behind the one thread of the function. */
const usualConcurrency = 5;
const pauseAfterFaultMs = 1_000;
/** What is being worked on when the stack stops may end in this time; later it comes again, as after a crash. */
const stopWithinMs = 3_000;

/** The event that Lambda makes of messages. */
const eventOf = ({ queueArn }: EventSourceSpec, messages: readonly Message[]): object => ({
  Records: messages.map((message) => ({
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body ?? '',
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
        name,
        {
          dataType: value.DataType,
          ...(value.StringValue === undefined ? {} : { stringValue: value.StringValue }),
          ...(value.BinaryValue === undefined
            ? {}
            : { binaryValue: Buffer.from(value.BinaryValue).toString('base64') }),
          stringListValues: [],
          binaryListValues: [],
        },
      ]),
    ),
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: localAccount.region,
  })),
});

/** The ids that a function gave back, or undefined if its answer names none in the one form that Lambda takes. */
const namedAsFailed = (payload: string | undefined): readonly string[] | undefined => {
  const answer: unknown = JSON.parse(payload ?? 'null');
  if (answer === null) return [];
  if (!isObject(answer)) return undefined;
  const failures = answer.batchItemFailures ?? [];
  if (!Array.isArray(failures)) return undefined;
  const ids = failures.map((failure) => (isObject(failure) ? failure.itemIdentifier : undefined));
  return ids.every((id): id is string => typeof id === 'string' && id !== '') ? ids : undefined;
};

/** As Lambda does it: an answer that it cannot read, or that names a message that was not there, fails the whole batch. */
const failedOf = (spec: EventSourceSpec, messages: readonly Message[], invoked: Invoked): readonly Message[] => {
  if (!invoked.ok) return messages;
  if (!spec.reportsFailures) return [];
  const ids = namedAsFailed(invoked.payload);
  if (ids === undefined || ids.some((id) => !messages.some(({ MessageId }) => MessageId === id))) return messages;
  return messages.filter(({ MessageId }) => ids.includes(MessageId ?? ''));
};

/** Feeds the functions of the template from their queues, one poller per mapping, as Lambda does. */
export const startEventSources = (options: EventSourcesOptions): EventSources => {
  const { sources, functions, sqs, urlOf, mode, feed } = options;
  const stopping = new AbortController();
  const { signal } = stopping;

  const receive = async (spec: EventSourceSpec, most: number, seconds: number): Promise<readonly Message[]> => {
    const received = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: urlOf(spec.queueName),
        MaxNumberOfMessages: Math.min(most, mostPerReceive),
        WaitTimeSeconds: seconds,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
      { abortSignal: signal },
    );
    return received.Messages ?? [];
  };

  /** Invokes with a batch and takes what succeeded out of the queue. A kill before that: the batch comes again. */
  const give = async (spec: EventSourceSpec, messages: readonly Message[]) => {
    const target = functions.get(spec.functionId);
    if (target === undefined) throw new Error(`${spec.functionId} is not running`);
    const invoked = await target.invoke(eventOf(spec, messages));
    const failed = failedOf(spec, messages, invoked);
    const QueueUrl = urlOf(spec.queueName);
    for (const message of messages) {
      if (failed.includes(message)) continue;
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
    }
    return { failed, fed: { queueName: spec.queueName, messages: messages.length, failed: failed.length, invoked } };
  };

  /** A full batch, or what came within the window after the first message. */
  const collect = async (spec: EventSourceSpec): Promise<readonly Message[]> => {
    const messages = [...(await receive(spec, spec.batchSize, waitSeconds))];
    const until = performance.now() + spec.windowMs;
    while (messages.length > 0 && messages.length < spec.batchSize && !signal.aborted) {
      const leftMs = until - performance.now();
      if (leftMs <= 0) break;
      const seconds = Math.min(waitSeconds, Math.ceil(leftMs / 1_000));
      messages.push(...(await receive(spec, spec.batchSize - messages.length, seconds)));
    }
    return messages;
  };

  const poll = async (spec: EventSourceSpec): Promise<void> => {
    const inFlight = new Set<Promise<unknown>>();
    const most = spec.maximumConcurrency ?? usualConcurrency;
    const tell = (error: unknown): void => {
      if (!signal.aborted) feed({ kind: 'fault', message: `${spec.logicalId} could not feed: ${String(error)}` });
    };
    while (!signal.aborted) {
      try {
        if (inFlight.size >= most) await Promise.race(inFlight);
        const messages = await collect(spec);
        if (messages.length === 0) continue;
        const given = give(spec, messages)
          .catch(tell)
          .finally(() => inFlight.delete(given));
        inFlight.add(given);
      } catch (error) {
        tell(error);
        if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, pauseAfterFaultMs));
      }
    }
    await Promise.all(inFlight);
  };

  const drainOne = async (spec: EventSourceSpec): Promise<{ fed: Fed[]; again: readonly Message[] }> => {
    const fed: Fed[] = [];
    const again: Message[] = [];
    for (;;) {
      const messages: Message[] = [];
      while (messages.length < spec.batchSize) {
        const more = await receive(spec, spec.batchSize - messages.length, 0);
        if (more.length === 0) break;
        messages.push(...more);
      }
      if (messages.length === 0) return { fed, again };
      const given = await give(spec, messages);
      fed.push(given.fed);
      again.push(...given.failed);
    }
  };

  const showAgain = async (spec: EventSourceSpec, messages: readonly Message[]): Promise<void> => {
    const QueueUrl = urlOf(spec.queueName);
    for (const { ReceiptHandle } of messages)
      await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
  };

  const pollers = mode === 'running' ? sources.map(poll) : [];
  return {
    async drain(name) {
      const chosen = sources.filter(({ functionId }) => name === undefined || isNamed(functions.get(functionId), name));
      if (chosen.length === 0) throw new TemplateError(name ?? 'template', 'no queue of this template feeds it');
      const drained = [];
      for (const spec of chosen) drained.push({ spec, ...(await drainOne(spec)) });
      for (const { spec, again } of drained) await showAgain(spec, again);
      return drained.flatMap(({ fed }) => fed);
    },
    async stop() {
      stopping.abort();
      await Promise.race([Promise.all(pollers), new Promise((resolve) => setTimeout(resolve, stopWithinMs).unref())]);
    },
  };
};
