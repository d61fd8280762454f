// @vitest-environment jsdom
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { someContact } from "#test/node-context.ts";
import { slowdown } from "#test/processor-time.ts";
import { readField } from "../execution/field-reader.ts";
import { compileTemplate, renderTemplate, type TemplateTarget } from "./template.ts";

type Values = Record<string, unknown>;
const render = (text: string, target: TemplateTarget, metadata: Values) => {
  const sources = {
    contact: { ...someContact, metadata },
    trigger: {},
    workspace: { name: "Acme", timeZone: "UTC", country: "US" },
    variables: null,
    outputs: null,
  };
  return renderTemplate(compileTemplate(text), target, (path) => readField(sources, path), { zone: "UTC" });
};
const filled = (text: string, target: TemplateTarget, metadata: Values): string => {
  const result = render(text, target, metadata);
  if (result.text === undefined) throw new Error(JSON.stringify(result));
  return result.text;
};
const documentOf = (html: string) => new DOMParser().parseFromString(html, "text/html");
const anchor = (html: string) => documentOf(html).querySelector("a");

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...["+", "&", "=", "?", "#", "/", "%", "%20", "%2B", " ", "@", ":", ";", ",", "'", '"', "<", ">", "\\", "|", "{{", "}}", "é", "漢"],
        ...["😀", "&amp;", "javascript:", "https://evil.example/", "..", "\t", "<script>", "onclick=", "`", "ada+x@example.test"],
      ),
      fc.string({ unit: "grapheme", maxLength: 4 }),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((parts) => parts.join("").toWellFormed())
  // What is blank counts as missing, and control characters are taken out of texts.
  .filter((value) => value.trim() !== "");

describe("a value in a link stays one value, whatever it holds", () => {
  const texts = [
    "See https://x.example/a/{{ v }}?email={{ v }}&n=2 now",
    "(https://x.example/a/{{ v }}?email={{ v }}&n=2)",
    'say "https://x.example/a/{{ v }}?email={{ v }}&n=2", please',
  ];
  test.each(texts)("in a text: %s", (text) => {
    fc.assert(
      fc.property(hostile, (v) => {
        const url = new URL(/https:[^\s")]*(?:\([^\s")]*\))*[^\s"]*?n=2/.exec(filled(text, "sms", { v }))?.[0] ?? "none");
        expect(url.searchParams.get("email")).toBe(v);
        expect([...url.searchParams.keys()]).toEqual(["email", "n"]);
        expect(url.host).toBe("x.example");
        // A whole segment of dots is read as a step by every parser; nothing else is.
        if (!/^\.{1,2}$/.test(v)) expect(decodeURIComponent(url.pathname)).toBe(`/a/${v}`);
      }),
    );
  });

  test.each([
    '<a href="https://x.example/?email={{ v }}&amp;n=2">x</a>',
    "<p>Hi</p><a class=b href='https://x.example/?email={{ v }}&amp;n=2'>x</a>",
    "<a href=https://x.example/?email={{ v }}&amp;n=2>x</a>",
    '<a\n  HREF = "https://x.example/?email={{ v }}&amp;n=2" title="{{ v }}">{{ v }}</a>',
    '<!-- {{ v }} <a> --><a title={{ v }} href="https://x.example/?email={{ v }}&amp;n=2">x</a>',
  ])("in markup: %s", (html) => {
    fc.assert(
      fc.property(hostile, (v) => {
        const link = anchor(filled(html, "html", { v }));
        const url = new URL(link?.getAttribute("href") ?? "none");
        expect(url.searchParams.get("email")).toBe(v);
        expect(url.searchParams.get("n")).toBe("2");
        expect(link?.getAttributeNames().filter((name) => !["href", "class", "title"].includes(name))).toEqual([]);
        if (link?.hasAttribute("title")) expect(link.getAttribute("title")).toBe(v.replaceAll("\0", ""));
      }),
    );
  });

  test("in the visible text of markup, and in the text of a JSON", () => {
    fc.assert(
      fc.property(hostile, (v) => {
        const body = documentOf(filled("<p>https://x.example/?email={{ v }}&amp;n=2</p>", "html", { v })).body.textContent;
        expect(new URL(body ?? "").searchParams.get("email")).toBe(v);
        const json = JSON.parse(filled('{"link":"https://x.example/?email={{ v }}","who":"{{ v }}"}', "json", { v })) as Values;
        expect(new URL(String(json.link)).searchParams.get("email")).toBe(v);
        expect(json.who).toBe(v);
      }),
    );
  });

  test("in the address of a webhook, with the filter url and without", () => {
    fc.assert(
      fc.property(hostile, (v) => {
        const url = new URL(filled("https://x.example/?a={{ v }}&b={{ v | url }}", "url", { v }));
        expect([url.searchParams.get("a"), url.searchParams.get("b")]).toEqual([v, v]);
      }),
    );
  });
});

