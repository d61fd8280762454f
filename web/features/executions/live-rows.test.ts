import { describe, expect, it } from "vitest";
import type { Execution, ExecutionStatus } from "#contract/executions.ts";
import { liveRows, unfinishedIds } from "./live-rows.ts";

const row = (id: string, status: ExecutionStatus = "running"): Execution => ({
  id,
  flowId: "f",
  flowName: "Welcome Flow",
  flowVersionId: "v",
  sendId: "s",
  contactId: "c",
  contactName: "Ada Lovelace",
  status,
  source: "manual",
  reason: "Manual send (Contacts page)",
  launchedByName: null,
  isTest: false,
  enrolledAt: "2026-05-03T09:00:00Z",
  startedAt: null,
  completedAt: null,
  executionTime: null,
  currentNodeId: null,
  currentNodeLabel: null,
  wakeAt: null,
  waitingFor: null,
  endedReason: null,
  errorMessage: null,
});
const ids = (rows: Execution[]) => rows.map((each) => each.id);

describe("a history that is read while it grows", () => {
  it("keeps every row in its place when new ones arrive, and counts those", () => {
    const live = liveRows([row("b"), row("a")], { items: [row("d"), row("c"), row("b")], nextCursor: "next" }, []);
    expect(ids(live.rows)).toEqual(["b", "a"]);
    expect(live).toMatchObject({ fresh: 2, freshIsMore: false });
  });

  it("says “more than” when the newest page is all new", () => {
    const newest = { items: [row("d"), row("c")], nextCursor: "next" };
    expect(liveRows([row("a")], newest, [])).toMatchObject({ fresh: 2, freshIsMore: true });
    expect(liveRows([row("a")], { ...newest, nextCursor: null }, []).freshIsMore).toBe(false);
  });

  it("shows the latest state of a row, also of one that has left the newest page", () => {
    const live = liveRows([row("b"), row("a")], { items: [row("b", "failed")], nextCursor: null }, [row("a", "completed")]);
    expect(live.rows.map((each) => each.status)).toEqual(["failed", "completed"]);
  });

  it("never lets a slow answer bring an ended execution back to life", () => {
    expect(liveRows([row("a", "completed")], undefined, [row("a", "running")]).rows[0]?.status).toBe("completed");
    expect(liveRows([row("a")], { items: [row("a", "cancelled")], nextCursor: null }, [row("a")]).rows[0]?.status).toBe("cancelled");
  });

  it("asks again only about rows that may still change", () => {
    expect(unfinishedIds([row("a", "pending"), row("b", "failed"), row("c")])).toEqual(["a", "c"]);
    expect(unfinishedIds([row("a"), row("b"), row("c")], 2)).toEqual(["a", "b"]);
  });
});
