import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { decoded } from '../../shared/runtime/decoded.ts';
import type { HttpHandler } from '../../shared/runtime/serve-http.ts';
import { pageHeaders } from './page/layout.ts';
import {
  donePage,
  expiredPage,
  openPage,
  type Typed,
  unfinishedPage,
  unknownPage,
  usedPage,
  wrongPage,
} from './page/pages.ts';
import { checkTyped, readForm } from './read-form.ts';
import { type Scene, type SceneStores, sceneOf } from './scene.ts';
import { type AnswerStores, type Opened, openLink, type Sent, type Taken, takeAnswer } from './take-answers.ts';

export type AnswerDeps = AnswerStores & SceneStores;

const page = (statusCode: number, body: string): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  headers: { ...pageHeaders },
  body,
});

const sceneFor = async (deps: AnswerDeps, opened: Opened | Taken): Promise<Scene | undefined> => {
  if (opened.is === 'unknown' || opened.incident === undefined) return undefined;
  return sceneOf(deps, opened.link, opened.incident, deps.clock());
};

/** The page and status of each state of a link. Used up and expired are gone for good. */
const shown = async (
  deps: AnswerDeps,
  opened: Opened | Taken,
  typed?: Typed,
): Promise<APIGatewayProxyStructuredResultV2> => {
  const scene = await sceneFor(deps, opened);
  switch (opened.is) {
    case 'unknown':
      return page(404, unknownPage());
    case 'expired':
      return page(410, expiredPage(scene));
    case 'used':
      return opened.isUnfinished
        ? page(200, unfinishedPage(opened.link, opened.use, scene))
        : page(410, usedPage(opened.link, opened.use, scene));
    case 'done':
      return page(200, donePage(opened.link, opened.use, scene));
    case 'open': {
      const refused = 'refused' in opened ? { refused: opened.refused } : {};
      const status = 'refused' in opened ? 409 : 200;
      const { link, choices } = opened;
      return page(typed ? 422 : status, openPage({ link, choices, scene, ...refused, ...(typed && { typed }) }));
    }
  }
};

const tokenOf = (event: APIGatewayProxyEventV2): string => decoded(event.pathParameters?.token ?? '');

const post = async (deps: AnswerDeps, event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
  const form = readForm(event);
  if ('status' in form) return page(form.status, wrongPage());
  const token = tokenOf(event);
  // Who must say who answers is asked before anything is kept; who need not is never asked, whatever the browser sent.
  const opened = await openLink(deps, token);
  if (opened.is === 'unknown') return shown(deps, opened);
  const isAsked = opened.link.group && !opened.link.test;
  const typed = checkTyped(form);
  if (isAsked && opened.is === 'open' && Object.keys(typed.faults).length > 0) return shown(deps, opened, typed);
  const sent: Sent = { choice: form.choice, ...(isAsked && { name: typed.name, unit: typed.unit }) };
  return shown(deps, await takeAnswer(deps, token, sent));
};

/** `GET`, `HEAD` and `POST /a/{token}` ↔ the use case. Whatever is not a POST (a HEAD, a prefetch) only looks. */
export const makeHandler =
  (deps: AnswerDeps): HttpHandler =>
  async (event) =>
    event.requestContext.http.method === 'POST' ? post(deps, event) : shown(deps, await openLink(deps, tokenOf(event)));
