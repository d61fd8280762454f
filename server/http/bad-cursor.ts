import { BadCursor } from "#db/queries/page-cursor.ts";
import { invalid } from "./errors.ts";

/** Reads a page of a list. A cursor that this list never gave out is refused as an invalid request. */
export async function pageOrRefusal<T>(page: Promise<T>): Promise<T> {
  try {
    return await page;
  } catch (error) {
    if (error instanceof BadCursor) throw invalid([{ path: "cursor", message: error.message }]);
    throw error;
  }
}
