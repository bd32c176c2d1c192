import type { Post, Roster } from '../domain/people/roster.ts';
import type { Page } from './registry-store.ts';

export interface RosterStore {
  /** Strongly consistent. */
  read(post: Post): Promise<Roster | undefined>;
  /** Put if the stored version is `roster.version − 1` (0 = absent). False = somebody else was faster. */
  put(roster: Roster): Promise<boolean>;
  remove(post: Post): Promise<void>;
  /** Rosters of departments whose place begins with the prefix, by place and department. */
  list(divisionPrefix: string, limit: number, cursor?: string): Promise<Page<Roster>>;
}
