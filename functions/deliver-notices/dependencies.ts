import type { ChannelKind } from '../../shared/domain/delivery/channel.ts';
import type { AnswerTokens } from '../../shared/ports/answer-tokens.ts';
import type { Channel, SecretStore } from '../../shared/ports/channel.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type {
  ChannelStateStore,
  DeliveryStore,
  LinkStore,
  NoticeFeed,
  SystemBeats,
} from '../../shared/ports/delivery-store.ts';
import type { RosterStore } from '../../shared/ports/roster-store.ts';
import type { Tell } from '../../shared/ports/tell.ts';
import type { ReceiptKeeping } from '../../shared/use-cases/note-receipt.ts';

/** What the delivery stands on. */
export interface DeliverDependencies extends ReceiptKeeping {
  readonly deliveries: Pick<DeliveryStore, 'putIfAbsent' | 'read' | 'save' | 'ofIncident'>;
  readonly links: Pick<LinkStore, 'putIfAbsent'>;
  readonly feed: Pick<NoticeFeed, 'keep'>;
  readonly states: ChannelStateStore;
  readonly rosters: Pick<RosterStore, 'read'>;
  readonly beats: Pick<SystemBeats, 'beat'>;
  readonly channels: Readonly<Partial<Record<ChannelKind, Channel>>>;
  readonly secrets: SecretStore;
  readonly tokens: Pick<AnswerTokens, 'tokenFor'>;
  /** Begins every answer link; ends in no slash. */
  readonly publicUrl: string;
  readonly clock: Clock;
  /** Tells the log what went wrong with which notice. Never an address, a name or a secret. */
  readonly tell: Tell;
  readonly count: (name: string) => void;
  readonly limits?: Partial<DeliverLimits>;
}

export interface DeliverLimits {
  /** Contacts in hand at the same time. */
  readonly atOnce: number;
  /** Nothing new is begun after so long; what is left comes again. */
  readonly budgetMs: number;
}

/** Below the timeout of the function by more than one slow try. */
export const defaultLimits: DeliverLimits = { atOnce: 8, budgetMs: 35_000 };

/** Name of our part in steps and signs of life. */
export const SELF = 'deliver-notices';