describe("the filter url", () => {
  test.each<[string, TemplateTarget, string]>([
    ["{{ v | url }}", "sms", "a%2Bb%20%26%3C%22"],
    ["https://x.example/?e={{ v | url }}", "sms", "https://x.example/?e=a%2Bb%20%26%3C%22"],
    ["https://x.example/?e={{ v }}", "sms", "https://x.example/?e=a%2Bb%20%26%3C%22"],
    ['<a href="https://x.example/?e={{ v | url }}">', "html", '<a href="https://x.example/?e=a%2Bb%20%26%3C%22">'],
    ["{{ none | url | default: 'a b' }}", "sms", "a%20b"],
    ["{{ none | default: 'a b' | url | upcase }}", "sms", "A%20B"],
    ["https://x.example/?e={{ none | default: 'a b' }}", "sms", "https://x.example/?e=a%20b"],
  ])("%s as %s is escaped once: %s", (text, target, expected) => expect(filled(text, target, { v: 'a+b &<"' })).toBe(expected));
});

describe("a link that is a value itself is left as it is", () => {
  const link = "https://shop.example/p/1?a=1&b=x%20y#top";
  test.each<[string, TemplateTarget, string]>([
    ["Go to {{ link }}.", "sms", `Go to ${link}.`],
    ["{{ link }}", "text", link],
    ["{{ bare }}/x?e={{ v }}", "sms", "shop.example/p/x?e=a%2Bb"],
    ["{{ base }}?e={{ v }}", "sms", "https://shop.example/p?e=a%2Bb"],
    ["https://{{ bare }}?e={{ v }}", "sms", "https://shop.example/p?e=a%2Bb"],
    ['<a href="{{ link }}">', "html", '<a href="https://shop.example/p/1?a=1&amp;b=x%20y#top">'],
    ['<a href=" {{ base }}?e={{ v }}">', "html", '<a href=" https://shop.example/p?e=a%2Bb">'],
    ['<a href="/p/{{ v }}">', "html", '<a href="/p/a%2Bb">'],
    [
      '<a href="mailto:{{ mail }}?subject={{ v }}&amp;cc={{ mail }}">',
      "html",
      '<a href="mailto:ada+x@example.test?subject=a%2Bb&amp;cc=ada%2Bx%40example.test">',
    ],
    ['<a href="tel:{{ phone }}">', "html", '<a href="tel:+15551002000">'],
    ["mailto:{{ mail }}", "sms", "mailto:ada+x@example.test"],
    ['{"to":"{{ link }}"}', "json", `{"to":"${link}"}`],
  ])("%s", (text, target, expected) => {
    const values = { link, v: "a+b", base: "https://shop.example/p", bare: "shop.example/p", mail: "ada+x@example.test" };
    expect(filled(text, target, values)).toBe(expected);
  });

  test.each([
    ["Hi {{ v }}/{{ w }}, e.g.{{ v }}", "Hi a+b/c&d, e.g.a+b"],
    ["Ada and/or {{ v }}? Yes: {{ w }}", "Ada and/or a+b? Yes: c&d"],
    ["ada@example.test/{{ v }}", "ada@example.test/a+b"],
    ["https://x.example/ {{ v }}", "https://x.example/ a+b"],
    ["50% off: {{ v }}?x={{ w }}", "50% off: a+b?x=c&d"],
  ])("and words that are no links stay words: %s", (text, expected) => expect(filled(text, "sms", { v: "a+b", w: "c&d" })).toBe(expected));

  test("and a link that begins behind another link's value is not a host again", () => {
    expect(filled("https://x.example/?to=https://{{ v }}", "sms", { v: "a/b&c=1" })).toBe("https://x.example/?to=https://a%2Fb%26c%3D1");
  });
});

