import { expect, it } from "vitest";
import type { ExecutionMove } from "#contract/executions.ts";
import { stretchesOf } from "./stretches.ts";

const at = (hour: number) => `2026-05-03T${String(hour).padStart(2, "0")}:00:00.000Z`;
const step = (visit: number, from: number, to: number | null = from) => ({
  visit,
  startedAt: at(from),
  completedAt: to === null ? null : at(to),
  status: to === null ? ("waiting" as const) : ("completed" as const),
  exit: to === null ? null : "next",
});
const move = (afterVisit: number, hour: number, from: number, to: number, action: ExecutionMove["action"] = "follow"): ExecutionMove => ({
  at: at(hour),
  afterVisit,
  action,
  from: { versionId: `v${from}`, version: from, nodeId: "a" },
  to: { versionId: `v${to}`, version: to, nodeId: action === "leave" ? null : "b" },
});
const visits = (...given: Parameters<typeof stretchesOf>) =>
  stretchesOf(...given).map(({ versionId, before, steps }) => [versionId, before, steps.map(({ visit }) => visit)]);

it("is one stretch where nobody was moved, also before the first step", () => {
  expect(visits([step(1, 1), step(2, 2)], [], "v1")).toEqual([["v1", 0, [1, 2]]]);
  expect(visits([], [], "v1")).toEqual([["v1", 0, []]]);
});

it("is divided at each move, and a rest that went on belongs to both versions", () => {
  const steps = [step(1, 1), step(2, 1, 9), step(3, 9, 12), step(4, 12, null)];
  expect(visits(steps, [move(2, 5, 7, 8), move(3, 10, 8, 9, "node")], "v9")).toEqual([
    ["v7", 0, [1, 2]],
    ["v8", 1, [2, 3]],
    ["v9", 3, [4]],
  ]);
});

it("a step that was moved in the middle of its rest waits in the earlier version, and ended in the later one", () => {
  const [earlier, later] = stretchesOf([step(1, 1), step(2, 1, 9)], [move(2, 5, 7, 8)], "v8");
  expect(earlier?.steps.at(-1)).toMatchObject({ visit: 2, status: "waiting", exit: null });
  expect(later?.steps).toMatchObject([{ visit: 2, status: "completed", exit: "next" }]);
});

it("who was moved before the first step was never in the earlier version", () => {
  expect(visits([step(1, 6)], [move(0, 5, 7, 8)], "v8")).toEqual([["v8", 0, [1]]]);
});

it("who was taken out stays drawn on the version that they left", () => {
  expect(visits([step(1, 1), step(2, 1, 5)], [move(2, 5, 7, 8, "leave")], "v7")).toEqual([["v7", 0, [1, 2]]]);
});

it("a retry that led back to the earlier version undoes the move", () => {
  expect(visits([step(1, 1), step(2, 7), step(3, 8)], [move(2, 5, 7, 8)], "v7")).toEqual([["v7", 0, [1, 2, 3]]]);
});
