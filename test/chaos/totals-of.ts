import type { Db } from "#db/client.ts";
import { findBrokenTotals } from "../totals-law.ts";
import type { Finding } from "./scenario.ts";

/** Checks what must be true of the rows whatever was killed. */
export async function totalsOf(db: Db): Promise<Finding> {
  const broken = await findBrokenTotals(db);
  return { what: "totals that do not add up", goal: "0", measured: broken[0] ?? 0, held: broken.length === 0 };
}
