import { channelSecret, setChannelSecret } from '../secrets.ts';

/** What a roster of the demo names. */
export interface NamedSecret {
  readonly name: string;
  readonly kind: 'webhook' | 'wecom';
}

const ours = /"http:\/\/127\.0\.0\.1:\d+\/(webhook|wecom)\//;

/**
 * Puts the secrets by which channels reach the inbox, since its port is another at each start. One that somebody set by
 * hand, such as that of a real bot, stays.
 */
export const putInboxSecrets = (
  dataDir: string,
  named: readonly NamedSecret[],
  valueFor: (name: string, kind: NamedSecret['kind']) => string,
): void => {
  for (const { name, kind } of named) {
    const kept = channelSecret(dataDir, name);
    if (kept === undefined || ours.test(kept)) setChannelSecret(dataDir, name, valueFor(name, kind));
  }
};
