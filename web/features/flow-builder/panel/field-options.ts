import { apiName, type ContactField } from "#contract/contact-fields.ts";
import type { Contact } from "#contract/contacts.ts";
import { customKey, readCustomField } from "#contract/custom-fields.ts";
import { parseFieldPath } from "#contract/field-path.ts";
import type { CatalogueField, FieldCatalogue } from "#contract/fields.ts";
import type { InputType } from "#contract/flow-inputs.ts";
import { findNearest } from "#contract/nearest-name.ts";
import type { MergeField } from "#contract/template.ts";
import { judgeName, type KnownNames } from "#nodes/graph/judge-name.ts";
import type { NameOnWays } from "#nodes/graph/names-on-ways.ts";
import { plainField } from "#nodes/values/field-name.ts";
import { formatCount } from "#ui/format.ts";
import type { MergeFieldOption, MergeFields } from "#ui/merge-fields/merge-fields.ts";
import { fieldGroups, ofLaunch, ofSteps } from "#web/entities/fields/field-groups.ts";

const order = [fieldGroups.contact, fieldGroups.custom, ofLaunch, fieldGroups.trigger, ofSteps, fieldGroups.workspace];

/** How often a field has no value; undefined where it always has one. */
export function missingWords({ group, filled, looked }: Pick<CatalogueField, "group" | "filled" | "looked">): string | undefined {
  if (group === "trigger") return "missing when you send by hand";
  if (filled >= looked) return undefined;
  if (filled === 0) return "missing for everybody";
  const percent = ((looked - filled) / looked) * 100;
  return `missing for ${percent < 1 ? "under 1" : percent > 99 ? "over 99" : Math.round(percent)} %`;
}

/** The value of a field for a contact, as far as a person reads it. */
export function fieldValue(contact: Contact, { group, path }: CatalogueField): string | undefined {
  const value = group === "contact" ? columnOf(contact, path as ContactField) : group === "custom" ? customOf(contact, path) : undefined;
  if (value === null || value === undefined || typeof value === "object") return undefined;
  return String(value).trim().slice(0, 80) || undefined;
}

function columnOf(contact: Contact, field: ContactField): unknown {
  if (field === "name") return contact.name ?? `${contact.firstname} ${contact.lastname}`;
  if (field === "phone") return contact.phoneE164 ?? contact.phoneNumber;
  return (contact as unknown as Record<string, unknown>)[apiName(field)];
}
const customOf = (contact: Contact, path: string): unknown => readCustomField(contact.metadata, (parseFieldPath(path) ?? []).slice(1));

interface Given {
  catalogue: FieldCatalogue | undefined;
  names: readonly NameOnWays[];
  nameOf: (nodeId: string) => string;
  contact: Contact | undefined;
}

const kindsOfInputs = {
  text: "text",
  number: "number",
  date: "date",
  choice: "choice",
  yes_no: "boolean",
  contact_field: "text",
} as const satisfies Record<InputType, MergeFieldOption["kind"]>;

/** Everything that a text of a step may name, in the order in which it is offered. */
export function fieldOptions({ catalogue, names, nameOf, contact }: Given): MergeFieldOption[] {
  const ofContacts = (catalogue?.items ?? [])
    .filter(({ kind }) => kind !== "boolean" && kind !== "data")
    .map((field): MergeFieldOption => {
      const { path, label, group, kind } = field;
      const [missing, value] = [missingWords(field), contact && fieldValue(contact, field)];
      return { path, label, kind, group: fieldGroups[group], ...(missing && { missing }), ...(value && { value }) };
    });
  const ofNodes = names.map(({ path, isSure, nodeId, input }): MergeFieldOption => {
    if (input) {
      const known = { path, label: input.label, kind: kindsOfInputs[input.type], group: ofLaunch } as const;
      return isSure ? { ...known, note: "✓ always given" } : { ...known, missing: "may be left empty" };
    }
    const [first, ...rest] = parseFieldPath(path) ?? [path];
    const label = first === "variables" ? rest.join(" · ") : `${nameOf(nodeId)}: ${rest.at(-1)}`;
    const common = { path, label, kind: "text", group: ofSteps } as const;
    return isSure
      ? { ...common, note: "✓ set on every way here" }
      : { ...common, missing: "missing on some ways", note: "⚠ not on every way" };
  });
  const all = [...ofContacts, ...ofNodes];
  return order.flatMap((group) => all.filter((option) => option.group === group));
}

/** Of whom the figures are, where not of all contacts. */
export const countedWords = ({ contacts }: FieldCatalogue): string | undefined =>
  contacts.isSample ? `Counted over the ${formatCount(contacts.looked)} newest contacts.` : undefined;

/** Finds what a name in a text means, as the engine does. */
export function finderOf(options: readonly MergeFieldOption[]): MergeFields["find"] {
  const byPath = new Map(options.map((option) => [option.path, option] as const));
  const custom = options.filter(({ group }) => group === fieldGroups.custom);
  const byLabel = (name: string) => custom.find(({ label }) => label === name);
  const byKey = (name: string) => {
    const found = custom.filter(({ label }) => customKey(label) === name);
    return found.length === 1 ? found[0] : undefined;
  };
  return ([first = "", ...rest]) => {
    const [own = "", ...below] = first === "contact" ? rest : [first, ...rest];
    const [name = "", ...deeper] = below;
    if (own === "custom" && below.length > 0) return deeper.length > 0 ? undefined : (byLabel(name) ?? byKey(name));
    if (own === "metadata") return deeper.length > 0 ? undefined : byLabel(name);
    if (below.length > 0) return options.find(({ path }) => parseFieldPath(path)?.join("\0") === [own, ...below].join("\0"));
    return byPath.get(plainField(own)) ?? byLabel(own) ?? byPath.get(`variables.${own}`) ?? byKey(own);
  };
}

/** The name that was probably meant by one that no contact has and no step sets. */
export function suggesterOf(options: readonly MergeFieldOption[], known: KnownNames): MergeFields["suggest"] {
  const custom = options.filter(({ group }) => group === fieldGroups.custom).map(({ path }) => ({ path, name: lastName(path) }));
  const names = custom.map(({ name }) => name);
  return ({ path, source }: MergeField) => {
    const verdict = judgeName(path, source, known, { isText: true });
    if (verdict?.suggestion !== undefined) return verdict.suggestion;
    // A custom field that nobody has may be a new one, so only what comes near to one is told.
    if (path.length > 1 && path[0] !== "custom") return undefined;
    const near = findNearest(path.at(-1) ?? "", names);
    return custom.find(({ name }) => name === near)?.path;
  };
}

const lastName = (path: string): string => parseFieldPath(path)?.at(-1) ?? path;
