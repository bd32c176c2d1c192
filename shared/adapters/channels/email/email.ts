import { createHash } from 'node:crypto';
import nodemailer from 'nodemailer';
import * as z from 'zod';
import type { ChannelLimits, ChannelMessage } from '../../../domain/delivery/channel.ts';
import { marked, textWithLink } from '../../../domain/delivery/channel-text.ts';
import type { Channel } from '../../../ports/channel.ts';
import { type ChannelSettings, isLoopback } from '../http-post.ts';
import { refused } from '../outcome.ts';
import { placedSecretOf, secretText } from '../secret.ts';
import { outcomeOfFailure } from './smtp-outcome.ts';

/** Ours to choose: what any mail server takes from a sender that it knows. */
export const emailLimits: ChannelLimits = { most: 60, withinMs: 60_000, reserved: 30, longestBytes: 32_000 };

const IMPLICIT_TLS_PORT = 465;

/** No line break and no list: one mailbox, which cannot add a header or a receiver. */
const mailbox = z.email().max(254);

const secretSchema = z.strictObject({
  host: secretText,
  port: z.int().min(1).max(65_535),
  user: secretText.optional(),
  password: secretText.optional(),
  from: mailbox,
});
type Account = z.output<typeof secretSchema>;

/** TLS always, with a certificate that verifies; only a server on this machine may do without. */
const transportOf = (account: Account, { answerMs, trustedRoots }: ChannelSettings) =>
  nodemailer.createTransport({
    host: account.host,
    port: account.port,
    secure: account.port === IMPLICIT_TLS_PORT,
    requireTLS: !isLoopback(account.host),
    ...(account.user === undefined ? {} : { auth: { user: account.user, pass: account.password ?? '' } }),
    tls: {
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      ...(trustedRoots === undefined ? {} : { ca: trustedRoots }),
    },
    connectionTimeout: answerMs,
    greetingTimeout: answerMs,
    socketTimeout: answerMs,
    dnsTimeout: answerMs,
    socketCloseTimeout: 0,
    logger: false,
    // Nothing in a message may make the mailer read a file or fetch an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  });

/** The same for a repeat of the same message, so that a mail program shows it once. */
const messageIdOf = (id: string, from: string): string =>
  `<${createHash('sha256').update(id).digest('hex').slice(0, 40)}@${from.split('@').at(-1)}>`;

const mailOf = (message: ChannelMessage, from: string, to: string) => ({
  from,
  to,
  // In the language of those who read it; SNS alone wants a subject in ASCII.
  subject: marked(message.shortText, message.drill),
  text: textWithLink(message, emailLimits.longestBytes ?? 0),
  messageId: messageIdOf(message.id, from),
  priority: message.lane === 'life-safety' && !message.drill ? ('high' as const) : ('normal' as const),
  headers: { 'Auto-Submitted': 'auto-generated', 'X-Cradlewatch-Message': message.id },
});

/**
 * A mail through the platform's own SMTP account. Secret: `{"host", "port", "user"?, "password"?, "from"}`; the address
 * is a mailbox. A connection per mail: an instance that slept would find a kept one dead.
 */
export const makeEmail = (settings: ChannelSettings): Channel => ({
  kind: 'email',
  limits: emailLimits,
  send: async (message, to) => {
    const account = placedSecretOf(secretSchema, to.secret, settings);
    if (account === undefined) return refused('secret-malformed');
    const address = mailbox.safeParse(to.address).data;
    if (address === undefined) return refused('address-malformed');
    try {
      await transportOf(account, settings).sendMail({
        ...mailOf(message, account.from, address),
        signal: AbortSignal.timeout(settings.answerMs),
      });
      return { outcome: 'accepted' };
    } catch (error) {
      return outcomeOfFailure(error);
    }
  },
});
