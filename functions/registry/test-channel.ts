import type { TestView } from '../../shared/contracts/roster.ts';
import type { Person } from '../../shared/domain/access.ts';
import { InvalidInputError, NotFoundError } from '../../shared/domain/errors.ts';
import { type Post, postId } from '../../shared/domain/people/roster.ts';
import { MINUTE_MS } from '../../shared/domain/time.ts';
import { RequestRefusedError } from '../../shared/runtime/request-refused.ts';
import { demandPost } from './post-access.ts';
import { recordChange } from './record-change.ts';
import { testViewOf } from './roster-wire.ts';
import type { RegistryDeps } from './stores.ts';

/** Each test rings somebody's telephone. */
const MOST_TESTS = 10;
const WITHIN_MS = 10 * MINUTE_MS;

const testsOf = ({ deliveries }: RegistryDeps, post: Post) => deliveries.ofIncident(`test~${postId(post)}`);

const demandChannel = async ({ rosters }: RegistryDeps, post: Post, contactId: string, channelId: string) => {
  const roster = await rosters.read(post);
  if (roster === undefined) throw new NotFoundError(`post ${postId(post)} has no roster`);
  const contact = roster.contacts.find(({ id }) => id === contactId);
  const channel = contact?.channels.find(({ id }) => id === channelId);
  if (channel !== undefined) return { channel, version: roster.version };
  const fault =
    contact === undefined
      ? { pointer: '/contact', message: 'no such contact in this roster' }
      : { pointer: '/channel', message: 'no such channel of this contact' };
  throw new InvalidInputError('There is nothing to test.', [fault]);
};

const TEST = 'test of a channel';
/** Room for the entries of tests among those of edits. */
const LATEST_CHANGES = 100;

/** By the entries of those who asked: a test that still lies in the queue is none the less one. */
const askedLately = async ({ registry, clock }: RegistryDeps, post: Post): Promise<number> => {
  const sinceMs = clock() - WITHIN_MS;
  const { items } = await registry.listChanges(postId(post), LATEST_CHANGES);
  return items.filter(({ atMs, what }) => atMs > sinceMs && what.startsWith(TEST)).length;
};

/** Asks `deliver-notices` to send a test; answers its id before anything was sent. */
export const testChannel = async (
  deps: RegistryDeps,
  person: Person,
  post: Post,
  asked: { readonly contact: string; readonly channel: string },
): Promise<string> => {
  await demandPost(deps, person, 'test-channel', post);
  const { channel, version } = await demandChannel(deps, post, asked.contact, asked.channel);
  if ((await askedLately(deps, post)) >= MOST_TESTS) {
    throw new RequestRefusedError('too-many-requests', `At most ${MOST_TESTS} tests of a post in ten minutes.`);
  }
  const id = deps.newId();
  // The entry first: a crash in between leaves an entry of a test that nobody got, never a call that nobody asked for.
  await recordChange(deps, postId(post), { by: person.subject, what: `${TEST} ${channel.kind}`, version });
  await deps.tests.send({ id, post: postId(post), ...asked, by: person.subject });
  return id;
};

/** What became of a test. An id that nobody gave out is a test that waits: nothing is known of it either. */
export const readTest = async (deps: RegistryDeps, person: Person, post: Post, id: string): Promise<TestView> => {
  await demandPost(deps, person, 'test-channel', post);
  // The id of a test is the id of its notice.
  return testViewOf(
    id,
    (await testsOf(deps, post)).find(({ noticeId }) => noticeId === id),
  );
};
