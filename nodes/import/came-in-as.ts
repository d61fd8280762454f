import { isRecord } from "../graph/checked-node.ts";
import type { Raw } from "./raw-values.ts";

/**
 * Where a step or a connection is spelled otherwise here, its data keep under this name how it came in, so that nothing of it
 * is lost and it can be exported as it was.
 */
export const cameInAs = "cameInAs";

/** How a step or a connection came in; undefined where it stands as it came. */
export function originalOf(item: unknown): Raw | undefined {
  const data = isRecord(item) && isRecord(item.data) ? item.data : {};
  const original = Object.hasOwn(data, cameInAs) ? data[cameInAs] : undefined;
  return isRecord(original) ? original : undefined;
}
