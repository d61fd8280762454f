import { customKey } from "#contract/custom-fields.ts";
import { isRecord } from "../graph/checked-node.ts";
import type { Raw } from "./raw-values.ts";
import { changed, choice, type Note, step, type Translate, withoutEffect } from "./translation.ts";

const nameOf = (tag: unknown): unknown => (isRecord(tag) ? (tag.name ?? tag.label ?? tag.tag) : tag);

const translateTags =
  (operation: "add_tag" | "remove_tag"): Translate =>
  (settings) => {
    const given = settings.take("tags", "tag", "tagname", "tagnames", "name", "value");
    const names = [given]
      .flat()
      .map(nameOf)
      .filter((name) => typeof name === "string" && name !== "");
    if (names.length === 0) return undefined;
    const changes = names.map((value): Raw => ({ field: "tags", operation, value }));
    return step("update_contact", { changes });
  };
export const translateAddTag = translateTags("add_tag");
export const translateRemoveTag = translateTags("remove_tag");

export const translateSetVariable: Translate = (settings) => {
  const given = settings.text("name", "variablename", "variable", "key", "field", "fieldname");
  if (given === undefined) return undefined;
  const raw = settings.take("value", "variablevalue", "content", "text");
  const value = typeof raw === "string" ? raw : typeof raw === "number" || typeof raw === "boolean" ? String(raw) : "";
  const name = /^[A-Za-z][A-Za-z0-9_]{0,39}$/.test(given) ? given : (customKey(given) ?? given);
  const notes: Note[] = [
    choice(
      `If contacts have a custom field “${given}”, the value was also saved there. If you need that, put an Update contact behind it.`,
    ),
  ];
  if (name !== given) notes.push(changed("The name of a variable has letters, digits and underscores.", given, name));
  return step("set_variable", { name, value }, notes);
};

export const translateDoNotContact: Translate = () =>
  step("consent", { sms: "opt_out", email: "opt_out", doNotContact: true }, [
    withoutEffect("It also set the lead status to DNC and closed the conversation. Here it only stops all messages."),
  ]);

const consent =
  (channel: "sms" | "email", wish: "opt_in" | "opt_out"): Translate =>
  (settings) => {
    const reason = settings.text("reason", "source");
    const notes =
      wish === "opt_in" && reason === undefined
        ? [choice("Say in its settings where the contact gave the consent; without that it opts nobody in.")]
        : [];
    return step("consent", { [channel]: wish, ...(reason !== undefined && { reason: reason.slice(0, 200) }) }, notes);
  };
export const translateSmsOptIn = consent("sms", "opt_in");
export const translateSmsOptOut = consent("sms", "opt_out");
export const translateEmailOptIn = consent("email", "opt_in");
export const translateEmailOptOut = consent("email", "opt_out");
