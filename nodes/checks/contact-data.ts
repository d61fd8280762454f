import { contactNames, fieldOf, spellings } from "#contract/contact-fields.ts";
import { customKey } from "#contract/custom-fields.ts";
import { splitField } from "#contract/field-path.ts";
import type { CatalogueField, FieldCatalogue } from "#contract/fields.ts";
import { findNearest } from "#contract/nearest-name.ts";
import { parseTemplate } from "#contract/template.ts";
import { type CheckedNode, isRecord, mostTold, type Report } from "../graph/checked-node.ts";
import { textsAt, valuesAt } from "../graph/texts-at.ts";
import { plainField } from "../values/field-name.ts";

/** Tells what the contacts of the workspace do not have: fields, values of fields, and values for the fields of a text. */
export function checkContactData(nodes: ReadonlyMap<string, CheckedNode>, catalogue: FieldCatalogue, report: Report): void {
  if (catalogue.contacts.looked === 0) return;
  const names = readCatalogue(catalogue, nodes);
  for (const node of nodes.values()) {
    checkTexts(node, names, report);
    checkFieldNames(node, names, report);
    checkValues(node, names, report);
  }
}

interface Names {
  catalogue: FieldCatalogue;
  /** What a path without `contact.` means; `set` where a step of the flow gives it a value, undefined where nobody has it. */
  find(path: readonly string[]): CatalogueField | "set" | "elsewhere" | undefined;
  customNames: readonly string[];
}

const spelled = new Map<string, string>(spellings);

function readCatalogue(catalogue: FieldCatalogue, nodes: ReadonlyMap<string, CheckedNode>): Names {
  const own = new Map(catalogue.items.filter(({ group }) => group === "contact").map((item) => [item.path, item]));
  const custom = catalogue.items.filter(({ group }) => group === "custom");
  const byLabel = new Map(custom.map((item) => [item.label, item]));
  const byKey = Map.groupBy(custom, ({ label }) => customKey(label) ?? label);
  const variables = new Set<string>();
  const written = new Set<string>();
  for (const { definition, config } of nodes.values()) {
    for (const { text } of textsAt(config, definition?.names?.variables ?? [])) variables.add(text);
    for (const { value } of definition?.type === "update_contact" ? valuesAt(config, ["changes.*"]) : []) {
      if (isRecord(value) && typeof value.field === "string") written.add(splitField(plainField(value.field))[1] ?? "");
    }
  }
  const findCustom = (name: string) => {
    const keyed = byKey.get(name) ?? [];
    return byLabel.get(name) ?? (keyed.length === 1 ? keyed[0] : undefined) ?? (written.has(name) ? "set" : undefined);
  };
  return {
    catalogue,
    customNames: [...new Set([...byLabel.keys(), ...byKey.keys()])],
    find([first = "", ...rest]) {
      if (first === "custom" || first === "metadata") return rest[0] === undefined ? "elsewhere" : findCustom(rest[0]);
      if (rest.length > 0) return "elsewhere";
      const name = spelled.get(first) ?? first;
      if (contactNames.includes(name)) return own.get(fieldOf(name) ?? name) ?? "elsewhere";
      return variables.has(first) ? "set" : findCustom(first);
    },
  };
}

const plainPath = (path: readonly string[]) => (path[0] === "contact" ? path.slice(1) : path);

/** Where a missing value keeps a step from doing what it should. Others leave the value out. */
const needsValues = ({ definition }: CheckedNode) => definition?.channel !== undefined || definition?.names?.outputs !== undefined;

function checkTexts(node: CheckedNode, names: Names, report: Report): void {
  const { id: nodeId, definition, config } = node;
  for (const { at, text } of textsAt(config, definition?.names?.templates ?? [])) {
    const looked = new Set<string>();
    let unknown = 0;
    for (const { path, source, filters } of parseTemplate(text).fields) {
      if (looked.has(source)) continue;
      looked.add(source);
      const found = names.find(plainPath(path));
      if (found === undefined) {
        // To find what was meant takes longer than to tell it.
        if (unknown === mostTold) continue;
        unknown += 1;
        tellUnknown(names, source, plainPath(path), report, { nodeId, field: at, isText: true });
      } else if (typeof found !== "string" && needsValues(node) && !filters.some(({ name }) => name === "default")) {
        tellMissing(found, source, names, report, {
          nodeId,
          field: at,
          without: definition?.channel ? "They get no message" : "The step fails for them",
        });
      }
    }
  }
}

