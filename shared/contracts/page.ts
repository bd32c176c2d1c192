import * as z from 'zod';

export const LARGEST_PAGE = 100;
export const USUAL_PAGE = 50;
const LONGEST_CURSOR = 4_096;

/** Query of every list: how many lines at most, and where the last page ended. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(LARGEST_PAGE).exactOptional(),
  /** Opaque: as an earlier answer gave it. */
  cursor: z.string().min(1).max(LONGEST_CURSOR).exactOptional(),
});
export type PageQuery = z.infer<typeof pageQuery>;

/** A page of a list. A page may be short, even empty, and still not be the last: go on while there is a cursor. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.strictObject({ items: z.array(item).max(LARGEST_PAGE), cursor: z.string().max(LONGEST_CURSOR).exactOptional() });
