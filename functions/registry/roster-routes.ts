import * as z from 'zod';
import { pageQuery, USUAL_PAGE } from '../../shared/contracts/page.ts';
import {
  importQuery,
  postParameter,
  rosterBody,
  rosterListQuery,
  testBody,
  testId,
} from '../../shared/contracts/roster.ts';
import { postId } from '../../shared/domain/people/roster.ts';
import { type Answer, csvRoute, personRoute } from '../../shared/runtime/dispatch.ts';
import { changeViewOf, done, ok, pageOf } from './answers.ts';
import { importRosters } from './import-rosters.ts';
import { demandPost, postOf } from './post-access.ts';
import { putRoster, removeRoster } from './put-roster.ts';
import { listRosters, readRoster } from './read-rosters.ts';
import { rosterViewOf } from './roster-wire.ts';
import type { RegistryDeps } from './stores.ts';
import { readTest, testChannel } from './test-channel.ts';

const post = postParameter.transform(postOf);
const postPath = z.strictObject({ post });
const testPath = z.strictObject({ post, test: testId });
const same = <T>(item: T): T => item;

const accepted = (body: unknown): Answer => ({ status: 202, body });

const writing = (deps: RegistryDeps) => ({
  'POST /v1/registry/rosters/import': csvRoute({
    query: importQuery,
    handle: async ({ person, query, body }) => {
      const dryRun = query.dryRun === 'true';
      return ok({ dryRun, rosters: await importRosters(deps, person, body, dryRun) });
    },
  }),
  'PUT /v1/registry/rosters/{post}': personRoute({
    path: postPath,
    body: rosterBody,
    handle: async ({ person, path, body }) => ok(rosterViewOf(await putRoster(deps, person, path.post, body), true)),
  }),
  'DELETE /v1/registry/rosters/{post}': personRoute({
    path: postPath,
    handle: async ({ person, path }) => {
      await removeRoster(deps, person, path.post);
      return done;
    },
  }),
});

/** Who is reached for which department or facility. */
export const rosterRoutes = (deps: RegistryDeps) => ({
  ...writing(deps),
  'GET /v1/registry/rosters': personRoute({
    query: rosterListQuery,
    handle: async ({ person, query }) => pageOf(await listRosters(deps, person, { limit: USUAL_PAGE, ...query }), same),
  }),
  'GET /v1/registry/rosters/{post}': personRoute({
    path: postPath,
    handle: async ({ person, path }) => ok(await readRoster(deps, person, path.post)),
  }),
  'GET /v1/registry/rosters/{post}/changes': personRoute({
    path: postPath,
    query: pageQuery,
    handle: async ({ person, path, query }) => {
      await demandPost(deps, person, 'read-changes', path.post);
      const { limit = USUAL_PAGE, cursor } = query;
      return pageOf(await deps.registry.listChanges(postId(path.post), limit, cursor), changeViewOf);
    },
  }),
  'POST /v1/registry/rosters/{post}/tests': personRoute({
    path: postPath,
    body: testBody,
    handle: async ({ person, path, body }) => accepted({ id: await testChannel(deps, person, path.post, body) }),
  }),
  'GET /v1/registry/rosters/{post}/tests/{test}': personRoute({
    path: testPath,
    handle: async ({ person, path }) => ok(await readTest(deps, person, path.post, path.test)),
  }),
});
