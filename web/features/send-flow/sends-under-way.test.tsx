import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Send } from "#contract/sends.ts";
import { buildSend } from "#test/build-history.ts";
import { fakeApi } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { SendsUnderWay } from "./sends-under-way.tsx";

const none = { total: 10, enrolled: 0, notEnrolled: 0, active: 0, completed: 0, failed: 0, partialFailure: 0, cancelled: 0 };
const later = { at: "2999-05-03T09:00", zone: "workspace" } as const;
const enrolling = (more: Partial<Send>) => buildSend({ state: "enrolling", ...none, ...more });
const id = (last: number) => `0198f5a0-0000-7000-8000-0000000001${last}0`;

async function show(...sends: Send[]) {
  const { calls } = fakeApi({ listSends: () => ({ items: sends, nextCursor: null }) });
  await renderUi(<SendsUnderWay />);
  await waitFor(() => expect(calls).toHaveLength(1));
}

test("a send that was approved for later is not under way before its moment", async () => {
  await show(
    enrolling({ id: id(1), flowName: "Later", start: later }),
    enrolling({ id: id(2), flowName: "In rounds", firstRoundAt: "2999-05-03T09:00:00.000Z" }),
  );
  expect(screen.queryByRole("region", { name: "Sends under way" })).toBeNull();
  expect(screen.queryByText("Later")).toBeNull();
});

test("beside it those that are under way are told, with their progress", async () => {
  await show(enrolling({ id: id(1), flowName: "Later", start: later }), enrolling({ id: id(2), flowName: "Now", enrolled: 4 }));
  const region = within(await screen.findByRole("region", { name: "Sends under way" }));
  expect(region.getByText(/^Sending/)).toBeDefined();
  expect(region.getByText("4/10")).toBeDefined();
  expect(region.queryByText("Later")).toBeNull();
});

test("a send for later whose contacts are enrolled just now is being scheduled, not sent", async () => {
  await show(enrolling({ flowName: "Later", start: later, enrolled: 4 }));
  const region = within(await screen.findByRole("region", { name: "Sends under way" }));
  expect(region.getByText(/^Scheduling/)).toBeDefined();
  expect(region.getByRole("progressbar", { name: "Scheduling Later" })).toBeDefined();
  expect(region.queryByText(/Sending/)).toBeNull();
});
