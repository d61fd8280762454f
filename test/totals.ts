import { expect } from "vitest";
import type { Db } from "#db/client.ts";
import { findUndeclaredResults } from "./result-law.ts";
import { findBrokenTotals } from "./totals-law.ts";

/** Is called after every scenario: the totals add up, no row has lost its parent, and no step's result holds what its node type does not declare. */
export async function expectTotalsToAddUp(db: Db): Promise<void> {
  expect(await findBrokenTotals(db), "what does not add up").toEqual([]);
  expect(await findUndeclaredResults(db), "results that no node type declares").toEqual([]);
}
