import type { ChannelMessage } from '../../shared/domain/delivery/channel.ts';
import type { Delivery } from '../../shared/domain/delivery/delivery.ts';
import type { MergedNotice } from '../../shared/domain/delivery/merge-notices.ts';
import type { Contact } from '../../shared/domain/people/roster.ts';

/** One delivery in hand: what to say, to whom, and how far it is. */
export interface Errand {
  /** Of the queue's message that it came from. */
  readonly messageId: string;
  readonly contact: Contact;
  /** Zone of the roster, for quiet hours. */
  readonly zone: string;
  readonly message: ChannelMessage;
  /** What it needs to stand among others in one message; absent = it goes alone. */
  readonly merged?: Omit<MergedNotice, 'message'>;
  /** As it was last read or saved by us. */
  delivery: Delivery;
}
