import type { LocalFunction } from '../functions.ts';

/** The function did not do what the past needs of it. */
export class PastError extends Error {
  override readonly name = 'PastError';
}

/** Hands messages to a function as its queue would, and requires that none comes back. */
export const invokeWith = async (to: LocalFunction, messages: readonly object[]): Promise<void> => {
  const Records = messages.map((body, n) => ({ messageId: String(n), body: JSON.stringify(body), attributes: {} }));
  const answer = await to.invoke({ Records });
  const payload = answer.ok ? (JSON.parse(answer.payload ?? '{}') as { batchItemFailures?: readonly unknown[] }) : {};
  if (answer.ok && (payload.batchItemFailures ?? []).length === 0) return;
  const why = answer.ok ? 'gave its messages back' : answer.error;
  throw new PastError(`${to.spec.environment.POWERTOOLS_SERVICE_NAME ?? to.spec.name} ${why}`);
};
