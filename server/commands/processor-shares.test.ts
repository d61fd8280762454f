import { expect, test } from "vitest";
import { createProcessorShares } from "./processor-shares.ts";

function at() {
  let now = 0;
  const shares = createProcessorShares({ perSecond: 500, most: 3_000, elapsed: () => now });
  return {
    /** Work that takes so long. */
    work: (workspaceId: string, milliseconds: number) =>
      shares.during(workspaceId, () => {
        now += milliseconds;
        return "done";
      }),
    fail: (workspaceId: string, milliseconds: number) =>
      shares.during(workspaceId, () => {
        now += milliseconds;
        throw new Error("It failed");
      }),
    later: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

test("who asks for the largest flow again and again is told to wait, and others are not", () => {
  const { work, later } = at();
  let done = 0;
  const askMany = () => {
    for (; done < 100; done += 1) work("hostile", 300);
  };
  expect(askMany, "half a minute of work in one go is let through").toThrowError(
    expect.objectContaining({ code: "workspace_busy", status: 429, retryAfter: 3 }),
  );
  // Three seconds, and what was paid back meanwhile.
  expect(done).toBeGreaterThan(10);
  expect(done).toBeLessThan(30);
  expect(work("other", 300)).toBe("done");
  later(3_000);
  expect(work("hostile", 300)).toBe("done");
});

test("an editor who saves a large flow every two seconds is never told to wait", () => {
  const { work, later } = at();
  for (let save = 0; save < 200; save += 1) {
    expect(work("editor", 300)).toBe("done");
    later(2_000);
  }
});

test("two workspaces that owe much pay back half as fast as one", () => {
  const alone = at();
  alone.work("a", 4_500);
  expect(alone.work("a", 0)).toBe("done");
  const beside = at();
  beside.work("b", 9_000);
  beside.work("a", 4_500);
  expect(() => beside.work("a", 0)).toThrowError(expect.objectContaining({ code: "workspace_busy" }));
});

test("work that fails is owed too", () => {
  const { fail, work } = at();
  expect(() => fail("a", 7_000)).toThrowError("It failed");
  expect(() => work("a", 0)).toThrowError(expect.objectContaining({ code: "workspace_busy" }));
});
