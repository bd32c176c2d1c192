import { InvalidInputError } from '../../domain/errors.ts';
import { readInstant } from '../../domain/instants.ts';

export const queryInvalid = (pointer: string, message: string): InvalidInputError =>
  new InvalidInputError('The question cannot be answered.', [{ pointer, message }], 'query-invalid');

/** The instant as of which is asked; the future is not known. */
export const asOfMs = (asOf: string | undefined, nowMs: number): number => {
  if (asOf === undefined) return nowMs;
  const atMs = readInstant(asOf);
  if (atMs > nowMs) throw queryInvalid('/asOf', 'must not be in the future');
  return atMs;
};
