import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { slowdown } from "#test/processor-time.ts";
import { contactNames } from "./contact-fields.ts";
import { parseTemplate, renameFields, rewriteFields, templateFilters, templatePieces, writeMergeField } from "./template.ts";

const partsOf = (text: string) => parseTemplate(text).parts;
const field = (source: string, filters: unknown[] = []) => ({ path: source.split("."), source, filters });

describe("a template is refused", () => {
  test.each([
    ["a field that does not end", "Hi {{ firstname"],
    ["a field that is longer than 300 characters", `{{ ${"a".repeat(400)} }}`],
    ["a field without a name", "{{ }}"],
    ["braces within braces", "{{ {{ firstname }} }}"],
    ["a call", "{{ firstname() }}"],
    ["an index in brackets", "{{ metadata[0] }}"],
    ["a name that reaches the machinery of the language", "{{ metadata.constructor }}"],
    ["a forbidden name at the top", "{{ __proto__ }}"],
    ["a namespace that does not exist", "{{ secrets.key }}"],
    ["a filter that does not exist", "{{ firstname | eval }}"],
    ["a default without a value", "{{ firstname | default }}"],
    ["a value without quotation marks", "{{ firstname | default: there }}"],
    ["a value whose quotation mark stands in its middle", '{{ firstname | default: "a"b" }}'],
    ["an empty filter", "{{ firstname | }}"],
  ])("for %s", (_, text) => expect(parseTemplate(text).problem).toEqual(expect.any(String)));
});

describe("a name that cannot be read is answered with the one that was probably meant", () => {
  test.each([
    ["{{ First Name }}", "first_name"],
    ["{{ contact.Last Name }}", "contact.last_name"],
    ["{{ e-mail address }}", "email"],
    ["{{ Company Name }}", "company_name"],
    ["{{ contact.Company Name }}", "contact.custom.company_name"],
    ["{{ custom.Company Name }}", 'custom["Company Name"]'],
    ["{{ contact.metadata.Company Name }}", 'contact.metadata["Company Name"]'],
    ["{{ 会社 名 }}", 'custom["会社 名"]'],
    ["{{ firstname | eval }}", undefined],
    ["{{ }}", undefined],
  ])("%s: %s", (text, suggestion) => {
    const { problems } = parseTemplate(text);
    expect(problems.map((problem) => problem.suggestion)).toEqual([suggestion]);
    if (suggestion !== undefined) expect(parseTemplate(`{{ ${suggestion} }}`).problem).toBeUndefined();
  });

  test("and all that is wrong with a text is told, beside the fields that can be read", () => {
    const { problems, fields, parts } = parseTemplate("{{ First Name }} {{ email }} {{ name | shout }} {{ open");
    expect(problems.map(({ message }) => message)).toEqual([
      '"{{ First Name }}" does not name a field. Did you mean {{ first_name }}?',
      expect.stringContaining('"shout"'),
      expect.stringContaining("does not end"),
    ]);
    expect(fields.map(({ source }) => source)).toEqual(["email"]);
    expect(parts).toBeUndefined();
  });
});

describe("a text is taken to pieces and put together again", () => {
  test("without losing a character, whatever it is", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom("{{", "}}", "{", '"', "'", "|", " ", "firstname", "default:"), fc.string())),
        (words) => {
          const text = words.join("");
          expect(rewriteFields(text, () => undefined)).toBe(text);
          expect(templatePieces(text).some(({ problem }) => problem)).toBe(parseTemplate(text).problem !== undefined);
        },
      ),
    );
  });

  test("with other fields in the places of some, also where others cannot be read", () => {
    const text = "Hi {{firstname}}, {{ First Name }} {{ email | upcase }} {{ open";
    expect(rewriteFields(text, ({ field, problem }) => (field?.source === "firstname" ? "A" : problem?.suggestion))).toBe(
      "Hi A, first_name {{ email | upcase }} {{ open",
    );
  });

  test.each([
    ["there", '"', '{{ firstname | default: "there" }}'],
    ["there", "'", "{{ firstname | default: 'there' }}"],
    ['27"', '"', "{{ firstname | default: '27\"' }}"],
    [`both " and '`, '"', '{{ firstname | default: "both ” and \'" }}'],
    [`both " and '`, "'", "{{ firstname | default: 'both \" and ’' }}"],
  ] as const)("a default %s is written so that it can be read (%s)", (argument, quote, written) => {
    expect(writeMergeField({ source: "firstname", filters: [{ name: "default", argument }] }, quote)).toBe(written);
  });

  test("and every field that is written is read as it was meant", () => {
    const filter = fc.oneof(
      fc.record({
        name: fc.constant("default" as const),
        argument: fc.string({ maxLength: 40 }).filter((text) => !/["'].*["']/s.test(text)),
      }),
      fc.record({ name: fc.constantFrom("upcase" as const, "date" as const, "url" as const), argument: fc.constant(undefined) }),
      fc.record({ name: fc.constant("number" as const), argument: fc.integer({ min: 0, max: 9 }) }),
    );
    fc.assert(
      fc.property(fc.array(filter, { maxLength: 3 }), (filters) => {
        expect(parseTemplate(writeMergeField({ source: "custom.plan", filters })).fields).toEqual([{ ...field("custom.plan"), filters }]);
      }),
    );
  });
});

