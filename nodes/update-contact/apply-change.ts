import { addDecimals } from "#contract/comparable-number.ts";
import { contactFields, isRequired } from "#contract/contact-fields.ts";
import { isSendableEmail, withPlainDomain } from "#contract/email-address.ts";
import type { Reason } from "#contract/reasons.ts";
import { longestTag, mostTags } from "#contract/tags.ts";
import { readTimeZone } from "#contract/time-zones.ts";
import type { DecideContext } from "#engine/flow/node-executor.ts";
import { fillProblem, toRecord, toTyped } from "../values/typed-value.ts";
import type { ContactChangeConfig } from "./definition.ts";
import { isColumn, longestMetadata } from "./definition.ts";
import type { Draft } from "./draft.ts";

export interface ChangeFailure {
  reason: Reason;
  problem: string;
}

const bad = (problem: string): ChangeFailure => ({ reason: "bad_value", problem });
const isEmpty = (value: unknown) =>
  value === undefined ||
  value === null ||
  (typeof value === "string" && value.trim() === "") ||
  (Array.isArray(value) && value.length === 0);

/** Applies one change to the draft. It returns a failure where the change cannot be applied. */
export function applyChange(
  draft: Draft,
  change: ContactChangeConfig,
  context: Pick<DecideContext, "fill" | "readPhone" | "spellStatus">,
): ChangeFailure | undefined {
  const { field, operation } = change;
  if (change.onlyIfEmpty && !isEmpty(draft.get(field))) return undefined;
  if (operation === "clear") return write(draft, field, null, context);
  const value = readValue(change, context);
  if (typeof value === "object") return value;
  switch (operation) {
    case "set":
      return write(draft, field, value, context);
    case "append":
      return append(draft, field, value, context);
    case "add":
    case "subtract":
      return count(draft, field, operation === "add" ? 1 : -1, value);
    case "add_tag":
    case "remove_tag":
      return tag(draft, String(value).trim(), operation === "add_tag");
  }
}

/** The value of a change, with its merge fields filled in and in the type that it is to have. */
function readValue({ field, operation, value, as }: ContactChangeConfig, { fill }: Pick<DecideContext, "fill">) {
  if (typeof value !== "string") return value ?? "";
  const { text, missing, problem } = fill(value);
  if (missing) return { reason: "template_missing_value", problem: `${field}: ${missing.join(", ")} has no value.` } as const;
  if (problem) return bad(`${field}: ${fillProblem(problem)}`);
  const type = operation === "add" || operation === "subtract" ? "number" : operation === "set" && !isColumn(field) ? as : "text";
  return toTyped(text, type) ?? bad(`${field}: "${toRecord(text)}" is no ${type}.`);
}

function write(
  draft: Draft,
  field: string,
  value: unknown,
  { readPhone, spellStatus }: Pick<DecideContext, "readPhone" | "spellStatus">,
): ChangeFailure | undefined {
  if (!isColumn(field)) {
    if (typeof value === "string" && value.length > longestMetadata) return bad(`${field} takes at most ${longestMetadata} characters.`);
    draft.set(field, value);
    return undefined;
  }
  const text = value === null ? "" : String(value).trim();
  if (text.length > contactFields[field].longest) return bad(`${field} takes at most ${contactFields[field].longest} characters.`);
  if (text === "") {
    if (field === "phone") draft.setPhone(null, null);
    // Names may be empty but not absent.
    else draft.set(field, isRequired(field) ? "" : null);
    return undefined;
  }
  if (field === "phone") {
    const read = readPhone(text);
    if (read?.problem != null) return bad(`phone: "${text}" ${read.problem}.`);
    draft.setPhone(text, read?.e164 ?? null);
    return undefined;
  }
  if (field === "email") {
    const address = withPlainDomain(text);
    if (!isSendableEmail(address)) return bad(`email: "${toRecord(text)}" is not an e-mail address that can be written to.`);
    draft.set(field, address);
    return undefined;
  }
  const zone = field === "time_zone" ? readTimeZone(text) : text;
  if (zone === undefined) return bad(`time_zone: "${toRecord(text)}" is not the name of a time zone.`);
  draft.set(field, field === "lead_status" ? spellStatus(text) : zone);
  return undefined;
}

function append(
  draft: Draft,
  field: string,
  value: unknown,
  context: Pick<DecideContext, "readPhone" | "spellStatus">,
): ChangeFailure | undefined {
  const current = draft.get(field);
  if (Array.isArray(current)) {
    const list = [...current, value];
    if (JSON.stringify(list).length > longestMetadata) return bad(`${field} takes at most ${longestMetadata} characters.`);
    draft.set(field, list);
    return undefined;
  }
  if (typeof current === "object" && current !== null) return bad(`${field} is neither a text nor a list.`);
  return write(draft, field, `${current ?? ""}${value}`, context);
}

function count(draft: Draft, field: string, sign: 1 | -1, value: unknown): ChangeFailure | undefined {
  const current = draft.get(field);
  const from = isEmpty(current) ? 0 : typeof current === "number" ? current : toTyped(String(current), "number");
  if (typeof from !== "number" || typeof current === "boolean") return bad(`${field} is "${toRecord(current)}", which is no number.`);
  if (typeof value !== "number") return bad(`${field}: "${toRecord(value)}" is no number.`);
  // Sums of decimals as people write them: 0.1 + 0.2 is 0.3.
  const sum = addDecimals(from, sign * value);
  if (sum === undefined || Math.abs(sum) > Number.MAX_SAFE_INTEGER) return bad(`${field} would have more digits than can be counted.`);
  draft.set(field, sum);
  return undefined;
}

const splitTags = (text: string): string[] => text.split(",").map((one) => one.trim());

function tag(draft: Draft, name: string, isAdded: boolean): ChangeFailure | undefined {
  if (name === "" || [...name].length > longestTag) return bad(`A tag has 1 to ${longestTag} characters.`);
  const current = draft.get("tags");
  // An import may have left them as one text.
  const tags = Array.isArray(current) ? current.map(String) : isEmpty(current) ? [] : splitTags(String(current));
  const others = tags.filter((each) => each.toLowerCase() !== name.toLowerCase());
  if (!isAdded) draft.set("tags", others.length === 0 ? null : others);
  else if (others.length === tags.length) {
    if (tags.length >= mostTags) return bad(`A contact has at most ${mostTags} tags.`);
    draft.set("tags", [...tags, name]);
  }
  return undefined;
}
