import { DateTime } from "luxon";
import type { NodeExecutor } from "#engine/flow/node-executor.ts";
import { next, waitUntil } from "#engine/flow/node-executor.ts";
import { chooseZone } from "../time/local-time.ts";
import type { timeWindow } from "./definition.ts";
import { findOpening } from "./find-opening.ts";

/** The window is checked again after the wait, because an execution that is woken late may find it closed once more. */
export const executeTimeWindow: NodeExecutor<typeof timeWindow> = ({ config, now, waited, contact, workspace }) => {
  const zone = chooseZone(config.zone, contact.time_zone, workspace.timeZone);
  const opening = findOpening(config, DateTime.fromJSDate(now, { zone }));
  if (opening === "now") return next("inside", { waited, zone });
  const opens = opening.toUTC().toISO();
  return config.outside === "drop" ? next("dropped", { opens, zone }) : waitUntil(opening.toJSDate(), { until: opens, zone });
};
