import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createMessageLinks } from "../compose/message-links.ts";
import { authoredLinks, showTexts } from "./authored-links.ts";

const links = createMessageLinks({ masterKey: randomBytes(32), publicUrl: () => "https://sluice.example.com:8443" });
const message = { workspaceId: "w-1", executionId: "0198a3f0-0000-7000-8000-000000000001", visit: 3, channel: "email" as const };
const target = "https://shop.example/p?a=1&b=x%20y#top";
const url = links.tracked(message).clickUrl(target) as string;
const show = authoredLinks(links.readTracked, "w-1");

test("a link of another workspace, and one that this instance did not make, lose their tokens and lead nowhere", async () => {
  expect(await authoredLinks(links.readTracked, "w-2")(`See ${url}.`)).toBe("See https://sluice.example.com:8443/l/….");
  const invented = `https://sluice.example.com/l/${"a".repeat(60)}`;
  expect(await show(`See ${invented}`)).toBe("See https://sluice.example.com/l/…");
  expect(await show(url.slice(0, -5))).toBe("https://sluice.example.com:8443/l/…");
});

test("stand as their author wrote them, however often and whatever stands around", async () => {
  expect(await show(`Shop (${url}), again: ${url}. Or https://other.example/l/short`)).toBe(
    `Shop (${target}), again: ${target}. Or https://other.example/l/short`,
  );
  expect(await show("No link at all")).toBe("No link at all");
});

test("a text that was erased stays erased", async () => {
  expect(
    await showTexts(
      [
        { id: 1, body: null },
        { id: 2, body: url },
      ],
      "body",
      show,
    ),
  ).toEqual([
    { id: 1, body: null },
    { id: 2, body: target },
  ]);
});
