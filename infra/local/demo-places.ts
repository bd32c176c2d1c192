import { packs } from '../../shared/rule-packs/index.ts';

/** Where nurseries of the demo lie: the place of each pack that is chosen by its name alone. */
export const demoPlaces: readonly string[] = packs
  .filter(({ byNameOnly }) => byNameOnly === true)
  .map(({ division }) => division);
