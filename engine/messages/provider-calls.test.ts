import { afterEach, expect, test, vi } from "vitest";
import { silentLog } from "#test/engine.ts";
import { fakeProvider } from "#test/fake-provider.ts";
import { quietMeter } from "../base/meter.ts";
import { createProviderCalls } from "./provider-calls.ts";

afterEach(() => vi.restoreAllMocks());

const rows = { renew: async () => {}, findClosed: async () => new Set<string>() };
const someMessages = ["1", "2", "3", "4"].map((id) => ({
  id,
  workspaceId: "w",
  channel: "sms" as const,
  kind: "marketing" as const,
  to: "+14155550100",
  text: "Hi",
}));

test("a process that was held up for long begins none of its other calls, because others may have taken them over", async () => {
  const provider = fakeProvider("sms", { concurrency: 1 });
  const real = Date.now.bind(Date);
  let paused = 0;
  vi.spyOn(Date, "now").mockImplementation(() => real() + paused);
  provider.answer(({ id }) => {
    if (id === "2") paused = 60_000;
    return { outcome: "accepted", providerMessageId: id };
  });
  const results = await createProviderCalls(silentLog, quietMeter).send(provider, someMessages, rows);
  expect(results.map(({ outcome }) => outcome)).toEqual(["accepted", "accepted", "unknown", "unknown"]);
  expect(provider.calls.map(({ id }) => id)).toEqual(["1", "2"]);
});

test.each([
  ["its address was closed meanwhile", async () => new Set(["3"]), ["1", "2", "4"], [undefined, undefined, "address", undefined]],
  [
    "nobody can say whether its address was closed",
    async () => Promise.reject(new Error("The database is away")),
    ["1", "2"],
    [undefined, undefined, "address", "address"],
  ],
])("a message that has waited for its call is not sent when %s", async (_why, findClosed, called, because) => {
  const provider = fakeProvider("sms", { concurrency: 1 });
  const real = performance.now.bind(performance);
  let passed = 0;
  vi.spyOn(performance, "now").mockImplementation(() => real() + passed);
  provider.answer(({ id }) => {
    if (id === "2") passed = 1_000;
    return { outcome: "accepted", providerMessageId: id };
  });
  const results = await createProviderCalls(silentLog, quietMeter).send(provider, someMessages, { ...rows, findClosed });
  expect(provider.calls.map(({ id }) => id)).toEqual(called);
  expect(results.map((result) => (result.outcome === "not_called" ? result.because : undefined))).toEqual(because);
});
