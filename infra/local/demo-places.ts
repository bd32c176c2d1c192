import type { RoleBody } from '../../shared/contracts/registry.ts';
import { packs } from '../../shared/rule-packs/index.ts';

/** Where nurseries of the demo lie: the place of each pack that is chosen by its name alone. */
export const demoPlaces: readonly string[] = packs
  .filter(({ byNameOnly }) => byNameOnly === true)
  .map(({ division }) => division);

/** One such role in each place of the demo. */
export const inEachPlace = (role: 'registrar' | 'auditor'): readonly RoleBody[] =>
  demoPlaces.map((division) => ({ role, division }));
