import type { Incident } from '../domain/incident.ts';
import type { Page } from './registry-store.ts';

/** A place in every list of incidents: lists are sorted by opening, then id. */
export type ListPlace = Pick<Incident, 'openedAtMs' | 'id'>;

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
  /**
   * Live ones of a county, newest first, through the index. Re-read each by id before showing it. Without a cursor the
   * list starts after `olderThan`, whether or not that one is in it.
   */
  list(county: string, limit: number, cursor?: string, olderThan?: ListPlace): Promise<Page<Incident>>;
}
