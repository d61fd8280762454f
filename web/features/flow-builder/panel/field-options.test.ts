import { describe, expect, test } from "vitest";
import type { Contact } from "#contract/contacts.ts";
import type { CatalogueField } from "#contract/fields.ts";
import { parseTemplate } from "#contract/template.ts";
import { fieldOptions, finderOf, missingWords, suggesterOf } from "./field-options.ts";

const field = (path: string, more: Partial<CatalogueField> = {}): CatalogueField => ({
  path,
  label: path,
  group: "contact",
  kind: "text",
  filled: 88,
  looked: 100,
  ...more,
});
const catalogue = {
  items: [
    field("firstname", { label: "First name" }),
    field("dnc", { kind: "boolean" }),
    field("custom.company_name", { label: "Company Name", group: "custom" }),
    field('custom["Größe (cm)"]', { label: "Größe (cm)", group: "custom", filled: 100 }),
    field("trigger.order.id", { label: "order · id", group: "trigger" }),
    field("workspace.name", { group: "workspace", filled: 100 }),
  ],
  contacts: { looked: 100, isSample: false },
};
const contact = { firstname: "Ada", metadata: { "Company Name": "Ada & Co", "Größe (cm)": 170 } } as unknown as Contact;
const names = [
  { path: "variables.code", isSure: true, nodeId: "a" },
  { path: "steps.order.total", isSure: false, nodeId: "b" },
];
const options = fieldOptions({ catalogue, names, nameOf: (id) => (id === "b" ? "Ask the shop" : id), contact });
const find = (source: string) => finderOf(options)(parseTemplate(`{{ ${source} }}`).fields[0]?.path ?? [])?.path;

test("how often a field is missing is said in words that do not claim more than is known", () => {
  const words = (filled: number, looked: number) => missingWords({ group: "contact", filled, looked });
  expect([words(100, 100), words(0, 0), words(0, 7), words(88, 100)]).toEqual([
    undefined,
    undefined,
    "missing for everybody",
    "missing for 12 %",
  ]);
  expect([words(9_999, 10_000), words(1, 10_000)]).toEqual(["missing for under 1 %", "missing for over 99 %"]);
});

test("fields are offered with their values, in groups, and what no text can show is left out", () => {
  expect(options.map(({ path, group, value, missing, note }) => [path, group, value, missing ?? note])).toEqual([
    ["firstname", "Contact", "Ada", "missing for 12 %"],
    ["custom.company_name", "Custom fields", "Ada & Co", "missing for 12 %"],
    ['custom["Größe (cm)"]', "Custom fields", "170", undefined],
    ["trigger.order.id", "This send", undefined, "missing when you send by hand"],
    ["variables.code", "Variables and earlier steps", undefined, "✓ set on every way here"],
    ["steps.order.total", "Variables and earlier steps", undefined, "missing on some ways"],
    ["workspace.name", "Workspace", undefined, undefined],
  ]);
  expect(options[5]?.label).toBe("Ask the shop: total");
});

test.each([
  ["firstname", "firstname"],
  ["contact.first_name", "firstname"],
  ["custom.company_name", "custom.company_name"],
  ["company_name", "custom.company_name"],
  ['contact.custom["Company Name"]', "custom.company_name"],
  ['metadata["Company Name"]', "custom.company_name"],
  ["metadata.company_name", undefined],
  ['custom["Größe (cm)"]', 'custom["Größe (cm)"]'],
  ["variables.code", "variables.code"],
  ["code", "variables.code"],
  ["steps.order.total", "steps.order.total"],
  ["trigger.order.id", "trigger.order.id"],
  ["custom.nothing", undefined],
])("{{ %s }} means %s", (source, path) => expect(find(source)).toBe(path));

describe("a name that can hardly have a value", () => {
  const known = { variables: new Set(["code"]), inputs: new Set<string>(), steps: new Map(), stepKeys: new Set<string>() };
  const suggest = (source: string) => {
    const [first] = parseTemplate(`{{ ${source} }}`).fields;
    return first && suggesterOf(options, known)(first);
  };
  test.each([
    ["fristname", "firstname"],
    ["contact.fristname", "contact.firstname"],
    ["variables.cod", "variables.code"],
    ["custom.compny_name", "custom.company_name"],
    ["companyname", "custom.company_name"],
    ["custom.shoe_size", undefined],
    ["metadata.anything", undefined],
    ["trigger.anything", undefined],
  ])("{{ %s }} was probably %s", (source, suggestion) => expect(suggest(source)).toBe(suggestion));
});
