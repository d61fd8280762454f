import { expect, test } from "vitest";
import { catchProvider } from "./catch.ts";

test.each(["sms", "email"] as const)("the catch provider takes a message on %s at once and names it by our own id", async (channel) => {
  const provider = catchProvider(channel);
  const message = { id: "0198a3f0-0000-7000-8000-000000000001", workspaceId: "w", channel, to: "somebody", text: "Hello" };
  expect(await provider.send(message, { signal: AbortSignal.timeout(1000) })).toEqual({
    outcome: "accepted",
    providerMessageId: message.id,
  });
  expect(provider.name).toBe("catch");
});
