import { problemSeverities } from "#contract/flow-problems.ts";
import type { FlowProblem } from "#contract/flows.ts";
import { cameInAs } from "../import/came-in-as.ts";
import { isRecord } from "./checked-node.ts";

/**
 * The settings of a flow that something here reads. There are none: what a flow does stands in its steps, and who may enter and
 * what ends it early with its start.
 */
const readHere: ReadonlySet<string> = new Set();

/** The names of settings that are kept and have no effect, also of those that came beside the graph of an imported flow. */
export function unreadSettings(settings: Readonly<Record<string, unknown>>): string[] {
  const { [cameInAs]: beside, ...own } = settings;
  return [...Object.keys(own), ...(isRecord(beside) ? Object.keys(beside) : [])].filter((name) => !readHere.has(name));
}

/** The settings without one of these names, wherever it stood. */
export function withoutSetting(settings: Readonly<Record<string, unknown>>, name: string): Record<string, unknown> {
  const { [name]: _removed, ...rest } = settings;
  const { [cameInAs]: beside, ...own } = rest;
  if (!isRecord(beside)) return rest;
  const { [name]: _besides, ...others } = beside;
  return Object.keys(others).length === 0 ? own : { ...own, [cameInAs]: others };
}

/** Other tools write settings, and whoever reads "stop on reply" there relies on it. So what has no effect is told before publishing. */
export function checkSettings(settings: Readonly<Record<string, unknown>>): FlowProblem[] {
  const names = unreadSettings(settings);
  if (names.length === 0) return [];
  const message = `Settings of the flow that nothing here reads, so they have no effect: ${names.join(", ")}.`;
  return [{ severity: problemSeverities.setting_unread, code: "setting_unread", message }];
}
