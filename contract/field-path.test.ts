import fc from "fast-check";
import { expect, test } from "vitest";
import { customKey, findCustomField, readCustomField } from "./custom-fields.ts";
import { parseFieldPath, writeFieldPath } from "./field-path.ts";

test.each([
  ["firstname", ["firstname"]],
  ["contact.custom.plan", ["contact", "custom", "plan"]],
  ['custom["Company Name"]', ["custom", "Company Name"]],
  ["custom[ 'Company Name' ].x", ["custom", "Company Name", "x"]],
  ['custom["a.b"]["c"]', ["custom", "a.b", "c"]],
  ['custom["5"" screen"]', ["custom", '5" screen']],
  ["custom['it''s']", ["custom", "it's"]],
  ['custom["Straße"]', ["custom", "Straße"]],
])("%s is read as a path", (text, path) => expect(parseFieldPath(text)).toEqual(path));

test.each(["", ".", "a.", "a..b", "a b", "a[b]", "a[0]", 'a["b"', 'a[""]', 'a["b"]c', '["a"]', `a["${"x".repeat(201)}"]`])(
  "%s is no path",
  (text) => expect(parseFieldPath(text)).toBeUndefined(),
);

test("whatever a custom field is called, its path can be written and is read again", () => {
  const name = fc.string({ unit: "binary", minLength: 1, maxLength: 200 }).filter((text) => text.length <= 200);
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 3 }), (names) => {
      expect(parseFieldPath(writeFieldPath(["custom", ...names]))).toEqual(["custom", ...names]);
    }),
  );
});

test.each([
  ["Company Name", "company_name"],
  ["company-name", "company_name"],
  ["  Größe (cm) ", "grosse_cm"],
  ["Prénom d'usage", "prenom_d_usage"],
  ["Łódź", "lodz"],
  ['5" screen', "field_5_screen"],
  ["a.b", "a_b"],
  ["__proto__", "proto"],
  ["x".repeat(200), "x".repeat(40)],
  ["会社名", undefined],
  ["!!!", undefined],
])("the key of %s is %s", (label, key) => expect(customKey(label)).toBe(key));

test("every key begins with a letter and has up to 40 letters, digits and underscores", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (label) => {
      const key = customKey(label);
      if (key !== undefined) expect(key).toMatch(/^[a-z][a-z0-9_]{0,39}$/);
    }),
  );
});

test("a field is found by its own name, else by its key, and by neither where two have that key", () => {
  const metadata = { "Company Name": "Acme", plan: "gold", Plan: "silver", "a b": 1, "a-b": 2, nested: { deep: "x" } };
  expect(findCustomField(metadata, "company_name")).toBe("Company Name");
  expect(findCustomField(metadata, "plan")).toBe("plan");
  expect(findCustomField(metadata, "a_b")).toBeUndefined();
  expect(readCustomField(metadata, ["nested", "deep"])).toBe("x");
  for (const name of ["toString", "constructor", "__proto__", "nothing"]) expect(readCustomField(metadata, [name])).toBeUndefined();
});
