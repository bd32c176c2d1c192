import { KeyNotLiveError } from '../domain/errors.ts';
import type { Sender } from '../domain/sender.ts';
import type { RegistryStore } from '../ports/registry-store.ts';

/** Throws `KeyNotLiveError` unless the sender's key may sign for its box now (read strongly). */
export const requireLiveKey = async (registry: Pick<RegistryStore, 'isKeyLive'>, sender: Sender): Promise<void> => {
  if (await registry.isKeyLive(sender.facilityId, sender.box, sender.key)) return;
  throw new KeyNotLiveError(`The key is not enrolled for box ${sender.box} of facility ${sender.facilityId}`);
};
