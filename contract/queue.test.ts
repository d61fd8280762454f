import { expect, test } from "vitest";
import { QueueLimits } from "./queue.ts";

const sms = { channel: "sms", perMinute: 60 };

test.each([
  ["nothing to change", {}],
  ["a channel that is named twice", { channels: [sms, { ...sms, perMinute: null }] }],
  ["no lane at all", { lanes: 0 }],
  ["more lanes than 64", { lanes: 65 }],
  ["no message a minute", { channels: [{ ...sms, perMinute: 0 }] }],
])("a change of the limits is refused with %s", (_, change) => expect(QueueLimits.safeParse(change).success).toBe(false));

test("a limit of a channel is taken away with null, and other limits stay as they are", () => {
  const change = { channels: [{ channel: "sms", perMinute: null }] };
  expect(QueueLimits.parse(change)).toEqual(change);
});
