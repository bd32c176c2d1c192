import type { ChannelTestMessage } from '../../shared/contracts/notice-message.ts';
import { channelTestMessage } from '../../shared/domain/delivery/channel-test-words.ts';
import type { Delivery } from '../../shared/domain/delivery/delivery.ts';
import type { Contact } from '../../shared/domain/people/roster.ts';
import type { DeliverDependencies } from './dependencies.ts';
import type { Errand } from './errand.ts';
import { keptDelivery, linkFor, type ReadRoster } from './plan-notice.ts';

const DEFAULT_ZONE = 'Asia/Shanghai';

/** The one channel, at once: whoever presses the button waits for it, in quiet hours too. */
const onlyBy = (contact: Contact, channelId: string): Contact => ({
  ...contact,
  channels: contact.channels.filter(({ id }) => id === channelId).map(({ quiet: _quiet, ...channel }) => channel),
});

const nobody = (id: string): Contact => ({ id, name: '', is: 'person', channels: [] });

/** A channel test as a delivery of its own; where post, contact or channel are gone meanwhile, it can go nowhere. */
export const planTest = async (
  dependencies: DeliverDependencies,
  test: ChannelTestMessage,
  messageId: string,
  readRoster: ReadRoster,
): Promise<Errand> => {
  const [department = '', place = ''] = test.post.split('~');
  const roster = await readRoster({ department, place });
  const found = roster?.contacts.find(({ id }) => id === test.contact) ?? nobody(test.contact);
  const contact = onlyBy(found, test.channel);
  const nowMs = dependencies.clock();
  const fresh: Delivery = {
    incidentId: `test~${test.post}`,
    noticeId: test.id,
    post: test.post,
    contact: test.contact,
    department,
    duty: 'act',
    lane: 'technical',
    kind: 'test',
    rung: 0,
    state: 'owed',
    createdAtMs: nowMs,
    attempts: [],
    attemptCount: 0,
    dueAtMs: nowMs,
    revision: 1,
  };
  const delivery = await keptDelivery(dependencies, fresh);
  const link = await linkFor(dependencies, delivery, contact);
  return {
    messageId,
    contact,
    zone: roster?.zone ?? DEFAULT_ZONE,
    message: channelTestMessage(test.id, link),
    delivery,
  };
};
