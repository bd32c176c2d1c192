import { InvalidInputError } from '../../domain/errors.ts';
import type { Page } from '../../ports/registry-store.ts';

const FORM = /^after\.(\d{1,9})$/;

const offsetOf = (cursor: string | undefined): number => {
  if (cursor === undefined) return 0;
  const [, offset] = FORM.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  if (offset !== undefined) return Number(offset);
  throw new InvalidInputError(
    'The cursor belongs to no page of this list.',
    [{ pointer: '/cursor', message: 'not a cursor of this list' }],
    'cursor-invalid',
  );
};

/** A page of a list that is read whole. What came meanwhile at its head shifts it: an item may come twice, none is lost. */
export const pageOfList = <T>(items: readonly T[], limit: number, cursor: string | undefined): Page<T> => {
  const from = offsetOf(cursor);
  const page = items.slice(from, from + limit);
  if (from + limit >= items.length) return { items: page };
  return { items: page, cursor: Buffer.from(`after.${from + limit}`).toString('base64url') };
};
