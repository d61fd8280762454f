import { describe, expect, test } from "vitest";
import { type LinkTracking, noLinkTracking } from "#contract/link-tracking.ts";
import { countSegments } from "#contract/sms-segments.ts";
import type { TrackedLinks } from "./message-links.ts";
import { replaceInText, trackLinks } from "./track-links.ts";

const links: TrackedLinks = {
  clickUrl: (target) => `https://sluice.example/l/${Buffer.from(target).toString("hex")}`,
  openUrl: () => "https://sluice.example/o/token",
  shortCode: (target) => Buffer.from(target).toString("hex").slice(-12),
  isOurs: ({ host }) => host === "sluice.example",
};
const mail = (text: string, html: string | null = null) => ({ subject: "Hi", text, html });
const track = (message: ReturnType<typeof mail>, rules: Partial<LinkTracking>, channel: "sms" | "email" = "email") =>
  trackLinks(message, channel, { rules: { ...noLinkTracking, ...rules }, links });
const led = (target: string) => links.clickUrl(target);

describe("stays as it was written", () => {
  test("everything, where nothing is noted", () => {
    const message = mail("https://x.example/", '<a href="https://x.example/">x</a>');
    expect(track(message, {})).toEqual({ message, shortLinks: [] });
    expect(track(mail("https://x.example/"), { clicks: true }, "sms").message.text).toBe("https://x.example/");
    expect(track(mail("https://x.example/"), { shortDomain: "go.x.example" }, "sms").message.text).toBe("https://x.example/");
  });

  test.each([
    "https://sluice.example/u/token",
    "https://shop.example/unsubscribe?who=1",
    "https://shop.example/opt-out",
    "https://shop.example/email-preferences",
    "https://shop.example/newsletter/abmelden",
    "mailto:a@x.example",
    "tel:+15551002000",
    "sms:+15551002000",
    "#top",
    "/relative",
    "//x.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "ftp://x.example/",
    "https://name:secret@x.example/",
    "https://",
    "https://x.example:99999/",
    `https://x.example/${"a".repeat(2_048)}`,
    `https://x.example/?q=${"ä".repeat(400)}`,
  ])("%s", (address) => {
    const message = mail(`See ${address} now`, `<a href="${address}">x</a>`);
    expect(track(message, { clicks: true }).message).toEqual(message);
    expect(track(mail(`See ${address}`), { clicks: true, shortDomain: "go.x.example" }, "sms").shortLinks).toEqual([]);
  });

  test("an SMS that would become too long for a message, and links beyond the tenth of one", () => {
    const many = Array.from({ length: 12 }, (_, n) => `https://x.example/${n}`).join(" ");
    expect(track(mail(many), { clicks: true, shortDomain: "go.x.example" }, "sms").shortLinks).toHaveLength(10);
    const full = `https://a.co/1 ${"x".repeat(1_585)}`;
    expect(track(mail(full), { clicks: true, shortDomain: "a-domain-that-is-long.example" }, "sms")).toEqual({
      message: mail(full),
      shortLinks: [],
    });
  });
});

test("the sentence around an address stays around its link", () => {
  const sentences = [
    ["See https://x.example/a.", "See <https://x.example/a>."],
    ["(https://x.example/a_(b)), or", "(<https://x.example/a_(b)>), or"],
    ["https://x.example/?a=1&b=2!?", "<https://x.example/?a=1&b=2>!?"],
    ['"https://x.example/a"', '"<https://x.example/a>"'],
    ["<https://x.example/a>", "<<https://x.example/a>>"],
    ["https://x.example/a\nhttps://x.example/b", "<https://x.example/a>\n<https://x.example/b>"],
    ["https://x.example/a。谢谢", "<https://x.example/a>。谢谢"],
    // Where these end, a telephone decides.
    ["https://x.example/straße", "https://x.example/straße"],
    ["https://x.example/a谢谢", "https://x.example/a谢谢"],
    ["no link: x.example/a, http:/x", "no link: x.example/a, http:/x"],
    ["https://x.example/?to=https://y.example/", "<https://x.example/?to=https://y.example/>"],
  ];
  for (const [text, expected] of sentences) expect(replaceInText(text as string, (address) => `<${address}>`)).toBe(expected);
});

test("an e-mail leads through here in both parts, its picture stands at its end, and a second time the bytes are the same", () => {
  const message = mail("Shop: https://x.example/a?b=1", '<html><body><a href="https://x.example/a?b=1">Shop</a></body></html>');
  const once = track(message, { clicks: true, opens: true });
  expect(once.message.text).toBe(`Shop: ${led("https://x.example/a?b=1")}`);
  expect(once.message.html).toBe(
    `<html><body><a href="${led("https://x.example/a?b=1")}">Shop</a><img src="https://sluice.example/o/token" width="1" height="1" alt="" style="border:0"></body></html>`,
  );
  expect(track(message, { clicks: true, opens: true })).toEqual(once);
  expect(track(message, { opens: true }).message.html).toContain('href="https://x.example/a?b=1"');
  expect(track(mail("x"), { opens: true }).message).toEqual(mail("x"));
});

test("a target is what a browser reads, and can end no header", () => {
  const read = (address: string) => {
    let target = "";
    trackLinks(mail("", `<a href="${address}">x</a>`), "email", {
      rules: { ...noLinkTracking, clicks: true },
      links: {
        ...links,
        clickUrl: (given) => {
          target = given;
          return undefined;
        },
      },
    });
    return target;
  };
  expect(read(" https://X.example/a b ")).toBe("https://x.example/a%20b");
  expect(read("https://x.example/a&#13;&#10;Set-Cookie: a=b")).toBe("https://x.example/aSet-Cookie:%20a=b");
  expect(read("https://bücher.example/ä")).toBe("https://xn--bcher-kva.example/%C3%A4");
  expect(read("https://x.example/%250d%250a")).toBe("https://x.example/%250d%250a");
  expect(read("https:\\\\x.example/")).toBe("");
});

test("an SMS names its short links once each, and is counted as it leaves", () => {
  const long = `https://shop.example/${"a".repeat(150)}`;
  const { message, shortLinks } = track(mail(`Look: ${long} or ${long}`), { clicks: true, shortDomain: "go.x.example" }, "sms");
  expect(shortLinks).toEqual([{ code: links.shortCode(long), url: long }]);
  expect(message.text).toBe(`Look: https://go.x.example/s/${links.shortCode(long)} or https://go.x.example/s/${links.shortCode(long)}`);
  expect([countSegments(`Look: ${long} or ${long}`).segments, countSegments(message.text).segments]).toEqual([3, 1]);
});
