import { expect, test } from "vitest";
import type { OutgoingMessage } from "../channel.ts";
import { listHeaders } from "./list-headers.ts";
import { composeMail } from "./smtp/message.ts";
import type { SmtpSettings } from "./smtp/settings.ts";

const unsubscribeUrl = `https://sluice.example.com/u/${"aB3-_".repeat(60)}`;
const message: OutgoingMessage = {
  id: "m1",
  workspaceId: "w1",
  kind: "marketing",
  channel: "email",
  to: "grace@example.org",
  subject: "Hi",
  text: "Hello",
};
const settings = { host: "localhost", port: 25, security: "none", fromName: "", fromAddress: "hello@salon.example" } satisfies SmtpSettings;

test("a message without a link has none of the headers", () => {
  expect(listHeaders(message)).toEqual({});
});

test.each(["\r\nBcc: all@example.org", "\n", "\0", "\u2028"])("a value with %j is refused before a library sees it", (bad) => {
  expect(() => listHeaders({ ...message, unsubscribeUrl: `${unsubscribeUrl}${bad}` })).toThrow(/control character/);
  expect(() => listHeaders({ ...message, unsubscribeUrl, campaign: `f${bad}` })).toThrow(/control character/);
});

test("one click is promised only where the link is encrypted", () => {
  expect(listHeaders({ ...message, unsubscribeUrl: "http://localhost/u/x" })).toEqual({ "List-Unsubscribe": "<http://localhost/u/x>" });
});

test("both headers stand in the mail as it leaves, the long link in one piece", async () => {
  const { raw, messageId } = await composeMail(
    { ...message, unsubscribeUrl, campaign: "flow-1", html: "<p>Hello</p>" },
    message.to,
    settings,
  );
  const head =
    raw
      .toString("latin1")
      .split("\r\n\r\n")[0]
      ?.replace(/\r\n[ \t]/g, " ")
      .split("\r\n") ?? [];
  expect(head.filter((line) => /^(List-|Feedback)/i.test(line)).sort()).toEqual([
    "Feedback-ID: flow-1:w1:marketing:sluice",
    "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    `List-Unsubscribe: <${unsubscribeUrl}>`,
  ]);
  expect(messageId).toBe("<m1@salon.example>");
  expect(raw.toString("latin1")).toMatch(/Content-Type: text\/plain[\s\S]*Content-Type: text\/html/);
});
