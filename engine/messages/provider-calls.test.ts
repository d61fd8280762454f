import { afterEach, expect, test, vi } from "vitest";
import { silentLog } from "#test/engine.ts";
import { fakeProvider } from "#test/fake-provider.ts";
import { quietMeter } from "../base/meter.ts";
import { createProviderCalls } from "./provider-calls.ts";

afterEach(() => vi.restoreAllMocks());

test("a process that was held up for long begins none of its other calls, because others may have taken them over", async () => {
  const provider = fakeProvider("sms", { concurrency: 1 });
  const real = Date.now.bind(Date);
  let paused = 0;
  vi.spyOn(Date, "now").mockImplementation(() => real() + paused);
  provider.answer(({ id }) => {
    if (id === "2") paused = 60_000;
    return { outcome: "accepted", providerMessageId: id };
  });
  const messages = ["1", "2", "3", "4"].map((id) => ({ id, workspaceId: "w", channel: "sms" as const, to: "+14155550100", text: "Hi" }));
  const results = await createProviderCalls(silentLog, quietMeter).send(provider, messages, async () => {});
  expect(results.map(({ outcome }) => outcome)).toEqual(["accepted", "accepted", "unknown", "unknown"]);
  expect(provider.calls.map(({ id }) => id)).toEqual(["1", "2"]);
});
