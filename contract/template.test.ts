import { describe, expect, test } from "vitest";
import { parseTemplate } from "./template.ts";

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

test("a text of any shape costs time in proportion to its length", () => {
  const begun = performance.now();
  for (const text of ["{{".repeat(50_000), '{{ a | default: "'.repeat(5_000), `${"{{ a }}".repeat(20_000)}`]) parseTemplate(text);
  expect(performance.now() - begun).toBeLessThan(2_000);
});
