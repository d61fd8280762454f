import { expect, test } from "vitest";
import { nodeContext } from "#test/node-context.ts";
import { sendEmail } from "./definition.ts";
import { executeSendEmail } from "./executor.ts";

test("refuses an e-mail without subject or text, and a merge field that does not end in any of its parts", () => {
  const good = { subject: "Hello", text: "Hello" };
  for (const bad of [
    { subject: "" },
    { text: " " },
    { subject: "{{ a" },
    { text: "{{ a" },
    { html: "<p>{{ a</p>" },
    { onError: "ignore" },
  ]) {
    expect(sendEmail.config.safeParse({ ...good, ...bad }).success, JSON.stringify(bad)).toBe(false);
  }
  expect(sendEmail.config.safeParse(good).success).toBe(true);
});

test("says what to send, with HTML only where there is some", () => {
  const plain = sendEmail.config.parse({ subject: "S", text: "T", html: "" });
  expect(executeSendEmail(nodeContext({ config: plain }))).toEqual({
    type: "send",
    draft: { channel: "email", kind: "marketing", subject: "S", text: "T", html: undefined },
    onError: "stop",
  });
  const rich = sendEmail.config.parse({ subject: "S", text: "T", html: "<p>T</p>" });
  expect(executeSendEmail(nodeContext({ config: rich }))).toMatchObject({ draft: { html: "<p>T</p>" } });
});
