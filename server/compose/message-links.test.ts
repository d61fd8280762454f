import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { linkKeyOf } from "#db/link-keys.ts";
import { createMessageLinks } from "./message-links.ts";

const masterKey = randomBytes(32);
const publicUrl = () => "https://sluice.example.com";
const links = createMessageLinks({ masterKey, publicUrl });
const who = { workspaceId: "w-1", contactId: "0198a3f0-0000-7000-8000-000000000001", address: "Grace@Example.org" };
const tokenOf = (url: string | undefined) => (url ?? "").split("/u/")[1] ?? "";

test("a token that anybody changed, invented or spelled in another way opens nothing", async () => {
  const token = tokenOf(links.unsubscribeUrl(who));
  const bytes = Buffer.from(token, "base64url");
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] as number) ^ 1;
    expect(await links.readToken(changed.toString("base64url"))).toBeUndefined();
  }
  for (const bad of ["", "x", `${token}A`, token.slice(0, -1), token.toUpperCase(), "a".repeat(400), "../u/preview", `${token}=`])
    expect(await links.readToken(bad)).toBeUndefined();
});

test("a token of another instance opens nothing, one of a previous key still does", async () => {
  const token = tokenOf(links.unsubscribeUrl(who));
  expect(await createMessageLinks({ masterKey: randomBytes(32), publicUrl }).readToken(token)).toBeUndefined();
  const renewed = createMessageLinks({ masterKey: randomBytes(32), previousMasterKeys: [masterKey], publicUrl });
  expect(await renewed.readToken(token)).toEqual({ ...who, address: "grace@example.org" });
  const kept = createMessageLinks({
    masterKey: randomBytes(32),
    publicUrl,
    formerKeys: async () => [randomBytes(64), linkKeyOf(masterKey)],
  });
  expect(await kept.readToken(token)).toEqual({ ...who, address: "grace@example.org" });
});

test("each try of a message has the same link, which shows no address and is short enough for a header", async () => {
  const url = links.unsubscribeUrl(who) ?? "";
  expect(links.unsubscribeUrl(who)).toBe(url);
  expect(links.unsubscribeUrl({ ...who, address: "other@example.org" })).not.toBe(url);
  expect(Buffer.from(tokenOf(url), "base64url").toString("latin1")).not.toMatch(/grace|example|w-1/i);
  const longest = { ...who, workspaceId: "w".repeat(64), address: `${"a".repeat(64)}@${"b".repeat(180)}.example` };
  expect(links.unsubscribeUrl(longest)?.length).toBeLessThan(700);
  expect(await links.readToken(tokenOf(links.unsubscribeUrl(longest)))).toEqual(longest);
});

test("the link of a preview stands for nobody, and without a public address there is none", async () => {
  expect(await links.readToken(tokenOf(links.sampleUrl()))).toBe("sample");
  const unknown = createMessageLinks({ masterKey, publicUrl: () => undefined });
  expect([unknown.unsubscribeUrl(who), unknown.sampleUrl()]).toEqual([undefined, undefined]);
});
