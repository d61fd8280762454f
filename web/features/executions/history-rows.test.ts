import { describe, expect, it } from "vitest";
import type { Execution } from "#contract/executions.ts";
import { buildExecution } from "#test/build-history.ts";
import type { ExecutionPage } from "#web/entities/executions/execution-queries.ts";
import { freshRows, idsToAsk, learn, liveRows, mostIds } from "./history-rows.ts";

const row = (id: string, status: Execution["status"] = "running"): Execution => buildExecution({ id, status });
const answer = (askedAt: number, items: Execution[], nextCursor: string | null = null): ExecutionPage => ({ askedAt, items, nextCursor });
const said = (rows: Execution[]) => rows.map((each) => `${each.id} ${each.status}`);

describe("a history that is read while it grows", () => {
  it("keeps every row in its place when new ones arrive, and counts those", () => {
    const newest = answer(2, [row("d"), row("c"), row("b")], "next");
    const rows = liveRows([answer(1, [row("b"), row("a")])], learn(new Map(), newest));
    expect(said(rows)).toEqual(["b running", "a running"]);
    expect(freshRows(rows, newest)).toEqual({ count: 2, isMore: false });
  });

  it("says “more than” when the newest page is all new and there are pages behind it", () => {
    expect(freshRows([row("a")], answer(2, [row("d"), row("c")], "next"))).toEqual({ count: 2, isMore: true });
    expect(freshRows([row("a")], answer(2, [row("d"), row("c")], null)).isMore).toBe(false);
    expect(freshRows([row("a")], undefined)).toEqual({ count: 0, isMore: false });
  });

  it("never lets a slow answer undo what a later question found out", () => {
    const known = learn(learn(new Map(), answer(5, [row("a", "failed")])), answer(3, [row("a", "running")]));
    expect(said(liveRows([answer(1, [row("a", "pending")])], known))).toEqual(["a failed"]);
    expect(said(liveRows([answer(9, [row("a", "completed")])], known))).toEqual(["a completed"]);
  });

  it("lets an execution that is tried again run again", () => {
    const known = learn(learn(new Map(), answer(3, [row("a", "failed")])), answer(5, [row("a", "running")]));
    expect(said(liveRows([answer(1, [row("a")])], known))).toEqual(["a running"]);
  });

  it("shows a row once when two pages both hold it", () => {
    expect(said(liveRows([answer(1, [row("b"), row("a")]), answer(2, [row("a", "failed")])], new Map()))).toEqual([
      "b running",
      "a failed",
    ]);
  });

  it("asks again only about rows that may still change and are not in the newest page", () => {
    const rows = [row("a", "pending"), row("b", "failed"), row("c"), row("d")];
    expect(idsToAsk(rows, answer(1, [row("d")]), 0)).toEqual(["a", "c"]);
  });

  it("comes to every row in turn when there are more than one question may name", () => {
    const rows = Array.from({ length: mostIds * 2 + 30 }, (_, index) => row(`r${index}`));
    const asked = new Set([0, 1, 2].flatMap((round) => idsToAsk(rows, undefined, round)));
    expect(asked.size).toBe(rows.length);
  });
});
