import { InvalidInputError } from '../../domain/errors.ts';
import type { Page } from '../../ports/registry-store.ts';

const FORM = /^left\.(\d{1,9})$/;

const leftOf = (cursor: string): number => {
  const [, left] = FORM.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  if (left !== undefined) return Number(left);
  throw new InvalidInputError(
    'The cursor belongs to no page of this list.',
    [{ pointer: '/cursor', message: 'not a cursor of this list' }],
    'cursor-invalid',
  );
};

/**
 * A page of a list that is read whole, the latest first. Its cursor counts what is left, so that what comes meanwhile at
 * the head moves nothing: an auditor who reads who looked is noted with each page.
 */
export const pageOfList = <T>(items: readonly T[], limit: number, cursor: string | undefined): Page<T> => {
  const from = cursor === undefined ? 0 : Math.max(0, items.length - leftOf(cursor));
  const page = items.slice(from, from + limit);
  const left = items.length - from - page.length;
  if (left === 0) return { items: page };
  return { items: page, cursor: Buffer.from(`left.${left}`).toString('base64url') };
};
