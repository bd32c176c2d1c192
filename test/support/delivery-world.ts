import type { SQSEvent } from 'aws-lambda';
import { makeDeliverNotices } from '../../functions/deliver-notices/deliver-notices.ts';
import type { DeliverDependencies } from '../../functions/deliver-notices/dependencies.ts';
import { makeHandler } from '../../functions/deliver-notices/handler.ts';
import { makeCanary } from '../../shared/adapters/channels/canary/canary.ts';
import { makeAnswerTokens } from '../../shared/adapters/links/answer-tokens.ts';
import type { ChannelKind, ChannelLimits, ChannelMessage, SendOutcome } from '../../shared/domain/delivery/channel.ts';
import type { Notice } from '../../shared/domain/notices/notice.ts';
import type { Contact, Roster } from '../../shared/domain/people/roster.ts';
import type { Channel } from '../../shared/ports/channel.ts';
import {
  memoryChannelStateStore,
  memoryDeliveryStore,
  memoryLinkStore,
  memoryNoticeFeed,
  memoryRosterStore,
  memorySecretStore,
  memorySystemBeats,
} from './memory-stores.ts';
import type { Timeline } from './timeline.ts';

/** What a provider was given, in order. */
export interface Sent {
  readonly kind: ChannelKind;
  readonly to: string;
  readonly message: ChannelMessage;
}

type Provider = (message: ChannelMessage, to: string) => SendOutcome | Promise<SendOutcome>;

export const accepts: Provider = () => ({ outcome: 'accepted' });
export const timesOut: Provider = () => ({ outcome: 'failed', code: 'timeout' });
export const refuses: Provider = () => ({ outcome: 'refused', code: '93000' });
export const isFull =
  (retryAfterMs: number): Provider =>
  () => ({ outcome: 'limited', code: '45009', retryAfterMs });

const wide: ChannelLimits = { most: 100, withinMs: 60_000, reserved: 20, longestBytes: 20_000 };

/** Somebody with a bot, then a telephone; both names would be easy to find in a log. */
export const contact = (id: string, over: Partial<Contact> = {}): Contact => ({
  id,
  name: `王小明 ${id}`,
  is: 'person',
  channels: [
    { id: 'bot', kind: 'wecom', secret: `secret-of-${id}` },
    { id: 'phone', kind: 'sms', address: `1390000${id}` },
  ],
  ...over,
});

/** What SQS holds of one lane. */
interface Waiting {
  readonly id: string;
  readonly body: string;
  /** When the topic handed it over. */
  readonly sentAtMs: number;
}

/**
 * `deliver-notices` over stores in memory and providers that do what a test says. It takes the notices that a timeline
 * published, by the way that they really go: as JSON, through the handler, in batches that are partly given back.
 */
export class DeliveryWorld {
  readonly deliveries = memoryDeliveryStore();
  readonly links = memoryLinkStore();
  readonly feed = memoryNoticeFeed();
  readonly states = memoryChannelStateStore();
  readonly rosters = memoryRosterStore();
  readonly beats = memorySystemBeats();
  readonly secrets = memorySecretStore({ sms: 'account', smtp: 'account' });
  readonly sent: Sent[] = [];
  readonly told: string[] = [];
  readonly counts = new Map<string, number>();
  readonly providers: Partial<Record<ChannelKind, Provider>> = {};
  readonly limits: Partial<Record<ChannelKind, ChannelLimits>> = {};
  waiting: Waiting[] = [];
  readonly #day: Timeline;
  #taken = 0;
  #ids = 0;

  constructor(day: Timeline) {
    this.#day = day;
  }

  /** Puts people on a post. */
  async staff(department: string, contacts: readonly Contact[], place = '321202'): Promise<void> {
    for (const { channels } of contacts) {
      for (const { secret } of channels) if (secret !== undefined) this.secrets.kept.set(secret, `{"url":"${secret}"}`);
    }
    const before = await this.rosters.read({ department, place });
    const roster: Roster = { department, place, version: (before?.version ?? 0) + 1, zone: 'Asia/Shanghai', contacts };
    await this.rosters.put(roster);
  }

  #channel(kind: ChannelKind): Channel {
    const world = this;
    return {
      kind,
      get limits() {
        return world.limits[kind] ?? wide;
      },
      send: async (message, { address, secret }) => {
        const to = address ?? secret ?? '';
        world.sent.push({ kind, to, message: structuredClone(message) });
        return (world.providers[kind] ?? accepts)(message, to);
      },
    };
  }

  dependencies(using: Partial<DeliverDependencies> = {}): DeliverDependencies {
    const { kept, clock } = this.#day;
    return {
      deliveries: this.deliveries,
      links: this.links,
      feed: this.feed,
      states: this.states,
      rosters: this.rosters,
      beats: this.beats,
      channels: {
        wecom: this.#channel('wecom'),
        sms: this.#channel('sms'),
        email: this.#channel('email'),
        canary: makeCanary(this.beats, clock),
      },
      secrets: this.secrets,
      tokens: makeAnswerTokens(async () => 'link secret'),
      keeping: { incidents: kept.incidents },
      vitals: kept.vitals,
      publicUrl: 'https://city.example',
      clock,
      tell: (what, about, cause) =>
        this.told.push(`${what} ${about} ${cause instanceof Error ? `${cause.message} ${cause.stack}` : cause}`),
      count: (name) => this.counts.set(name, (this.counts.get(name) ?? 0) + 1),
      ...using,
    };
  }

  put(body: string): string {
    this.#ids += 1;
    const id = `m${this.#ids}`;
    this.waiting.push({ id, body, sentAtMs: this.#day.nowMs });
    return id;
  }

  /** What the topics took since the last time comes into the queue. */
  fetch(which: (notice: Notice) => boolean = () => true): readonly Notice[] {
    const news = this.#day.kept.publisher.published.slice(this.#taken).filter(which);
    this.#taken = this.#day.kept.publisher.published.length;
    for (const { data } of news) this.put(JSON.stringify(data));
    return news;
  }

  /** One batch through the handler. What it gives back waits on; what it took is gone. */
  async pass(using: Partial<DeliverDependencies> = {}, batch: readonly Waiting[] = this.waiting.slice(0, 50)) {
    const dependencies = this.dependencies(using);
    const observers = { tell: dependencies.tell, count: dependencies.count, flush: () => undefined };
    const handle = makeHandler(makeDeliverNotices(dependencies), observers);
    const records = batch.map(({ id, body, sentAtMs }) => ({
      messageId: id,
      body,
      attributes: { SentTimestamp: String(sentAtMs) },
    }));
    const event = { Records: records } as unknown as SQSEvent;
    const { batchItemFailures } = await handle(event);
    const failed = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    const taken = batch.filter(({ id }) => !failed.includes(id)).map(({ id }) => id);
    this.waiting = this.waiting.filter(({ id }) => !taken.includes(id));
    return failed;
  }

  /** In one line each: how it went by which channel to whom. */
  ways(): readonly string[] {
    return this.sent.map(({ kind, to }) => `${kind} ${to}`);
  }

  /** Forgets what was sent so far. */
  forget(): void {
    this.sent.length = 0;
  }

  standing(): readonly string[] {
    return [...this.deliveries.kept.values()].map(
      ({ department, contact: id, state }) => `${department} ${id} ${state}`,
    );
  }
}
