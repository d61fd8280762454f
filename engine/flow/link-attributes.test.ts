// @vitest-environment jsdom
import fc from "fast-check";
import { expect, test } from "vitest";
import { replaceLinks } from "./link-attributes.ts";

const instead = "https://t.example/l/abc";
const all = (html: string) => {
  const seen: string[] = [];
  const out = replaceLinks(html, (href) => {
    seen.push(href);
    return instead;
  });
  return { seen, out };
};

test.each([
  "<p>no link</p>",
  '<img src="https://x.example/a.png">',
  '<link href="https://x.example/a.css">',
  '<area alt="https://x.example">',
  "<a>nowhere</a>",
  '<a href="">here</a>',
  '<!-- <a href="https://x.example">x</a> -->',
  '<style>a::after { content: "<a href=https://x.example>" }</style>',
  '<a data-href="https://x.example">x</a>',
  "<a title='<a href=\"https://x.example\">'>x</a>",
  '<a href="https://x.example/?a=1&copy;2">x</a>',
  '<a href="https://x.example/?a=1&copy">x</a>',
  '<a href="https://x.example',
  "text < 3 and <",
])("nothing is replaced in %s", (html) => {
  expect(all(html).out).toBe(html);
});

test.each<[string, string, string]>([
  ['<a href="https://x.example/">x</a>', "https://x.example/", `<a href="${instead}">x</a>`],
  ["<a class=b href='https://x.example/' id=c>x</a>", "https://x.example/", `<a class=b href='${instead}' id=c>x</a>`],
  ["<a href=https://x.example/a>x</a>", "https://x.example/a", `<a href=${instead}>x</a>`],
  ['<A\n HREF = "https://x.example/?a=1&amp;b=2" >x</A>', "https://x.example/?a=1&b=2", `<A\n HREF = "${instead}" >x</A>`],
  ['<a href="https://x.example/?a=1&b=2">x</a>', "https://x.example/?a=1&b=2", `<a href="${instead}">x</a>`],
  ['<a href="https://x.example/&#39;&#x22;">x</a>', "https://x.example/'\"", `<a href="${instead}">x</a>`],
  ['<area href="https://x.example/" alt="x">', "https://x.example/", `<area href="${instead}" alt="x">`],
  [
    '<!--[if mso]><![endif]--><a href="https://x.example/">x</a>',
    "https://x.example/",
    `<!--[if mso]><![endif]--><a href="${instead}">x</a>`,
  ],
  ['<style>b{}</style><a href="https://x.example/">x</a>', "https://x.example/", `<style>b{}</style><a href="${instead}">x</a>`],
])("%s leads elsewhere, and every other byte stays", (html, href, expected) => {
  expect(all(html)).toEqual({ seen: [href], out: expected });
});

test("what the caller leaves stays as it was written, and each of several is asked for", () => {
  const html = '<a href="https://a.example/">1</a><a href="mailto:b@c.example">2</a><a href=\'#top\'>3</a>';
  expect(replaceLinks(html, (href) => (href.startsWith("https:") ? instead : undefined))).toBe(html.replace("https://a.example/", instead));
});

test("a browser finds the same links in the same places, whatever they hold", () => {
  const piece = fc.constantFrom(
    ...['<a href="https://x.example/?a=1&amp;b=2">x</a>', "<a href='https://y.example/'>y</a>", "<p>", "</p>", "text", "<b>", "</b>"],
    ...['<img alt="<a href=1>" src="https://z.example/">', "<br/>", "&amp;", '<a name="top">t</a>', "<!-- c -->", '<a href="#top">up</a>'],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const html = pieces.join("");
      const document = (text: string) => new DOMParser().parseFromString(text, "text/html");
      const hrefs = (text: string) => [...document(text).querySelectorAll("a[href]")].map((link) => link.getAttribute("href"));
      const { seen, out } = all(html);
      expect(seen).toEqual(hrefs(html));
      expect(hrefs(out)).toEqual(seen.map(() => instead));
      expect(document(out).body.textContent).toBe(document(html).body.textContent);
    }),
  );
});
