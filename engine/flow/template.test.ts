import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseTemplate } from "#contract/template.ts";
import { someContact } from "#test/node-context.ts";
import { slowdown } from "#test/processor-time.ts";
import { readField } from "../execution/field-reader.ts";
import type { TemplateTarget } from "./template.ts";
import { compileTemplate, renderTemplate } from "./template.ts";

const numbers = { order: "7615917337495251231", long: "12345678901234567.89", hex: "0x1F", tiny: 1e-7, huge: 1e21 };

const sources = {
  contact: {
    ...someContact,
    lastname: "",
    metadata: { plan: "gold", "with space": 1, nested: { deep: "down" }, amount: 1234.5, list: [1], day: "2026-03-29", ...numbers },
  },
  trigger: { order: { id: 7 }, evil: "{{ firstname }}", html: '<script>alert("x")</script>', lines: "a\r\nBcc: b" } as Record<
    string,
    unknown
  >,
  workspace: { name: "Acme", timeZone: "UTC", country: "US" },
  variables: { code: "K7" },
  outputs: { order: { total: 12 } },
};

const render = (text: string, target: TemplateTarget = "text", zone = "UTC") =>
  renderTemplate(compileTemplate(text), target, (path) => readField(sources, path), { zone });

describe("the grammar refuses", () => {
  test.each([
    "{{",
    "{{ firstname",
    "{{ firstname }",
    "{{}}",
    "{{ }}",
    "{{ 5 }}",
    "{{ first name }}",
    "{{ a.b }}",
    "{{ .a }}",
    "{{ contact. }}",
    "{{ contact..x }}",
    "{{ contact.__proto__ }}",
    "{{ constructor }}",
    "{{ trigger.prototype.x }}",
    "{{ firstname | }}",
    "{{ firstname | eval }}",
    "{{ firstname | default }}",
    "{{ firstname | default: }}",
    "{{ firstname | default: lastname }}",
    "{{ firstname | default: 'a }}",
    "{{ firstname | number: 1e9 }}",
    "{{ firstname() }}",
    "{{ {{ firstname }} }}",
    `{{ ${"x".repeat(400)} }}`,
  ])("%s", (text) => {
    expect(parseTemplate(text).problem).toEqual(expect.any(String));
    expect(render(text)).toEqual({ problem: "syntax" });
  });
});

test.each([
  ["no fields at all", "no fields at all"],
  ["Hi {{firstname}}!", "Hi Ada!"],
  ["{{ contact.firstname }} {{first_name}}", "Ada Ada"],
  ["{{ phone }}", "+15551002000"],
  ["{{ contact.metadata.plan }}/{{ metadata.nested.deep }}", "gold/down"],
  ["{{ trigger.order.id }} at {{ workspace.name }}", "7 at Acme"],
  ["{{ lastname | default: 'friend' }}", "friend"],
  ["{{ lastname | default: '-' | date }}", "-"],
  ["{{ lastname | default: 'x' | number: 2 }}", "x"],
  ["{{ lastname | default: '2026-01-31' | date: 'd LLLL' }}", "31 January"],
  ['{{ lastname | default: "a }} b" }}', "a }} b"],
  ['{{ lastname | default: "x | y" | upcase }}', "X | Y"],
  ["{{ firstname | upcase }} {{ firstname | downcase }} {{ metadata.plan | capitalize }}", "ADA ada Gold"],
  ["{{ metadata.amount | number }} {{ metadata.amount | number: 2 }}", "1,234.5 1,234.50"],
  ["{{ metadata.order | number }} {{ metadata.long | number: 2 }}", "7,615,917,337,495,251,231 12,345,678,901,234,567.89"],
  ["{{ metadata.tiny }} {{ metadata.huge }}", "0.0000001 1000000000000000000000"],
  ["{{ metadata.day | date }} {{ metadata.day | date: 'dd.MM.yyyy' }}", "29 March 2026 29.03.2026"],
  ["a } b { c }} d", "a } b { c }} d"],
])("prints %s as %s", (text, expected) => {
  expect(render(text)).toEqual({ text: expected });
});

test("blocks a text with a value missing, and names every such field once", () => {
  expect(render("{{ lastname }} {{ metadata.nope }} {{ lastname }} {{ firstname }}")).toEqual({ missing: ["lastname", "metadata.nope"] });
});

