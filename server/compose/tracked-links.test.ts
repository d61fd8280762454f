import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { linkKeyOf } from "#db/link-keys.ts";
import { createMessageLinks } from "./message-links.ts";

const masterKey = randomBytes(32);
const publicUrl = () => "https://sluice.example.com";
const links = createMessageLinks({ masterKey, publicUrl });
const message = { workspaceId: "w-1", executionId: "0198a3f0-0000-7000-8000-000000000001", visit: 3, channel: "email" as const };
const target = "https://shop.example/p?a=1&b=x%20y#top";
const tokenOf = (url: string | undefined) => (url ?? "").split(/\/[lo]\//)[1] ?? "";

test("a token that anybody changed, invented, cut or spelled in another way leads nowhere", async () => {
  const token = tokenOf(links.tracked(message).clickUrl(target));
  const bytes = Buffer.from(token, "base64url");
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] as number) ^ 1;
    expect(await links.readTracked(changed.toString("base64url"))).toBeUndefined();
  }
  for (const bad of [
    "",
    "x",
    `${token}A`,
    token.slice(0, -1),
    token.toUpperCase(),
    "a".repeat(400),
    `${token}=`,
    "a".repeat(9_000),
    "%2e".repeat(30),
  ])
    expect(await links.readTracked(bad)).toBeUndefined();
});

test("a token to unsubscribe leads to no page, and a tracked link unsubscribes nobody", async () => {
  const unsubscribe = links.unsubscribeUrl({ workspaceId: "w-1", contactId: message.executionId, address: "a@example.org" });
  expect(await links.readTracked((unsubscribe ?? "").split("/u/")[1] ?? "")).toBeUndefined();
  expect(await links.readToken(tokenOf(links.tracked(message).clickUrl(target)))).toBeUndefined();
});

test("each try of a message has the same links, another message has others, and none shows where it leads", async () => {
  const { clickUrl, openUrl, shortCode } = links.tracked(message);
  const again = createMessageLinks({ masterKey, publicUrl }).tracked({ ...message });
  expect([again.clickUrl(target), again.openUrl(), again.shortCode(target)]).toEqual([clickUrl(target), openUrl(), shortCode(target)]);
  for (const other of [{ visit: 4 }, { workspaceId: "w-2" }, { channel: "sms" as const }]) {
    expect(links.tracked({ ...message, ...other }).clickUrl(target)).not.toBe(clickUrl(target));
    expect(links.tracked({ ...message, ...other }).shortCode(target)).not.toBe(shortCode(target));
  }
  expect(Buffer.from(tokenOf(clickUrl(target)), "base64url").toString("latin1")).not.toMatch(/shop|w-1|0198a3f0/);
  expect(await links.readTracked(tokenOf(clickUrl(target)))).toEqual({ kind: "click", message, target });
  expect(await links.readTracked(tokenOf(openUrl()))).toEqual({ kind: "open", message });
  const longest = `https://shop.example/${"a".repeat(2_027)}`;
  expect(await links.readTracked(tokenOf(clickUrl(longest)))).toMatchObject({ target: longest });
});

test("the links of a preview lead to their page and belong to no message", async () => {
  const sample = links.tracked("sample");
  expect(await links.readTracked(tokenOf(sample.clickUrl(target)))).toEqual({ kind: "click", message: null, target });
  expect(await links.readTracked(tokenOf(sample.openUrl()))).toEqual({ kind: "open", message: null });
  expect(sample.shortCode(target)).toHaveLength(links.tracked(message).shortCode(target).length);
});

test("links outlive the master key that made them, where its keys of links were kept", async () => {
  const token = tokenOf(links.tracked(message).clickUrl(target));
  const renewed = (more: object) => createMessageLinks({ masterKey: randomBytes(32), publicUrl, ...more });
  expect(await renewed({}).readTracked(token)).toBeUndefined();
  expect(await renewed({ previousMasterKeys: [masterKey] }).readTracked(token)).toMatchObject({ target });
  expect(await renewed({ formerKeys: async () => [linkKeyOf(masterKey)] }).readTracked(token)).toMatchObject({ target });
});

test("short codes are twelve digits and letters, and thousands of them are all different", () => {
  const codes = new Set(Array.from({ length: 20_000 }, (_, visit) => links.tracked({ ...message, visit }).shortCode(target)));
  expect(codes.size).toBe(20_000);
  for (const code of codes) expect(code).toMatch(/^[0-9A-Za-z]{12}$/);
});

test("without a public address nothing leads through here", () => {
  const { clickUrl, openUrl, isOurs } = createMessageLinks({ masterKey, publicUrl: () => undefined }).tracked(message);
  expect([clickUrl(target), openUrl(), isOurs(new URL(target))]).toEqual([undefined, undefined, false]);
  expect(links.tracked(message).isOurs(new URL("https://sluice.example.com/u/x"))).toBe(true);
});
