import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { FirstSteps as State } from "#contract/first-steps.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { FirstSteps } from "./first-steps.tsx";

const todo = { country: false, timeZone: false, channel: false, contact: false, test: false };
const state = (done: Partial<State["done"]> = {}, hidden = false): State => ({ hidden, done: { ...todo, ...done } });
const region = () => screen.findByRole("region", { name: "First steps" });
const gone = () => waitFor(() => expect(screen.queryByRole("region", { name: "First steps" })).toBeNull());

it("shows what is done and what is not, each with the place where it is done", async () => {
  fakeApi({ getFirstSteps: () => state({ timeZone: true }) });
  await renderUi(<FirstSteps />, { role: "admin" });
  const steps = within(await region());
  expect(steps.getByText("1 of 5 done")).toBeDefined();
  expect(steps.getAllByRole("listitem").map((item) => /\((done|to do)\)/.exec(item.textContent ?? "")?.[1])).toEqual([
    ...["to do", "done", "to do", "to do", "to do"],
  ]);
  expect(steps.getByRole("link", { name: /Set up a channel/ }).getAttribute("href")).toBe("/settings/channels");
  expect(steps.getByRole("link", { name: /Add contact/ }).getAttribute("href")).toMatch(/^\/contacts\?new=/);
});

it("is not asked for by those who may not settle it", async () => {
  const server = fakeApi({});
  await renderUi(<FirstSteps />, { role: "editor" });
  expect(server.calls).toEqual([]);
});

it("is gone where all is done, and where it was hidden", async () => {
  const server = fakeApi({ getFirstSteps: () => state({ country: true, timeZone: true, channel: true, contact: true, test: true }) });
  const page = await renderUi(<FirstSteps />, { role: "owner" });
  await waitFor(() => expect(server.calls).toHaveLength(1));
  await gone();
  page.unmount();
  fakeApi({ getFirstSteps: () => state({}, true) });
  await renderUi(<FirstSteps />, { role: "owner" });
  await gone();
});

it("keeps the country that is set when somebody says that it is right", async () => {
  const server = fakeApi({
    getFirstSteps: () => state(),
    updateFirstSteps: ({ body }) => state({ country: body.confirm?.includes("country") ?? false }),
  });
  const { user } = await renderUi(<FirstSteps />, { role: "owner" });
  await user.click(within(await region()).getAllByRole("button", { name: /^Keep/ })[0] as HTMLElement);
  expect(await screen.findByText("1 of 5 done")).toBeDefined();
  expect(server.calls.at(-1)?.body).toEqual({ confirm: ["country"] });
});

it("stays and says why where it could not be hidden", async () => {
  fakeApi({
    getFirstSteps: () => state(),
    updateFirstSteps: () => {
      throw new Refusal("unavailable", "The database cannot be reached.");
    },
  });
  const { user } = await renderUi(<FirstSteps />, { role: "owner" });
  await user.click(within(await region()).getByRole("button", { name: "Hide the first steps" }));
  expect(await screen.findByText("The database cannot be reached.")).toBeDefined();
  expect(screen.getByRole("region", { name: "First steps" })).toBeDefined();
});
