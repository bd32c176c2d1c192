import { UnavailableError } from '../../shared/domain/errors.ts';
import type { HttpHandler } from '../../shared/runtime/serve-http.ts';
import type { AnswerDeps } from './take-answers.ts';

/** `GET` and `POST /a/{token}` ↔ the use case. */
export const makeHandler =
  (_deps: AnswerDeps): HttpHandler =>
  async () => {
    throw new UnavailableError('answers are not taken yet');
  };
