import type { Person } from '../../shared/domain/access.ts';
import { type Action, mayDo, type Target } from '../../shared/domain/authorize.ts';
import { ForbiddenError, InvalidInputError, NotFoundError } from '../../shared/domain/errors.ts';
import { type Post, postId } from '../../shared/domain/people/roster.ts';
import type { RegistryDeps } from './stores.ts';

export const postOf = (text: string): Post => {
  const [department = '', place = ''] = text.split('~');
  return { department, place };
};

/** What a post is to the table of roles; absent = there is no such facility, or no pack names such a department. */
export const targetOfPost = async (
  { registry, packs }: Pick<RegistryDeps, 'registry' | 'packs'>,
  { department, place }: Post,
): Promise<Target | undefined> => {
  if (department !== 'facility') {
    const topic = packs.topicOf(department);
    return topic && { division: place, department: topic };
  }
  const facility = await registry.readFacility(place);
  return facility && { division: facility.division, facilityId: facility.id, department: 'facility' };
};

/**
 * Throws `ForbiddenError`; `NotFoundError` for a facility that the person may not know of; `InvalidInputError` for a
 * department of no pack. That a department exists somewhere is no secret.
 */
export const demandPost = async (deps: RegistryDeps, person: Person, action: Action, post: Post): Promise<Target> => {
  const target = await targetOfPost(deps, post);
  if (target !== undefined && mayDo(person, action, target)) return target;
  if (post.department === 'facility') {
    const isKnown = target !== undefined && mayDo(person, 'read-facility', target);
    if (!isKnown) throw new NotFoundError(`no post ${postId(post)} that your roles reach`);
  } else if (target === undefined && person.roles.length > 0) {
    const message = `no rule pack names a department ${post.department}`;
    throw new InvalidInputError('There is no such post.', [{ pointer: '/post', message }], 'path-invalid');
  }
  throw new ForbiddenError(`your roles do not allow this for post ${postId(post)}`);
};