test("the page for authors knows every filter and every field of a contact", () => {
  const page = readFileSync(join(import.meta.dirname, "../docs/merge-fields.md"), "utf8");
  for (const name of [...templateFilters, ...contactNames]) expect(page, name).toMatch(new RegExp(`\`${name}[\`:,]`));
});

describe("a template is read as", () => {
  test("text and fields in their order", () => {
    expect(partsOf("Hi {{ firstname }}, {{contact.metadata.plan}}!")).toEqual([
      { text: "Hi " },
      field("firstname"),
      { text: ", " },
      field("contact.metadata.plan"),
      { text: "!" },
    ]);
    expect(partsOf("")).toEqual([]);
    expect(partsOf("no } fields { here }}")).toEqual([{ text: "no } fields { here }}" }]);
  });

  test("filters with quoted texts and numbers, braces and bars within quotation marks included", () => {
    expect(partsOf(`{{ firstname | default: "a }} | b" | upcase }}`)).toEqual([
      field("firstname", [
        { name: "default", argument: "a }} | b" },
        { name: "upcase", argument: undefined },
      ]),
    ]);
    expect(partsOf("{{ metadata.total | number: 2 }}")).toEqual([field("metadata.total", [{ name: "number", argument: 2 }])]);
    expect(partsOf("{{ firstname | default: '' }}")).toEqual([field("firstname", [{ name: "default", argument: "" }])]);
  });

  test("names of any language", () => expect(partsOf("{{ Prénom }}")).toEqual([field("Prénom")]));
});

test.each(["{{", '{{ a | default: "', "{{ a }}"])("a text of any shape costs time in proportion to its length: %s", (piece) => {
  const [short, long] = [piece.repeat(20_000 / piece.length), piece.repeat(160_000 / piece.length)];
  expect(
    slowdown(
      () => parseTemplate(short),
      () => parseTemplate(long),
    ),
  ).toBeLessThan(32);
});

describe("fields that are renamed", () => {
  const rename = (text: string) =>
    renameFields(text, ([first, key, ...rest]) => (first === "steps" && key === "order" ? ["steps", "order_2", ...rest] : undefined));
  test.each([
    ["{{ steps.order.total }}", "{{ steps.order_2.total }}"],
    [
      'Hi {{firstname}}, {{steps.order.total|default:"}}"}} and {{  steps["order"].id | upcase }}!',
      'Hi {{firstname}}, {{steps.order_2.total|default:"}}"}} and {{  steps.order_2.id | upcase }}!',
    ],
    ['{{ steps.order["a b"] }}', '{{ steps.order_2["a b"] }}'],
    ["steps.order.total {{ steps.orders.total }} {{ order }}", "steps.order.total {{ steps.orders.total }} {{ order }}"],
    ["{{ steps.order.total }} {{ does not end", "{{ steps.order_2.total }} {{ does not end"],
    ["{{ }} {{ no field }}", "{{ }} {{ no field }}"],
  ])("%s", (text, expected) => expect(rename(text)).toBe(expected));
});

test("of thousands of names that cannot be read all are told, and the first ones with what was meant", () => {
  const { problems = [] } = parseTemplate("{{ First Name }} ".repeat(5_000));
  expect(problems).toHaveLength(5_000);
  expect(problems[0]?.suggestion).toBe("first_name");
  expect(problems.at(-1)?.suggestion).toBeUndefined();
});
