import { expect } from "vitest";
import type { Db } from "#db/client.ts";
import { findBrokenTotals } from "./totals-law.ts";

/** The law of the house, to be checked after every scenario. */
export async function expectTotalsToAddUp(db: Db): Promise<void> {
  expect(await findBrokenTotals(db), "what does not add up").toEqual([]);
}
