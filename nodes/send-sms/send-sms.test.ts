import { expect, test } from "vitest";
import { nodeContext } from "#test/node-context.ts";
import { sendSms } from "./definition.ts";
import { executeSendSms } from "./executor.ts";

test("refuses an empty text, one that is too long, and merge fields that could never be filled in", () => {
  for (const text of ["", "  \n", "x".repeat(1601), "Hi {{ firstname", "Hi {{ }}", "{{ firstname | shout }}", "{{ person.name }}"]) {
    expect(sendSms.config.safeParse({ text }).success, text.slice(0, 40)).toBe(false);
  }
  expect(sendSms.config.safeParse({ text: "Hi", colour: "red" }).success).toBe(false);
});

test("says what to send, as written, and stops on an error unless told otherwise", () => {
  const config = sendSms.config.parse({ text: "Hi {{ firstname }}" });
  expect(executeSendSms(nodeContext({ config }))).toEqual({
    type: "send",
    draft: { channel: "sms", kind: "marketing", text: "Hi {{ firstname }}" },
    onError: "stop",
  });
  const lenient = sendSms.config.parse({ text: "Hi", onError: "continue" });
  expect(executeSendSms(nodeContext({ config: lenient }))).toMatchObject({ onError: "continue" });
});
