import { Logger } from '@aws-lambda-powertools/logger';

/**
 * JSON lines with service name and request id. Never give it a body, a key, a token or a header: what is logged is read
 * by more people than what is stored.
 */
export const makeLogger = (): Logger => new Logger();
export type { Logger } from '@aws-lambda-powertools/logger';

/** Says what failed, and about what; a cause that is no error is written out. */
export const tellIn =
  (logger: Logger) =>
  (what: string, about: string, cause: unknown): void =>
    logger.error(what, { about, cause: cause instanceof Error ? cause : String(cause) });
