import type { Post } from '../../domain/people/roster.ts';
import { facilityKey } from './registry-keys.ts';

/** Sorts and names a department's post inside its province: `<place>#<department>`. */
export const rosterPlace = ({ place, department }: Post): string => `${place}#${department}`;

/** Partition of the departments' rosters of a province, by the first two digits. */
export const provinceKey = (place: string): string => `rosters#${place.slice(0, 2)}`;

/** A facility's roster lies beside it, those of departments by province, so that a prefix lists them. */
export const rosterKey = (post: Post): { readonly pk: string; readonly sk: string } =>
  post.department === 'facility'
    ? { pk: facilityKey(post.place).pk, sk: 'roster' }
    : { pk: provinceKey(post.place), sk: rosterPlace(post) };

/** Partition of the changes of a post: they outlive its roster. */
export const postKey = (owner: string): { readonly pk: string; readonly sk: string } => ({
  pk: `post#${owner}`,
  sk: 'post',
});

export const rosterList = (divisionPrefix: string): string => `rosters/${divisionPrefix}`;

/** True of a `postId`, and of no facility id or subject. */
export const isPostId = (owner: string): boolean => !owner.includes('|') && owner.includes('~');
