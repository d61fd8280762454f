import { isRecord } from "../graph/checked-node.ts";
import { cameInAs } from "./came-in-as.ts";
import { foldKey, type Raw, readRaw } from "./raw-values.ts";

/** What one step does, in the words of where it comes from. */
export interface RawAction {
  /** Empty where none is named. */
  type: string;
  settings: Raw;
  /** What stands beside the settings. */
  beside: Raw;
}

/** Keys of a step's data that are no settings, by their folded names. */
const structure = new Set([
  "label",
  "note",
  "notes",
  "key",
  "config",
  "configuration",
  "actiontype",
  "action",
  "actions",
  "leadstatuscheck",
  "undecided",
]);

const isOwn = (key: string): boolean => key === cameInAs || structure.has(foldKey(key));

export interface RawStep {
  data: Raw;
  actions: readonly [RawAction, ...RawAction[]];
  /** Whether the type of the node says nothing, and its data name the action. */
  isFramed: boolean;
  /** What stands around a list of actions, for all of them. */
  around: Raw;
}

export const besideSettings = (data: Raw): Raw => Object.fromEntries(Object.entries(data).filter(([key]) => !isOwn(key)));

const settingsOf = (data: Raw): Raw => readRaw(data).record("config", "configuration", "settings") ?? {};

/** Whether a step is only a frame around one or several actions. */
const isFrame = (type: string): boolean => ["", "action", "actions", "actionnode", "custom"].includes(foldKey(type));

/**
 * What a step does: one action, or several in their order. Flows are stored in four shapes: an action in a frame, several
 * actions in a frame, a type of its own with its settings in `data`, and the oldest with `message`, `delay` and `condition`.
 */
export function readStep(node: Raw): RawStep {
  const type = typeof node.type === "string" ? node.type.trim() : "";
  const data = isRecord(node.data) ? node.data : {};
  const single = (named: string): [RawAction] => [{ type: named, settings: settingsOf(data), beside: besideSettings(data) }];
  if (!isFrame(type)) return { data, actions: single(type), isFramed: false, around: {} };
  const [first, ...others] = (readRaw(data).list("actions") ?? []).map(readAction);
  if (first) return { data, actions: [first, ...others], isFramed: true, around: besideSettings(data) };
  const named = readRaw(data).text("actiontype", "action");
  return { data, actions: single(named ?? type), isFramed: named !== undefined, around: {} };
}

function readAction(item: unknown): RawAction {
  const data = isRecord(item) ? item : {};
  const type = readRaw(data).text("actiontype", "type", "action") ?? "";
  const beside = Object.fromEntries(
    Object.entries(besideSettings(data)).filter(([key]) => !["type", "id", "settings"].includes(foldKey(key))),
  );
  return { type, settings: settingsOf(data), beside };
}