/** “Hi there” is what a greeting says without a name. */
const greeted: ReadonlySet<string> = new Set(["firstname", "name"]);

function tellMissing(
  { path, filled, looked }: CatalogueField,
  source: string,
  { catalogue }: Names,
  report: Report,
  { without, ...where }: { nodeId: string; field: string; without: string },
): void {
  const missing = looked - filled;
  if (missing <= 0) return;
  const count = (many: number) => many.toLocaleString("en");
  const among = catalogue.contacts.isSample ? `the newest ${count(looked)} contacts` : `${count(looked)} contacts`;
  const fallback = greeted.has(path) ? "there" : "";
  report("field_without_default", `{{ ${source} }} is missing for ${count(missing)} of ${among}. ${without} without a default.`, {
    ...where,
    fix: {
      kind: "replace_field",
      label: fallback === "" ? "Leave it out where it is missing" : `Write “${fallback}” where it is missing`,
      value: { from: source, to: `${source} | default: '${fallback}'` },
    },
  });
}

function tellUnknown(
  { catalogue, customNames }: Names,
  source: string,
  path: readonly string[],
  report: Report,
  { nodeId, field, isText }: { nodeId: string; field: string; isText: boolean },
): void {
  const name = (path[0] === "custom" || path[0] === "metadata" ? path[1] : path[0]) ?? "";
  const near = findNearest(name, customNames);
  const contacts = catalogue.contacts.isSample ? `the newest ${catalogue.contacts.looked.toLocaleString("en")} contacts` : "your contacts";
  const to =
    near === undefined ? undefined : catalogue.items.find(({ label, path: at }) => label === near || at === `custom.${near}`)?.path;
  const fix =
    to === undefined
      ? undefined
      : isText
        ? ({ kind: "replace_field", label: `Use ${to}`, value: { from: source, to } } as const)
        : ({ kind: "set", label: `Use ${to}`, value: to } as const);
  report("field_unknown", `None of ${contacts} has the field “${name}”.`, { nodeId, field, ...(fix && { fix, suggestion: to }) });
}

function checkFieldNames({ id: nodeId, definition, config }: CheckedNode, names: Names, report: Report): void {
  let told = 0;
  for (const { at, text } of textsAt(config, definition?.names?.fields ?? [])) {
    const path = splitField(plainField(text));
    if (path[0] !== "custom" && path[0] !== "metadata") continue;
    if (names.find(path) !== undefined) continue;
    tellUnknown(names, text, path, report, { nodeId, field: at, isText: false });
    told += 1;
    if (told === mostTold) return;
  }
}

const mostChoices = 100;
const byWholeValue: ReadonlySet<unknown> = new Set(["is", "in"]);

/** A test for a value that nobody has holds for nobody. The lead statuses have a list of their own. */
function checkValues({ id: nodeId, definition, config }: CheckedNode, names: Names, report: Report): void {
  let told = 0;
  for (const { at, value: place } of valuesAt(config, definition?.names?.values ?? [])) {
    if (!isRecord(place) || typeof place.field !== "string" || !byWholeValue.has(place.operator)) continue;
    const found = names.find(splitField(plainField(place.field)));
    // Where there are very many values, not all of them are known here.
    if (typeof found !== "object" || found.path === "lead_status" || (found.choices?.length ?? mostChoices) >= mostChoices) continue;
    const { choices = [], label } = found;
    const values: unknown[] = Array.isArray(place.value) ? place.value : [place.value];
    const known = new Set(choices.map((choice) => choice.toLowerCase()));
    for (const [index, value] of values.entries()) {
      if (typeof value !== "string" || known.has(value.toLowerCase())) continue;
      if (told === mostTold) return;
      told += 1;
      const field = Array.isArray(place.value) ? `${at}.value.${index}` : `${at}.value`;
      const near = findNearest(value, choices);
      report("value_unknown", `No contact has the ${label.toLowerCase()} “${value}”.`, {
        nodeId,
        field: `${at}.value`,
        ...(near !== undefined && { suggestion: near, fix: { kind: "set", label: `Use “${near}”`, field, value: near } as const }),
      });
    }
  }
}
