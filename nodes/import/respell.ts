import { contactNames } from "#contract/contact-fields.ts";
import { parseFieldPath, splitField, writeFieldPath } from "#contract/field-path.ts";
import { findVariant, suggestReadable } from "#contract/nearest-name.ts";
import { findDefinition } from "../definitions.ts";
import { isRecord } from "../graph/checked-node.ts";
import { plainField } from "../values/field-name.ts";
import { foldKey, type Raw } from "./raw-values.ts";
import { changed, choice, type Note } from "./translation.ts";

const namespaces = new Set(["contact", "custom", "metadata", "trigger", "input", "workspace", "variables", "steps"]);

/** The links that Sluice writes into messages itself. */
const ownLinks = new Set(["unsubscribelink", "unsubscribeurl", "unsubscribe", "optoutlink"]);

/** Spells the fields that a configuration names, in its texts and by themselves, as they are spelled here. */
export function respellNames(type: string, config: Raw): { config: Raw; notes: Note[] } {
  const notes: Note[] = [];
  const { templates = [], fields = [] } = findDefinition(type)?.names ?? {};
  const inTexts = mapTexts(config, templates, (text) => respellText(text, notes));
  return { config: mapTexts(inTexts, fields, (field) => respellField(field, notes)) as Raw, notes };
}

/** Changes the texts at places such as `branches.*.tests.*.field`, and nothing else. */
function mapTexts(value: unknown, places: readonly string[], change: (text: string) => string): unknown {
  return places.reduce((mapped, place) => mapAt(mapped, place.split("."), change), value);
}

function mapAt(value: unknown, [name, ...rest]: string[], change: (text: string) => string): unknown {
  if (name === undefined) return typeof value === "string" ? change(value) : value;
  if (name === "*") return Array.isArray(value) ? value.map((item) => mapAt(item, rest, change)) : value;
  return isRecord(value) && Object.hasOwn(value, name) ? { ...value, [name]: mapAt(value[name], rest, change) } : value;
}

/** A field without braces. One that is none of a contact is a custom field, as where the flow comes from. */
function respellField(field: string, notes: Note[]): string {
  const plain = plainField(field.trim());
  if (contactNames.includes(plain)) return field;
  const [first = "", ...rest] = splitField(plain);
  const spelled =
    rest.length === 0
      ? (findVariant(first, contactNames) ?? (first === "" ? "" : writeFieldPath(["custom", first])))
      : namespaces.has(first)
        ? writeFieldPath([first, ...rest])
        : plain;
  return tell(field, spelled, notes);
}

function tell(from: string, to: string, notes: Note[]): string {
  if (from !== to && !notes.some((note) => note.from === from)) notes.push(changed("A field is spelled otherwise here.", from, to));
  return to;
}

/** A text with merge fields. Filters and everything around the names stay as they are. */
const respellText = (text: string, notes: Note[]): string =>
  text.replace(
    /\{\{(\s*)([^{}|]{1,200}?)(\s*)((?:\|[^{}]*)?)\}\}/g,
    (whole, before: string, name: string, after: string, filters: string) => {
      const spelled = respellName(name, notes);
      return spelled === name ? whole : `{{${before}${tell(name, spelled, notes)}${after}${filters}}}`;
    },
  );

function respellName(name: string, notes: Note[]): string {
  if (ownLinks.has(foldKey(name.split(".").at(-1) ?? ""))) {
    notes.push(choice(`“{{${name}}}” stands in the text. Sluice adds the way to unsubscribe itself: take it out.`));
    return name;
  }
  const path = parseFieldPath(name);
  if (!path) return suggestReadable(name) ?? name;
  const [first = "", ...rest] = path;
  if (rest.length === 0) return contactNames.includes(first) ? name : (findVariant(first, contactNames) ?? name);
  if (first !== "contact") return name;
  const [second = "", ...below] = rest;
  if (contactNames.includes(second) || second === "custom" || second === "metadata") return name;
  const variant = below.length === 0 ? findVariant(second, contactNames) : undefined;
  return writeFieldPath(variant === undefined ? ["contact", "custom", second, ...below] : ["contact", variant]);
}
