import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import type { BulkJob } from "#contract/bulk-jobs.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { followedJobs, followJob, unfollowJob } from "#web/entities/bulk-jobs/followed-jobs.ts";
import { BulkTray } from "./bulk-tray.tsx";

const id = "019a0000-0000-7000-8000-000000000001";
const job = (changes: Partial<BulkJob> = {}): BulkJob => ({
  id,
  action: { type: "change_status", leadStatus: "Hot" },
  undoOf: null,
  state: "running",
  expectedTotal: 12_000,
  total: 12_000,
  changed: 3_000,
  same: 1_000,
  skipped: 0,
  failed: 0,
  left: 8_000,
  errorMessage: null,
  createdBy: "0192f000-0000-7000-8000-000000000001",
  createdByName: "Ada Lovelace",
  createdAt: "2026-05-03T09:00:00Z",
  finishedAt: null,
  undoUntil: null,
  undoneBy: null,
  ...changes,
});
const over = (changes: Partial<BulkJob> = {}) =>
  job({ state: "done", changed: 11_000, left: 0, finishedAt: "2026-05-03T09:01:00Z", undoUntil: "2099-01-01T00:00:00Z", ...changes });

/** The server with this list of running jobs. */
const serving = (running: BulkJob[], one: BulkJob = running[0] ?? over()) =>
  fakeApi({ listBulkJobs: () => ({ items: running, nextCursor: null }), getBulkJob: () => one });

beforeEach(() => {
  for (const known of followedJobs()) unfollowJob(known);
});

const tray = () => screen.findByRole("region", { name: "Bulk changes that run" });

it("shows nothing where no job runs", async () => {
  const server = serving([]);
  await renderUi(<BulkTray onDetails={() => {}} />);
  await waitFor(() => expect(server.calls.length).toBeGreaterThan(0));
  expect(screen.queryByRole("region", { name: "Bulk changes that run" })).toBeNull();
});

it("shows a viewer the progress without a way to cancel", async () => {
  serving([job({ createdBy: null, createdByName: "Nina" })]);
  await renderUi(<BulkTray onDetails={() => {}} />, { role: "viewer" });
  expect(await within(await tray()).findByText("Changing 12,000 contacts to “Hot”")).toBeTruthy();
  expect(within(await tray()).getByText(/Nina/)).toBeTruthy();
  expect(within(await tray()).getByText("4,000/12,000")).toBeTruthy();
  expect(
    within(await tray())
      .getByRole("progressbar")
      .getAttribute("aria-valuenow"),
  ).toBe("4000");
  expect(screen.queryByRole("button")).toBeNull();
});

it("cancels a job, and says why where that is refused", async () => {
  const running = [job()];
  const server = serving(running);
  server.cancelBulkJob = () => {
    throw new Refusal("bulk_job_over", "This bulk change is over; there is nothing left to cancel.");
  };
  const { user } = await renderUi(<BulkTray onDetails={() => {}} />);
  await user.click(await screen.findByRole("button", { name: "Cancel: Change status to “Hot”" }));
  expect(await screen.findByText("The change was not cancelled")).toBeTruthy();
  server.cancelBulkJob = () => {
    running.pop();
    return job({ state: "cancelled" });
  };
  await user.click(screen.getByRole("button", { name: "Cancel: Change status to “Hot”" }));
  await waitFor(() => expect(screen.queryByRole("region", { name: "Bulk changes that run" })).toBeNull());
});

it("asks when the number has moved, and goes on with the new one only", async () => {
  const server = serving([job({ state: "asks", total: 12_500, changed: 0, same: 0, left: 12_500 })]);
  server.confirmBulkJob = () => job({ total: 12_500 });
  const { user } = await renderUi(<BulkTray onDetails={() => {}} />);
  expect(await screen.findByText(/12,500 contacts match now, 12,000 were shown\. Nothing has changed yet\./)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Change 12,500 contacts" }));
  await waitFor(() => expect(server.calls.find((call) => call.id === "confirmBulkJob")?.body).toEqual({ total: 12_500 }));
});

it("tells the end of a job of this tab once, with Undo and Details", async () => {
  serving([], over());
  const details = vi.fn();
  followJob({ id });
  const { user } = await renderUi(<BulkTray onDetails={details} />);
  expect(await screen.findByText("Status changed to “Hot”")).toBeTruthy();
  expect(screen.getByText("11,000 changed, 1,000 were so already")).toBeTruthy();
  expect(followedJobs()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Details" }));
  expect(details).toHaveBeenCalledWith(id);
});

it("takes a job back from its toast, and follows the job that does it", async () => {
  const undo = "019a0000-0000-7000-8000-000000000002";
  const server = serving([], over());
  server.undoBulkJob = () => job({ id: undo, undoOf: id });
  followJob({ id });
  const { user } = await renderUi(<BulkTray onDetails={() => {}} />);
  await user.click(await screen.findByRole("button", { name: "Undo" }));
  await waitFor(() => expect(server.calls.some((call) => call.id === "undoBulkJob")).toBe(true));
});

it("tells a failure as one, with the reason and without an undo", async () => {
  serving(
    [],
    over({ state: "failed", changed: 0, errorMessage: "Nothing was deleted: more than 10,000 contacts matched.", undoUntil: null }),
  );
  followJob({ id });
  await renderUi(<BulkTray onDetails={() => {}} />);
  expect(await screen.findByText("The change was not made")).toBeTruthy();
  expect(screen.getByText("Nothing was deleted: more than 10,000 contacts matched.")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
});
