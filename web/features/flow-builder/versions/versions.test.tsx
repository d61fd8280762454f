import { screen, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { FlowVersionSummary } from "#contract/flow-versions.ts";
import { diffFlows } from "#nodes/diff-flows.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
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

it("any two versions are compared, in words and drawn, and what cannot be compared is told", async () => {
  vi.useRealTimers();
  const ids = [9, 8, 7].map((n) => `019a0000-0000-7000-8000-00000000000${n}`) as [string, string, string];
  const node = (id: string, text: string) => ({ id, type: "send_sms", position: { x: 0, y: 0 }, data: { label: id, config: { text } } });
  const graphs: Record<string, { nodes: ReturnType<typeof node>[]; edges: [] }> = {
    [ids[0]]: { nodes: [node("Offer", "Now"), node("Later", "x")], edges: [] },
    [ids[1]]: { nodes: [node("Offer", "Before")], edges: [] },
    [ids[2]]: { nodes: [node("Offer", "Once"), node("Gone", "y")], edges: [] },
  };
  let isDown = true;
  const { calls } = fakeApi({
    listFlowVersions: () => ({
      items: ids.map((id, index) => ({ ...version(null), id, number: 9 - index, isLive: index === 0 })),
      nextCursor: null,
    }),
    getFlowVersion: ({ params: { id } }) =>
      ({ id, flowId, number: 1, name: "Offer", createdAt: "2026-05-03T09:00:00Z", settings: {}, ...graphs[id] }) as never,
    compareFlowVersions: ({ query: { from, to } }) => {
      if (isDown) throw new Refusal("internal", "Something broke.");
      const content = (id: string) => ({ name: "Offer", settings: {}, ...(graphs[id] as (typeof graphs)[string]) });
      return { changes: diffFlows(content(from), content(to)) };
    },
  });
  const { user } = await open();
  await user.click((await screen.findAllByRole("button", { name: "What changed" }))[0] as HTMLElement);
  const dialog = within(await screen.findByRole("dialog", { name: "What version 9 changed" }));
  expect(await dialog.findByText("The versions could not be compared")).toBeDefined();
  isDown = false;
  await user.click(dialog.getByRole("button", { name: "Retry" }));
  expect(await dialog.findByText("“Later” was added")).toBeDefined();
  await user.selectOptions(dialog.getByRole("combobox", { name: "Compared with" }), "Version 7");
  expect(await dialog.findByText("“Gone” was taken away")).toBeDefined();
  expect(calls.filter(({ id }) => id === "compareFlowVersions").at(-1)?.query).toEqual({ from: ids[2], to: ids[0] });
  await user.click(dialog.getByText("Drawn"));
  for (const word of ["New", "Taken away", "Changed"]) expect(await dialog.findByText(word)).toBeDefined();
  expect(dialog.getByText("3 changed steps")).toBeDefined();
  await user.click(dialog.getByRole("button", { name: "Next change" }));
  expect(dialog.getByText("1 of 3: “Offer”, changed")).toBeDefined();
  await user.keyboard("n");
  expect(dialog.getByText("2 of 3: “Later”, new")).toBeDefined();
  await user.keyboard("pp");
  expect(dialog.getByText("3 of 3: “Gone”, taken away")).toBeDefined();
});
