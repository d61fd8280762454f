import { readTimeZone } from "#contract/time-zones.ts";
import type { NodeContext } from "#engine/flow/node-executor.ts";
import { chooseZone } from "./local-time.ts";

/** The zone in which a step counts, and whose it turned out to be. */
export const zoneOf = (
  { contact, workspace }: Pick<NodeContext, "contact" | "workspace">,
  whose: "contact" | "workspace",
): { zone: string; zoneOf: "contact" | "workspace" } => ({
  zone: chooseZone(whose, contact.time_zone, workspace.timeZone),
  zoneOf: whose === "contact" && contact.time_zone !== null && readTimeZone(contact.time_zone) !== undefined ? "contact" : "workspace",
});
