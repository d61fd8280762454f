import { BadCursor } from "#db/queries/page-cursor.ts";
import { invalid } from "./errors.ts";

/** A page of a list; a cursor that this list never gave out is the caller's mistake, not ours. */
export async function pageOrRefusal<T>(page: Promise<T>): Promise<T> {
  try {
    return await page;
  } catch (error) {
    if (error instanceof BadCursor) throw invalid([{ path: "cursor", message: error.message }]);
    throw error;
  }
}
