import type { EngineContext } from "../engine-context.ts";
import type { OfFlow } from "../execution/inside-rows.ts";
import { countPeople } from "./people-inside-rows.ts";

/** Counts the people who are in a flow now, by the version that they follow. */
export async function countInside({ db, clock }: EngineContext, of: OfFlow): Promise<ReadonlyMap<string, number>> {
  const inside = new Map<string, number>();
  for (const { version_id, people } of await countPeople(db, of, clock)) inside.set(version_id, (inside.get(version_id) ?? 0) + people);
  return inside;
}
