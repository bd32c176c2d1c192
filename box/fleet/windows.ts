import { v7 as uuidv7 } from 'uuid';
import type { DrillBody, MuteBody } from '../../shared/contracts/windows.ts';
import { MINUTE_MS } from '../../shared/domain/time.ts';
import { onWire } from '../streams.ts';
import { nurseries, type Part } from './nurseries.ts';

/** What is to be told to the desk before it happens. */
export type Announcement =
  | { readonly facility: string; readonly as: 'drills'; readonly body: DrillBody }
  | { readonly facility: string; readonly as: 'mutes'; readonly body: MuteBody };

/** As long as anybody watches the script. */
const LASTS_MS = 10 * MINUTE_MS;

const idOf = (part: Part): string => {
  const found = nurseries.find((nursery) => nursery.part === part);
  if (found === undefined) throw new Error(`no nursery plays ${part}`);
  return found.id;
};

/** The drill and the works of the script, from now on. */
export const announcements = (nowMs: number): readonly Announcement[] => {
  const to = onWire(nowMs + LASTS_MS);
  return [
    { facility: idOf('holds-a-drill'), as: 'drills', body: { id: uuidv7(), to, reason: 'fire-drill' } },
    {
      facility: idOf('has-works'),
      as: 'mutes',
      body: { id: uuidv7(), to, rules: ['area-covered'], reason: 'cameras-replaced' },
    },
  ];
};
