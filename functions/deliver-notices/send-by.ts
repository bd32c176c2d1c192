import { accountSecrets, type ChannelMessage, type SendOutcome } from '../../shared/domain/channel.ts';
import { NotFoundError } from '../../shared/domain/errors.ts';
import type { ContactChannel } from '../../shared/domain/roster.ts';
import type { DeliverDependencies } from './dependencies.ts';

type Deps = Pick<DeliverDependencies, 'channels' | 'secrets'>;

/** The text of the channel's secret: that of the roster, or of the account of the platform. */
const secretOf = async ({ secrets }: Deps, { kind, secret }: ContactChannel): Promise<string | undefined> => {
  const name = secret ?? accountSecrets[kind];
  return name === undefined ? undefined : secrets.read(name);
};

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
  try {
    const secret = await secretOf(deps, contactChannel);
    const { address } = contactChannel;
    return await channel.send(message, {
      ...(address !== undefined && { address }),
      ...(secret !== undefined && { secret }),
    });
  } catch (error) {
    return error instanceof NotFoundError
      ? { outcome: 'refused', code: 'no-such-secret' }
      : { outcome: 'failed', code: 'not-sent' };
  }
};
