import { expect, test } from "vitest";
import { withoutAddresses as withoutAddressesOfReply } from "#channels/email/smtp/verdict.ts";
import { withoutCounting, withoutTokens } from "#contract/tracking-paths.ts";
import { readKeyword } from "#engine/inbound/keyword.ts";
import { withoutAddresses } from "#engine/messages/provider-words.ts";
import { trackLinks } from "#engine/messages/track-links.ts";
import { addUnsubscribeFooter } from "#engine/messages/unsubscribe-footer.ts";
import { textSearch } from "#nodes/flow-tests/text-search.ts";
import { createLog } from "#server/process/log.ts";
import { slowdown } from "./processor-time.ts";

// What strangers write is read in a time that grows with its length, and not with the square of it: what people answer, what providers
// report (who makes their calls is an admin of any workspace), what servers reply, what the author of a flow typed. Each of these once
// held the process that answers everybody.

const log = createLog({ destination: { write: () => {} } });
const footer = (html: string) =>
  addUnsubscribeFooter(
    { text: "", html },
    { url: "https://example.com/u/1", contact: { metadata: {} } as never, workspace: { name: "W", timeZone: "UTC", country: "US" } },
  );
const tracked = (text: string) =>
  trackLinks({ subject: null, text, html: text }, "email", {
    rules: { clicks: true, opens: true, shortDomain: null },
    links: { clickUrl: () => "https://example.com/l/1", openUrl: () => undefined, shortCode: () => "", isOurs: () => false },
  });
const shown = (text: string) => withoutTokens(withoutCounting(text));
// What is looked for differs from the text in its first letter, in its last, and in the middle: each is the worst for another way to look.
const firstDiffers = textSearch(`b${"a".repeat(1_999)}`);
const lastDiffers = textSearch(`${"a".repeat(1_999)}b`);
const middleDiffers = textSearch(`${"a".repeat(1_000)}b${"a".repeat(999)}`);

const readers: Record<string, { read: (text: string) => unknown; text: (length: number) => string }> = {
  "an SMS of dashes": { read: readKeyword, text: (length) => `a${"-".repeat(length)}b` },
  "an SMS of one word": { read: readKeyword, text: (length) => "a".repeat(length) },
  "an SMS of stops": { read: readKeyword, text: (length) => "stop-".repeat(length / 5) },
  "the words of a provider": { read: withoutAddresses, text: (length) => "a".repeat(length) },
  "the reply of a mail server": { read: withoutAddressesOfReply, text: (length) => "a".repeat(length) },
  "an error in the log": { read: (text) => log.warn({ err: new Error(text) }, "x"), text: (length) => "a".repeat(length) },
  "an e-mail of ends": { read: footer, text: (length) => `${"</body>".repeat(length / 14)}${"x".repeat(length / 2)}` },
  "an e-mail of links": { read: tracked, text: (length) => "<a href='https://x.example/'>".repeat(length / 28) },
  "an e-mail of links that do not end": { read: tracked, text: (length) => `<a href="${"<a href='".repeat(length / 9)}` },
  "an e-mail of comments that do not end": { read: tracked, text: (length) => "<!--<a ".repeat(length / 7) },
  "an e-mail of styles that do not end": { read: tracked, text: (length) => "<style>".repeat(length / 7) },
  "an address of brackets": { read: tracked, text: (length) => `https://x.example/${")".repeat(length)}` },
  "one address": { read: tracked, text: (length) => "https://x.example/?".repeat(length / 19) },
  "pictures that do not end": { read: shown, text: (length) => '<img src="/o/'.repeat(length / 13) },
  "tokens that do not end": { read: shown, text: (length) => "/l/".padEnd(length, "a") },
  "a message that a test looks through": { read: firstDiffers, text: (length) => "a".repeat(length) },
  "a message that almost ends as what is looked for": { read: lastDiffers, text: (length) => "a".repeat(length) },
  "a message in which the middle is missing": { read: middleDiffers, text: (length) => "a".repeat(length) },
};

test.each(Object.entries(readers))("%s takes no more than its length in time", (_, { read, text }) => {
  const [short, long] = [text(16_000), text(128_000)];
  expect(
    slowdown(
      () => read(short),
      () => read(long),
      10,
    ),
  ).toBeLessThan(24);
});

test("what is looked through is found where it stands, as the search that is built in finds it", () => {
  const texts = ["", "a", "aa", "aab", "abab", "ababc", "abcab abcabd", "ääb", "aaaaab"];
  for (const text of texts)
    for (const wanted of texts.filter((one) => one !== "")) {
      expect(textSearch(wanted)(text), `${wanted} in ${text}`).toBe(text.includes(wanted));
    }
});

test("addresses are left out of what is kept and logged, wherever they stand", () => {
  for (const read of [withoutAddresses, withoutAddressesOfReply]) {
    for (const words of ["ann@example.org is gone", "no <ann@example.org>", 'user "ann@example.org" unknown', "x,ann@example.org"]) {
      expect(read(words)).not.toMatch(/ann|example/);
    }
  }
});
