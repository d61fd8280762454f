import { z } from "zod";
import { PageQuery, Timestamp, Uuid } from "./pagination.ts";
import { typedText } from "./typed-text.ts";

/** For how many days a deleted contact can be restored. Then it is erased. */
export const binDays = 30;

/** The most contacts that one request restores or erases. */
export const binRequestLimit = { restore: 10_000, erase: 500 } as const;

export const BinnedContact = z.object({
  id: Uuid,
  displayName: z.string(),
  email: z.string().nullable(),
  phoneNumber: z.string().nullable(),
  deletedAt: Timestamp,
  /** The person or the API key. Null where it is not known. */
  deletedByName: z.string().nullable(),
  /** When it is erased unless somebody restores it. */
  erasedAt: Timestamp,
});
export type BinnedContact = z.infer<typeof BinnedContact>;

export const BinQuery = z.strictObject({
  ...PageQuery.shape,
  /** Part of the name, the address or the number. */
  search: z.string().overwrite(typedText).max(100).optional(),
});
export type BinQuery = z.infer<typeof BinQuery>;

export const RestoreFromBin = z.strictObject({ ids: z.array(Uuid).min(1).max(binRequestLimit.restore) });
export const EraseFromBin = z.strictObject({ ids: z.array(Uuid).min(1).max(binRequestLimit.erase) });
