import { accountSecrets, type ChannelMessage, type SendOutcome } from '../../shared/domain/delivery/channel.ts';
import { NotFoundError } from '../../shared/domain/errors.ts';
import type { ContactChannel } from '../../shared/domain/people/roster.ts';
import type { DeliverDependencies } from './dependencies.ts';

type Deps = Pick<DeliverDependencies, 'channels' | 'secrets'>;

/** The secret that the roster names, or that of the platform's account. */
const secretNameOf = ({ kind, secret }: ContactChannel): string | undefined => secret ?? accountSecrets[kind];

/**
 * One try by one channel. Never throws: a channel that does not keep its word, or a secret that is not there, is an
 * outcome like another, and the next channel has its turn.
 */
export const sendBy = async (
  deps: Deps,
  message: ChannelMessage,
  contactChannel: ContactChannel,
): Promise<SendOutcome> => {
  const channel = deps.channels[contactChannel.kind];
  if (channel === undefined) return { outcome: 'refused', code: 'no-such-channel' };
  const { address } = contactChannel;
  const name = secretNameOf(contactChannel);
  try {
    const secret = name === undefined ? undefined : await deps.secrets.read(name);
    const outcome = await channel.send(message, {
      ...(address !== undefined && { address }),
      ...(secret !== undefined && { secret }),
    });
    // It may be the key that was refused, and somebody may have renewed it.
    if (outcome.outcome === 'refused' && name !== undefined) deps.secrets.forget(name);
    return outcome;
  } catch (error) {
    if (!(error instanceof NotFoundError)) return { outcome: 'failed', code: 'not-sent' };
    // The account of the platform is ours to set up: what waits for it is not given up.
    const isOurs = contactChannel.secret === undefined;
    return { outcome: isOurs ? 'failed' : 'refused', code: 'no-such-secret' };
  }
};
