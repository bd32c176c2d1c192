import type { ChannelKind, ChannelLimits, ChannelMessage, SendOutcome } from '../domain/delivery/channel.ts';

/** One kind of way to a person, behind one contract suite. */
export interface Channel {
  readonly kind: ChannelKind;
  readonly limits: ChannelLimits;
  /**
   * Sends to one contact. `address` is the mailbox or number of the roster, `secret` the text of the named secret;
   * neither is ever in an outcome, an error or a log. Never throws for what the provider does.
   */
  send(message: ChannelMessage, to: { readonly address?: string; readonly secret?: string }): Promise<SendOutcome>;
}

/** Secrets by name. Throws `NotFoundError` where there is none, `UnavailableError` where it cannot be asked. */
export interface SecretStore {
  read(name: string): Promise<string>;
  /** The next read asks again: for a secret whose key was just refused, since somebody may have renewed it. */
  forget(name: string): void;
}

/** Where an outside watchdog waits to be fed. */
export interface Watchdog {
  feed(): Promise<void>;
}

/** Asks `deliver-notices` for a channel test. */
export interface TestSender {
  send(test: {
    readonly id: string;
    readonly post: string;
    readonly contact: string;
    readonly channel: string;
    readonly by: string;
  }): Promise<void>;
}
