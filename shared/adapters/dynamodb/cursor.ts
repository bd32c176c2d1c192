import { InvalidInputError } from '../../domain/errors.ts';

const LONGEST_CURSOR = 2_048;

/**
 * A cursor is base64url JSON of the list that it belongs to and the place after which the next page starts. It opens
 * nothing: a page is authorized by its own query, and a forged place only starts elsewhere in the same list.
 */
export const encodeCursor = (list: string, place: readonly string[]): string =>
  Buffer.from(JSON.stringify([list, ...place]), 'utf8').toString('base64url');

/** The place, or absent for the first page. Throws `InvalidInputError` with code `cursor-invalid`. */
export const decodeCursor = (
  list: string,
  length: number,
  cursor: string | undefined,
): readonly string[] | undefined => {
  if (cursor === undefined) return undefined;
  const [ofList, ...place] = parse(cursor);
  if (ofList !== list || place.length !== length || place.some((part) => part === '')) throw cursorInvalid();
  return place;
};

export const cursorInvalid = (): InvalidInputError =>
  new InvalidInputError(
    'The cursor does not belong to this list. Start again without a cursor.',
    [{ pointer: '/cursor', message: 'not a cursor of this list' }],
    'cursor-invalid',
  );

const parse = (cursor: string): readonly string[] => {
  if (cursor.length > LONGEST_CURSOR) throw cursorInvalid();
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(parsed) && parsed.every((part) => typeof part === 'string')) return parsed;
  } catch {
    // Not JSON: refused below like every other forgery.
  }
  throw cursorInvalid();
};
