import { z } from "zod";

/** The query of every list: the opaque cursor of the page before, and how many rows to return. */
export const PageQuery = z.object({
  cursor: z.string().max(1000).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/**
 * One page of a list. `nextCursor` is null on the last page. Lists use keyset pagination, so rows that arrive meanwhile
 * never shift a page.
 */
export const pageOf = <Item extends z.ZodType>(item: Item) => z.object({ items: z.array(item), nextCursor: z.string().nullable() });

export const Uuid = z.uuid();
export const Timestamp = z.iso.datetime({ offset: true });
