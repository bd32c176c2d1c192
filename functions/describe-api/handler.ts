import type { HttpHandler } from '../../shared/runtime/serve-http.ts';

/** The document never changes within one deployment: a client may keep it for an hour. */
const headers = { 'content-type': 'application/json', 'cache-control': 'public, max-age=3600' };

/** `GET /v1/openapi.json`: the document, written out once. */
export const makeHandler = (document: Record<string, unknown>): HttpHandler => {
  const body = JSON.stringify(document);
  return async () => ({ statusCode: 200, headers, body });
};
