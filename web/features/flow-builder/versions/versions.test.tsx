import { screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { FlowVersionSummary } from "#contract/flow-versions.ts";
import { fakeApi } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { Versions } from "./versions.tsx";

const flowId = "019a0000-0000-7000-8000-000000000001";
const version = (moves: FlowVersionSummary["moves"]): FlowVersionSummary => ({
  id: "019a0000-0000-7000-8000-000000000008",
  number: 8,
  name: "Offer",
  stepCount: 4,
  isLive: true,
  createdAt: "2026-05-03T09:00:00Z",
  publishedAt: "2026-05-03T09:00:00Z",
  publishedByName: "Ada",
  note: null,
  tests: null,
  sends: 0,
  active: 12,
  moves,
});
const open = () => renderUi(<Versions flowId={flowId} zone="UTC" canEdit onRestored={vi.fn()} />);

beforeEach(() => void vi.useFakeTimers({ shouldAdvanceTime: true }));
afterEach(() => void vi.useRealTimers());

it("counts the people who are being moved while one looks, and stops asking when all are", async () => {
  let moves = { people: 1_000, moved: 200, left: 5, isMoving: true };
  const { calls } = fakeApi({ listFlowVersions: () => ({ items: [version(moves)], nextCursor: null }) });
  await open();
  expect(await screen.findByText("200 of 1,000 contacts of earlier versions moved here, 5 taken out")).toBeDefined();
  expect(screen.getByRole("progressbar", { name: "People on their way to this version" }).getAttribute("aria-valuenow")).toBe("205");
  moves = { people: 1_000, moved: 990, left: 12, isMoving: false };
  await vi.advanceTimersByTimeAsync(2_500);
  expect(await screen.findByText("990 of 1,002 contacts of earlier versions moved here, 12 taken out")).toBeDefined();
  expect(screen.queryByRole("progressbar")).toBeNull();
  const asked = calls.length;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(calls).toHaveLength(asked);
});

it("says nothing of moves where nobody was to be moved", async () => {
  fakeApi({ listFlowVersions: () => ({ items: [version({ people: 0, moved: 0, left: 0, isMoving: false })], nextCursor: null }) });
  await open();
  expect(await screen.findByText("Version 8")).toBeDefined();
  expect(screen.queryByText(/earlier versions/)).toBeNull();
});
