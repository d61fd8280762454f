import { pino } from "pino";
import { expect, test, vi } from "vitest";
import { passTime } from "#test/pass-time.ts";
import { createReadiness } from "./readiness.ts";

function setUp() {
  const logged: string[] = [];
  const log = pino({ level: "warn" }, { write: (line: string) => void logged.push(JSON.parse(line).msg) });
  return { readiness: createReadiness(log), logged };
}

test("a process is not ready before it is whole, nor from the moment it was told to end", async () => {
  const { readiness } = setUp();
  expect((await readiness.report()).status).toBe("starting");
  readiness.open();
  expect(await readiness.report()).toEqual({ status: "ready", problems: [] });
  readiness.drain();
  expect((await readiness.report()).status).toBe("draining");
  readiness.open();
  expect((await readiness.report()).status, "opened after the end had begun").toBe("draining");
});

test("what does not hold is said in words and logged once, and so is its return", async () => {
  const { readiness, logged } = setUp();
  let isAway = true;
  readiness.require("The database does not answer.", async () => {
    if (isAway) throw new Error("connection refused");
  });
  readiness.open();
  expect(await readiness.report()).toEqual({ status: "unavailable", problems: ["The database does not answer."] });
  passTime(1_050);
  expect((await readiness.report()).status).toBe("unavailable");
  isAway = false;
  passTime(1_050);
  expect((await readiness.report()).status).toBe("ready");
  expect(logged).toEqual(["not ready", "ready again"]);
});

test("a check that hangs counts as failed after two seconds", async () => {
  const { readiness } = setUp();
  readiness.require("Nobody answers.", () => new Promise(() => {}));
  readiness.open();
  vi.useFakeTimers();
  let told: string[] | undefined;
  const asked = readiness.report().then(({ problems }) => {
    told = problems;
  });
  await vi.advanceTimersByTimeAsync(1_999);
  expect(told).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1);
  vi.useRealTimers();
  await asked;
  expect(told).toEqual(["Nobody answers."]);
});

test("a crowd of probers costs one look a second", async () => {
  const { readiness } = setUp();
  let looks = 0;
  readiness.require("Never.", async () => {
    looks += 1;
  });
  readiness.open();
  await Promise.all(Array.from({ length: 100 }, () => readiness.report()));
  expect(looks).toBe(1);
});