describe("no value makes a link run a script, closes a tag or adds an attribute", () => {
  const scripts = [
    ...["javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)", "java\nscript:alert(1)"],
    ...["\u0001javascript:alert(1)", "vbscript:x", "data:text/html,<script>alert(1)</script>", "file:///etc/passwd", "java\u00adscript:x"],
  ];
  test.each(scripts)("%j as a whole link", (v) => {
    for (const html of ['<a href="{{ v }}">', "<a href='{{ v }}'>", "<a href={{ v }}>", '<a href=" {{ v }}">', '<iframe src="{{ v }}">']) {
      expect(render(html, "html", { v }), html).toEqual({ problem: "unsafe_value" });
    }
  });

  test.each(["\t".repeat(1_100), "\n".repeat(30_000), " \u0000\u200b".repeat(700)])(
    "padded with blanks before or inside of the scheme",
    (blanks) => {
      for (const v of [`${blanks}javascript:alert(1)`, `java${blanks}script:alert(1)`, `javascript${blanks}:alert(1)`]) {
        expect(render('<a href="{{ v }}">', "html", { v })).toEqual({ problem: "unsafe_value" });
      }
    },
  );

  test.each(['<iframe srcdoc="{{ v }}">', '<meta http-equiv="refresh" content="0;url={{ v }}">'])(
    "%s holds no value that may be a document or a link",
    (html) => {
      expect(render(html, "html", { v: "<script>alert(1)</script>" })).toEqual({ problem: "unsafe_value" });
      expect(render(html, "html", { v: "javascript:alert(1)" })).toEqual({ problem: "unsafe_value" });
    },
  );

  test("nor two values together, nor a value with what the author wrote", () => {
    const values = { a: "java", b: "script:alert(1)", c: "javascript" };
    for (const html of ['<a href="{{ a }}script:x">', '<a href="{{ c }}:alert(1)">']) {
      expect(render(html, "html", values), html).toEqual({ problem: "unsafe_value" });
    }
    expect(filled('<a href="{{ a }}{{ b }}">', "html", values)).toBe('<a href="javascript%3Aalert(1)">');
  });

  test("nor a value where markup or a program stands", () => {
    for (const html of [
      "<{{ v }}>",
      "<a {{ v }}>",
      "<a {{ v }}=1>",
      "<a o{{ v }}=1>",
      "<a onclick=\"go('{{ q }}')\">",
      "<a onclick={{ q }}>",
    ]) {
      expect(render(html, "html", { v: "nclick", q: "');alert('" }), html).toEqual({ problem: "unsafe_value" });
    }
    expect(filled("<h{{ v }}>", "html", { v: 2 })).toBe("<h2>");
  });

  test("whatever the value and wherever it stands", () => {
    const place = fc.constantFrom(
      ...["<p>{{ v }}</p>", '<a href="{{ v }}">x</a>', "<a href={{ v }}>x</a>", "<a title={{ v }}>x</a>", "<a title='{{ v }}'>x</a>"],
      ...[
        '<img src="{{ v }}{{ v }}">',
        "<b>< {{ v }}</b>",
        "<!-- {{ v }} -->",
        "<!doctype {{ v }}>",
        '<a href="x{{ v }}" title={{ v }}>x</a>',
      ],
    );
    fc.assert(
      fc.property(place, hostile, (html, v) => {
        const result = render(html, "html", { v });
        if (result.text === undefined) return;
        const document = documentOf(result.text);
        for (const element of document.body.querySelectorAll("*")) {
          expect(["P", "A", "IMG", "B"]).toContain(element.tagName);
          for (const name of element.getAttributeNames()) expect(["href", "title", "src"]).toContain(name);
          for (const name of ["href", "src"]) {
            const link = element.getAttribute(name);
            if (link !== null && URL.canParse(link, "https://base.example/")) {
              expect(["http:", "https:", "mailto:", "tel:", "sms:", "cid:"]).toContain(new URL(link, "https://base.example/").protocol);
            }
          }
        }
      }),
    );
  });
});

test.each<[string, (size: number) => string, TemplateTarget]>([
  ["one word of fields", (size) => "https://x.example/{{ v }}".padEnd(size, "{{ v }}"), "sms"],
  ["one word of fields that is no link", (size) => "{{ v }}".repeat(size / 7), "sms"],
  ["tags that do not end", (size) => "<a ".repeat(size / 3), "html"],
  ["comments that do not end", (size) => "<!--".repeat(size / 4), "html"],
])("costs time in proportion to the text: %s", (_, text, target) => {
  const ofSize = (size: number) => () => void render(text(size), target, { v: "x" });
  expect(slowdown(ofSize(7_500), ofSize(60_000), 10)).toBeLessThan(32);
});
