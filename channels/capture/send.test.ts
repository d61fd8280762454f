import { describe, expect, test } from "vitest";
import { captureProvider } from "./send.ts";

const message = { id: "0198a3f0-0000-7000-8000-000000000001", workspaceId: "w", kind: "marketing" as const, to: "somebody", text: "Hello" };
const signal = AbortSignal.timeout(1000);

describe("the capture provider", () => {
  test("does not pretend to have taken a message that was meant for another channel", async () => {
    await expect(captureProvider("sms").send({ ...message, channel: "email" }, { signal })).rejects.toThrow(/given to the provider of sms/);
  });

  test.each(["sms", "email"] as const)("takes a message on %s at once and names it by our own id", async (channel) => {
    const provider = captureProvider(channel);
    expect(await provider.send({ ...message, channel }, { signal })).toEqual({ outcome: "accepted", providerMessageId: message.id });
    expect([provider.name, provider.from]).toEqual(["capture", null]);
  });
});
