import { buildOpenApi } from '../../shared/contracts/openapi.ts';
import { serveHttp } from '../../shared/runtime/serve-http.ts';
import { makeHandler } from './handler.ts';

export const handler = serveHttp(makeHandler(buildOpenApi()));
