import { describe, expect, it } from 'vitest';
import { sendBy } from '../../../functions/deliver-notices/send-by.ts';
import type { ChannelMessage, SendOutcome } from '../../../shared/domain/delivery/channel.ts';
import { NotFoundError, UnavailableError } from '../../../shared/domain/errors.ts';
import type { ContactChannel } from '../../../shared/domain/people/roster.ts';

const message = { id: 'n1' } as unknown as ChannelMessage;
const mail: ContactChannel = { id: 'm', kind: 'email', address: 'duty@example.cn' };
const bot: ContactChannel = { id: 'b', kind: 'wecom', secret: 'police.3212.bot' };

/** What came of one try, and which secrets were forgotten by it. */
const tried = async (channel: ContactChannel, read: () => Promise<string>, outcome: SendOutcome) => {
  const forgotten: string[] = [];
  const fake = (kind: 'email' | 'wecom') => ({
    kind,
    limits: { most: 1, withinMs: 1, reserved: 0 },
    send: async () => outcome,
  });
  const deps = {
    channels: { email: fake('email'), wecom: fake('wecom') },
    secrets: { read, forget: (name: string) => void forgotten.push(name) },
  };
  return { outcome: await sendBy(deps, message, channel), forgotten };
};

const accepted: SendOutcome = { outcome: 'accepted' };
const missing = () => Promise.reject(new NotFoundError('planned'));

describe('one try by one channel', () => {
  it('whose bot has no secret is refused for good: the roster names what is not there', async () => {
    expect((await tried(bot, missing, accepted)).outcome).toEqual({ outcome: 'refused', code: 'no-such-secret' });
  });

  it('for which the account of the platform has no secret yet fails, and comes again', async () => {
    expect((await tried(mail, missing, accepted)).outcome).toEqual({ outcome: 'failed', code: 'no-such-secret' });
  });

  it('whose secret cannot be read now fails', async () => {
    const unreadable = () => Promise.reject(new UnavailableError('planned'));
    expect((await tried(bot, unreadable, accepted)).outcome).toEqual({ outcome: 'failed', code: 'not-sent' });
  });

  it('that was refused asks for its secret anew: the key may have been renewed', async () => {
    const read = async () => 'secret';
    const refused: SendOutcome = { outcome: 'refused', code: 'bad-key' };
    expect(await tried(bot, read, refused)).toEqual({ outcome: refused, forgotten: ['police.3212.bot'] });
    expect((await tried(bot, read, accepted)).forgotten).toEqual([]);
  });
});
