import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseTemplate } from "#contract/template.ts";
import "#test/fixed-draws.ts";
import { fromRich, lostInRich, toRich } from "./rich-document.ts";
import { buttonStyle, textStyles } from "./text-styles.ts";

const through = (html: string) => fromRich(toRich(html));

describe("what the rich editor would lose of an e-mail is named", () => {
  test.each([
    ["a table, without its parts", '<table width="600"><tr><td style="padding:8px">a</td></tr></table>', ["table", "style"]],
    ["a box", "<div>a</div>", ["div"]],
    ["a colour of some words", '<p>a <span style="color:red">b</span></p>', ["span", "style"]],
    ["a sheet of styles", "<style>p{color:red}</style><p>a</p>", ["style"]],
    ["a script", "<p>a</p><script>alert(1)</script>", ["script"]],
    ["what runs on an event", '<p onclick="x()">a</p>', ["onclick"]],
    ["a link that runs something", '<p><a href="javascript:x()">a</a></p>', ["a"]],
    ["a picture that is not at an address", '<p><img src="data:image/png;base64,AA" alt="x"></p>', ["img"]],
    ["how a link opens, where it is not known", '<p><a href="https://x.example" data-x="1">a</a></p>', ["data-x"]],
  ])("%s", (_, html, lost) => expect(lostInRich(html)).toEqual(lost));
});

describe("what it holds comes back", () => {
  test.each([
    ["a paragraph without a style", '<p>Hello {{ firstname | default: "there" }},</p>'],
    ["one with a style of its own", '<p class="x" align="center" style="color:#333333;text-align:center">a</p>'],
    [
      "headings, lists and a divider",
      '<h1>a</h1>\n<ul><li>b</li><li><p>c</p><ul><li>d</li></ul></li></ul>\n<ol start="3"><li>e</li></ol>\n<hr>',
    ],
    ["bold and italic", "<p><strong>a<em>b</em></strong><br>c&nbsp;d &amp; &lt;e&gt;</p>"],
    ["a link as it is written", '<p><a target="_blank" rel="noopener" href="https://x.example/?a=1&amp;b=2">x</a></p>'],
    ["a button", `<p><a href="{{ custom.link }}" style="${buttonStyle}">Book {{ custom.plan | upcase }}</a></p>`],
    ["a picture", '<p><img src="https://x.example/a.png" alt="A" width="100" height="50" border="0"></p>'],
    [
      "fields in a link and in its words",
      `<p><a href="https://x.example/{{ id }}?n={{ firstname | default: 'a b' | url }}">{{custom["Größe (cm)"]}}</a></p>`,
    ],
    ["a field with what looks like tags", '<p>{{ firstname | default: "A & <B>" }}</p>'],
    ["braces that name no field", "<p>{{ not a field }} and {{</p>"],
  ])("%s", (_, html) => {
    expect(lostInRich(html)).toEqual([]);
    expect(through(html)).toBe(html);
  });

  test("other spellings of the same are the same", () => {
    expect(lostInRich("<!doctype html><html><head><title>T</title></head><body>a <b>b</b> <i>c</i></body></html>")).toEqual([]);
    expect(through("<b>b</b>")).toBe(`<p style="${textStyles.paragraph}"><strong>b</strong></p>`);
  });

  test("the words of cells stay apart when a table is given up", () => {
    expect(through("<table><tr><td>a {{ id }}</td><td>b</td></tr></table>").replace(/ style="[^"]*"/g, "")).toBe(
      "<p>a {{ id }}</p>\n<p>b</p>",
    );
  });

  test("an empty text is empty", () => expect(through("")).toBe(""));
});

test("whatever is written, every field, every word and every tag comes back, and nothing changes a second time", () => {
  const field = fc
    .record({
      source: fc.constantFrom("firstname", "custom.plan", 'custom["Größe (cm)"]', "variables.x", "steps.a.status"),
      filters: fc.constantFrom(
        "",
        " | upcase",
        ' | default: "there"',
        ' | date: "d LLLL" | default: "<soon & \'so\'>"',
        " | default: 'a \"b\"'",
      ),
      space: fc.constantFrom("", " "),
    })
    .map(({ source, filters, space }) => `{{${space}${source}${filters}${space}}}`);
  const words = fc.constantFrom("a", "Hello, ", "1 &lt; 2 &amp; 3", "ü 🎉", "it's", "&nbsp;");
  const inTag = fc.constantFrom(
    "https://x.example/{{ id }}",
    "{{ custom.link }}",
    "https://x.example/?a=1&amp;n={{ firstname | default: 'a' | url }}",
    "mailto:a@x.example",
  );
  const inline = fc.oneof(
    field,
    words,
    fc.tuple(fc.constantFrom("b", "strong", "i", "em"), fc.oneof(field, words)).map(([tag, inner]) => `<${tag}>${inner}</${tag}>`),
    fc.tuple(inTag, fc.oneof(field, words)).map(([href, inner]) => `<a href="${href}">${inner}</a>`),
    fc.constantFrom("<br>", '<img src="https://x.example/{{ custom.picture }}" alt="{{ firstname }}">'),
  );
  const line = fc.array(inline, { minLength: 1, maxLength: 5 }).map((parts) => parts.join("-"));
  const block = fc.oneof(
    line.map((inner) => `<p>${inner}</p>`),
    line.map((inner) => `<p style="color:#333">${inner}</p>`),
    line.map((inner) => `<h2>${inner}</h2>`),
    fc.array(line, { minLength: 1, maxLength: 3 }).map((items) => `<ul>${items.map((item) => `<li>${item}</li>`).join("")}</ul>`),
    fc.constant("<hr>"),
  );
  const sources = (html: string) => parseTemplate(html).fields;
  fc.assert(
    fc.property(fc.array(block, { maxLength: 5 }), (blocks) => {
      const html = blocks.join("");
      const once = through(html);
      expect(sources(once)).toEqual(sources(html));
      expect(lostInRich(html)).toEqual([]);
      expect(through(once)).toBe(once);
    }),
    { numRuns: 60 },
  );
});
