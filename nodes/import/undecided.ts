import { foldKey, type RawReader } from "./raw-values.ts";
import { type Note, undecided } from "./translation.ts";

/** Keys that say what something is called or where it is drawn, and nothing of what it does. */
const silentKeys: ReadonlySet<string> = new Set([
  ...["id", "uuid", "key", "name", "stepname", "title", "label", "description", "comment", "icon", "color", "colour", "version"],
  ...["position", "index", "order", "orderindex", "x", "y", "width", "height", "collapsed", "expanded", "createdat", "updatedat"],
  ...["type", "steptype", "nodetype", "category", "selected", "valid", "isvalid", "errors", "stats"],
]);
export const isSilent = (key: string): boolean => silentKeys.has(foldKey(key)) || key.startsWith("__");

/** Words in the name of a setting by which it may say who is written to, when, or whether at all. */
const decisiveWords: ReadonlySet<string> = new Set([
  ...["to", "cc", "bcc", "recipient", "recipients", "audience", "segment", "segments", "owner", "assignee", "user", "users", "team"],
  ...["contact", "contacts", "lead", "leads", "customer", "customers", "member", "members", "group", "groups", "channel", "target"],
  ...["delay", "wait", "schedule", "scheduled", "at", "time", "timing", "date", "day", "days", "hour", "hours", "minutes", "weeks", "when"],
  ...["weekday", "weekdays", "weekend", "weekends", "workdays", "business", "window", "timezone", "zone", "quiet", "before", "after"],
  ...["until", "from", "between", "expires", "expiry", "deadline", "direction", "offset", "anchor", "holidays"],
  ...["if", "unless", "only", "condition", "conditions", "filter", "filters", "rule", "rules", "skip", "exclude", "include"],
  ...["except", "require", "required", "requires", "limit", "max", "maximum", "min", "once", "frequency", "throttle", "cap", "stop"],
  ...["allow", "deny", "block", "consent", "optin", "optout", "opt", "approval", "approve", "test", "dry", "probability", "percent"],
  ...["negate", "negated", "not", "invert", "inverted", "status", "state", "mode", "random", "repeat", "times", "spread", "jitter"],
]);

const wordsOf = (key: string): string[] =>
  key
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/);

/** Whether a setting that nothing here reads may say who is written to, when, or whether at all. */
export const isDecisive = (key: string): boolean => !isSilent(key) && wordsOf(key).some((word) => decisiveWords.has(word));

/** A value of another product as a report quotes it. */
export const said = (value: unknown): string =>
  (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).slice(0, 100).toWellFormed();

/** Everything that is left of settings of which each may change what happens, as one question. Nothing where nothing is left. */
export function undecidedRest(what: string, keys: readonly string[]): Note[] {
  const telling = keys.filter((key) => !isSilent(key));
  if (telling.length === 0) return [];
  const shown = telling.slice(0, 10).map((key) => key.slice(0, 60).toWellFormed());
  return [undecided(`${what} also says ${shown.join(", ")}${telling.length > 10 ? " …" : ""}, which nothing here reads. ${checkIt}`)];
}
const checkIt = "It may change who is written to, when, or whether at all: set the step up as it is meant, or leave that out.";

const offWords: ReadonlySet<string> = new Set(["off", "disabled", "inactive", "deactivated", "paused", "muted", "skipped", "bypassed"]);
const onKeys = ["enabled", "isenabled", "active", "isactive", "on", "ison"];
const offKeys = [
  ...["disabled", "isdisabled", "off", "isoff", "switchedoff", "inactive", "isinactive", "deactivated", "paused", "ispaused"],
  ...["muted", "ismuted", "skip", "skipped", "isskipped", "bypass", "bypassed", "isbypassed"],
];

/** What a step says about being switched on or off. */
export interface Switch {
  isOff: boolean;
  /** A value that may mean either, with its key. */
  unclear?: string;
}

/** Reads whether a step, an action or its settings are switched off, by any of the usual keys. */
export function readSwitch(settings: RawReader): Switch {
  const found: Switch = { isOff: false };
  const judge = (name: string, offAt: boolean) => {
    const value = settings.take(name);
    if (value === undefined) return;
    const isTrue = toBoolean(value);
    if (isTrue === undefined) found.unclear = `${name}: ${said(value)}`;
    else if (isTrue === offAt) found.isOff = true;
  };
  for (const name of onKeys) judge(name, false);
  for (const name of offKeys) judge(name, true);
  const status = ["status", "state"].find((name) => settings.unread().some((key) => foldKey(key) === name));
  const word = status === undefined ? undefined : settings.peek(status);
  if (status !== undefined && typeof word === "string" && (offWords.has(foldKey(word)) || onWords.has(foldKey(word)))) {
    settings.take(status);
    if (offWords.has(foldKey(word))) found.isOff = true;
  }
  return found;
}
const onWords: ReadonlySet<string> = new Set(["on", "enabled", "active", "activated", "live", "published"]);

function toBoolean(value: unknown): boolean | undefined {
  const word = typeof value === "string" ? foldKey(value) : value;
  if ([true, 1, "true", "1", "yes", "on"].includes(word as string)) return true;
  return [false, 0, "false", "0", "no", "off"].includes(word as string) ? false : undefined;
}