test("takes for missing what cannot be printed or does not fit its filter", () => {
  for (const field of [
    "metadata.list",
    "metadata.nested",
    "metadata",
    "trigger",
    "firstname | date",
    "firstname | number",
    "metadata.hex | number",
    "workspace.timeZone",
  ]) {
    expect(render(`{{ ${field} }}`), field).toHaveProperty("missing");
  }
});

test("finds own values only, never what the language adds", () => {
  for (const path of ["metadata.toString", "trigger.hasOwnProperty", "trigger.order.valueOf", "metadata.list.length.toFixed", "toString"]) {
    expect(render(`{{ ${path} }}`), path).toHaveProperty("missing");
  }
});

test("treats a value as data: braces in it stay braces", () => {
  expect(render("{{ trigger.evil }}")).toEqual({ text: "{{ firstname }}" });
});

test("escapes values in HTML, and leaves the author's own markup alone", () => {
  expect(render("<b>{{ trigger.html }}</b>", "html")).toEqual({ text: "<b>&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;</b>" });
});

test("refuses a line break in a header, from a value or from the author", () => {
  expect(render("Re: {{ trigger.lines }}", "header")).toEqual({ problem: "unsafe_value" });
  expect(render("Re\nBcc: x", "header")).toEqual({ problem: "unsafe_value" });
});

test("strips what steers a terminal from an SMS, and keeps its lines", () => {
  expect(render("a\u0007b\r\nc\u001b[31md\u0000\u202ee\tf", "sms")).toEqual({ text: "ab\nc[31mde\tf" });
});

test("refuses a text that came out too long", () => {
  expect(render("x".repeat(1600), "sms")).toEqual({ text: "x".repeat(1600) });
  expect(render(`${"x".repeat(1598)}{{ firstname }}`, "sms")).toEqual({ problem: "too_long" });
  expect(render("x".repeat(128 * 1024 + 1), "html")).toEqual({ problem: "too_long" });
});

test("shows a moment in the reader's zone and a day as that day", () => {
  const at = { ...sources, contact: { ...sources.contact, metadata: { at: "2026-11-22T23:30:00Z", day: "2026-11-22" } } };
  const show = (text: string) => renderTemplate(compileTemplate(text), "text", (path) => readField(at, path), { zone: "Asia/Tokyo" });
  expect(show("{{ metadata.at | date: 'd HH:mm' }}")).toEqual({ text: "23 08:30" });
  expect(show("{{ metadata.day | date: 'd' }}")).toEqual({ text: "22" });
});

test("reads 20,000 texts made of its own pieces without a throw", () => {
  const piece = fc.constantFrom(
    "{{",
    "}}",
    "|",
    ":",
    '"',
    "'",
    "firstname",
    "contact",
    ".",
    "default",
    "date",
    " ",
    "x",
    "\n",
    "😀",
    "\0",
    "1",
    "<",
    "__proto__",
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof(piece, fc.string({ maxLength: 5 })), { maxLength: 60 }),
      fc.constantFrom<TemplateTarget>("sms", "header", "text", "html"),
      (pieces, target) => {
        const text = pieces.join("");
        const result = render(text, target);
        // The rendered text contains no field, except one that the author wrote as plain text.
        if (result.text !== undefined) expect(parseTemplate(text).parts).toBeDefined();
      },
    ),
    { numRuns: 20_000 },
  );
});

test.each<[string, (size: number) => string]>([
  ["braces that open", (size) => "{{".repeat(size / 2)],
  ["filters without an end", (size) => "{{ a | ".repeat(size / 7)],
  ["blanks in a field", (size) => `{{ a${" ".repeat(size)}}}`],
  ["quotes that never close", (size) => "{{ 'x".repeat(size / 5)],
  ["fields", (size) => "{{ firstname }}".repeat(size / 15)],
])("takes time in proportion to the text, however hostile: %s", (_, text) => {
  const [short, long] = [text(7_500), text(60_000)];
  // Eight times the text. Work that grew with its square would take sixty-four times as long.
  expect(
    slowdown(
      () => render(short, "html"),
      () => render(long, "html"),
      20,
    ),
  ).toBeLessThan(32);
});
