import { expect, test } from "vitest";
import { readPasted } from "./pasted.ts";
import { readAddress } from "./read-address.ts";

test("what runs is taken out of what is pasted, and named", () => {
  const { html, removed } = readPasted(
    '<meta charset="utf-8"><p onclick="x()">a</p><script>alert(1)</script><a href=" java\nscript:x()">b</a><iframe src="https://x.example"></iframe>',
  );
  expect(html).toBe("<p>a</p><a>b</a>");
  expect(removed).toEqual(["script", "iframe", "onclick", "href javascript"]);
});

test("a table is seen, one that only holds one thing is none, and its sheet of styles goes without a word", () => {
  const sheet = "<style>td{color:red}</style><!--StartFragment-->";
  expect(readPasted(`${sheet}<table><tr><td>a</td><td>b</td></tr></table>`)).toMatchObject({ removed: [], hasTable: true });
  expect(readPasted(`${sheet}<table><tr><td>a</td></tr></table>`)).toMatchObject({ removed: [], hasTable: false });
});

test.each([
  ["", "link", "Where the link leads is missing"],
  ["  ", "picture", "Where the picture lies is missing"],
  ["javascript:alert(1)", "link", "An address that begins with “javascript:” cannot be sent"],
  ["mailto:a@x.example", "picture", "An address that begins with “mailto:” cannot be sent"],
  ["data:image/png;base64,AA", "picture", "An address that begins with “data:” cannot be sent"],
  ["somewhere", "link", "This is no address. It begins with https://"],
] as const)("the address %j of a %s is refused", (typed, of, problem) => expect(readAddress(typed, of)).toEqual({ problem }));

test.each([
  ["https://x.example/{{ id }}", "https://x.example/{{ id }}"],
  ["x.example/book", "https://x.example/book"],
  ["localhost:4800/x", "https://localhost:4800/x"],
  ["ada@x.example", "mailto:ada@x.example"],
  ["tel:+14155550123", "tel:+14155550123"],
  ["{{ custom.link }}", "{{ custom.link }}"],
])("the address %j is taken as %j", (typed, address) => expect(readAddress(typed, "link")).toEqual({ address }));
