import type { Incident } from '../domain/incident.ts';
import type { Page } from './registry-store.ts';

/** Live incidents: only what still has work left. */
export interface IncidentStore {
  /** False = an item with this id is there already. */
  putIfAbsent(incident: Incident): Promise<boolean>;
  /** Strongly consistent. */
  read(id: string): Promise<Incident | undefined>;
  /** Compare-and-set: stored revision must be `next.revision − 1`. False = read again, decide again. */
  save(next: Incident): Promise<boolean>;
  /** Removes it if its revision is still the given one. */
  remove(id: string, revision: number): Promise<boolean>;
  /** The whole table, eventually consistent. */
  scan(): AsyncIterable<readonly Incident[]>;
  /** Live ones of a county, newest first, through the index. Re-read each by id before showing it. */
  list(county: string, limit: number, cursor?: string): Promise<Page<Incident>>;
}
