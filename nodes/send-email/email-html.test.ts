import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseTemplate } from "#contract/template.ts";
import { cleanEmailHtml } from "./email-html.ts";
import { plainText } from "./plain-text.ts";

const clean = (html: string) => cleanEmailHtml(html).html;
const removed = (html: string) => cleanEmailHtml(html).removed.map(({ what, count }) => (count === 1 ? what : `${what} × ${count}`));

describe("what may not be sent is taken away, and told", () => {
  test("what is nested deeper than a thousand tags, before it is read; tags that end by themselves do not count", () => {
    const deep = cleanEmailHtml(`<p>First</p>${"<b>".repeat(30_000)}last`);
    expect(deep.html).toContain("First");
    expect(deep.html).not.toContain("last");
    expect(deep.removed.map(({ what }) => what)).toEqual(["everything after a thousand tags within each other"]);
    const long = cleanEmailHtml(`${"<p>a<br><img src='https://x.test/a.png'>".repeat(1_500)}${"<b>a</b>".repeat(1_500)}last`);
    expect([long.removed, long.html.endsWith("last</p>")]).toEqual([[], true]);
  });

  test.each([
    ["a script with what is in it", "a<script>alert(1)</script>b", "ab", ["script"]],
    ["what runs on an event", '<p onclick="x()" onload=y>a</p>', "<p>a</p>", ["onclick", "onload"]],
    ["a link that runs something", '<a href="javascript:x()">a</a>', "<a>a</a>", ["href javascript"]],
    ["the same in disguise", '<a href=" java\nscript:x()">a</a>', "<a>a</a>", ["href javascript"]],
    ["a picture that is not at an address", '<img src="data:image/png;base64,AA" alt="x">', '<img alt="x" />', ["src data"]],
    ["a form, of which the words stay", "<form action='/x'><input name=a>a<button>b</button></form>", "ab", ["form", "input", "button"]],
    ["a frame", '<iframe src="https://x.example"></iframe>', "", ["iframe"]],
    ["a sheet of styles", "<style>p{color:red}</style><p>a</p>", "<p>a</p>", ["style"]],
    [
      "a style that fetches or moves over other text",
      '<p style="color:red;position:fixed;background:url(//x)">a</p>',
      '<p style="color:red">a</p>',
      ["style position", "style background"],
    ],
    ["a drawing with code", "<svg><script>x</script></svg>", "", ["svg", "script"]],
    ["an address without a kind", '<a href="//x.example">a</a>', "<a>a</a>", ["href //"]],
  ])("%s", (_, html, left, told) => {
    expect(clean(html)).toBe(left);
    expect(removed(html)).toEqual(told);
  });

  test("and nothing is told where nothing is", () => {
    for (const html of [
      '<p style="margin:0 0 16px">Hello</p>',
      '<table width="600" align="center"><tr><td bgcolor="#ffffff" style="padding:8px">1</td></tr></table>',
      "<!doctype html><html><head><title>T</title></head><body>a</body></html>",
      '<a href="https://x.example/?a=1&amp;b=2" target="_blank">x</a><a href="mailto:a@x.example">y</a>',
      '<img src="https://x.example/a.png" alt="A" width="100">',
    ])
      expect(removed(html), html).toEqual([]);
  });

  test("however the author writes it, no script and no event is left", () => {
    const piece = fc.constantFrom(
      "<script>",
      "</script>",
      "<p ",
      "onclick=x",
      ">",
      '"',
      "'",
      "<a href=",
      "javascript:",
      "<!--",
      "-->",
      "<svg",
      "{{ firstname }}",
      '{{ a | default: "<script>" }}',
      "&lt;",
      "x",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const left = clean(pieces.join("")).replace(/\{\{.*?\}\}/gs, "");
        expect(left).not.toMatch(/<script|<svg|<[a-z][^>]*\son\w+=|href="javascript/i);
      }),
      { numRuns: 500 },
    );
  });
});

describe("merge fields are left as they are", () => {
  const sources = (html: string) => parseTemplate(html).fields.map(({ source, filters }) => ({ source, filters }));
  test("in texts, in links, and as a whole link", () => {
    const html =
      'Hi {{ firstname | default: "A & <B>" }} <a href="https://x.example/{{ id }}?n={{ name | url }}">{{custom.link}}</a><a href="{{ custom.link }}">y</a>';
    expect(clean(html)).toBe(html);
  });

  test("with other quotation marks where they stand inside of an attribute", () => {
    const left = clean(`<p title='Hi {{ firstname | default: "it's <you>" }}'>x</p>`);
    expect(left).toBe(`<p title="Hi {{ firstname | default: 'it’s ‹you›' }}">x</p>`);
  });

  test("wherever they stand, and whatever their defaults hold", () => {
    const written = fc
      .record({
        source: fc.constantFrom("firstname", "custom.plan", 'custom["Größe (cm)"]'),
        fallback: fc.option(
          fc.string({ maxLength: 12 }).filter((text) => !/["]/.test(text)),
          { nil: undefined },
        ),
      })
      .map(({ source, fallback }) => `{{ ${source}${fallback === undefined ? "" : ` | default: "${fallback}"`} }}`);
    const place = fc.constantFrom(
      (field: string) => `<p>${field}</p>`,
      (field: string) => `<b>x${field}</b> &amp; `,
      (field: string) => field,
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(written, place), { maxLength: 8 }), (pieces) => {
        const html = pieces.map(([field, around]) => around(field)).join("");
        expect(sources(clean(html))).toEqual(sources(html));
        expect(sources(plainText(html)).map(({ source }) => source)).toEqual(sources(html).map(({ source }) => source));
      }),
    );
  });
});

test.each([
  ["deep", "<div>".repeat(18_000)],
  ["many styles", `<p style="${"color:red;".repeat(9_000)}">x</p>`],
  ["many attributes", `<p ${Array.from({ length: 9_000 }, (_, at) => `a${at}=1`).join(" ")}>x</p>`],
  ["open tags", "<a ".repeat(30_000)],
  ["open comments", "<!--".repeat(25_000)],
  ["open styles", `<p style="${"/*".repeat(45_000)}">x</p>`],
])("a hostile text is cleaned as well, and what is told of it is short: %s", (_, html) => {
  const { removed: told } = cleanEmailHtml(html);
  expect(told.length).toBeLessThanOrEqual(20);
  expect(told.every(({ what }) => what.length <= 60)).toBe(true);
  plainText(html);
});

test("the plain text holds the words in their lines, the addresses of links, and lists", () => {
  const html =
    '<h1>Hello {{ firstname | default: "there" }}</h1><p>One &amp; two<br>three</p><ul><li>a</li><li>b</li></ul><p><a href="https://x.example/{{ id }}">Go</a> <a href="https://y.example">https://y.example</a><img src="https://x.example/a.png" alt="A"></p>';
  expect(plainText(html)).toBe(
    'Hello {{ firstname | default: "there" }}\n\nOne & two\nthree\n\n- a\n- b\n\nGo (https://x.example/{{ id }}) https://y.example',
  );
});
