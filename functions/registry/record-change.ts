import type { Change } from '../../shared/ports/registry-store.ts';
import type { RegistryDeps } from './stores.ts';

type Recording = Pick<RegistryDeps, 'registry' | 'clock' | 'newId'>;
type Entry = Pick<Change, 'by' | 'what' | 'version'>;

/** One audit entry: who changed what, in closed words and field names. Nothing personal but the subject. */
export const recordChange = async ({ registry, clock, newId }: Recording, owner: string, entry: Entry): Promise<void> =>
  registry.appendChange(owner, { atMs: clock(), id: newId(), ...entry });

const RECENT = 20;

/**
 * For a change that is repeated because its answer was lost: we may have died between the change and its entry. Appends
 * the entry unless the newest ones hold one of this version and this first word. What exactly changed is gone by then.
 */
export const mendChange = async (deps: Recording, owner: string, entry: Entry): Promise<void> => {
  const [word] = entry.what.split(' ');
  const { items } = await deps.registry.listChanges(owner, RECENT);
  const isKept = items.some(({ version, what }) => version === entry.version && what.split(' ')[0] === word);
  if (!isKept) await recordChange(deps, owner, entry);
};
