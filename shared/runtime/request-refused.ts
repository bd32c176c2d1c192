import type { ProblemCode } from '../contracts/problems.ts';
import { CradlewatchError } from '../domain/errors.ts';

/** The whole request is refused for what the caller sent; `more` goes into the problem document. */
export class RequestRefusedError extends CradlewatchError {
  override readonly name = 'RequestRefusedError';
  readonly code: ProblemCode;
  readonly retryable = false;
  readonly more: Readonly<Record<string, unknown>>;

  constructor(code: ProblemCode, detail: string, more: Readonly<Record<string, unknown>> = {}) {
    super(detail);
    this.code = code;
    this.more = more;
  }
}
