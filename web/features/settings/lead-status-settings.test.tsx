import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { LeadStatus, LeadStatusUse } from "#contract/lead-statuses.ts";
import type { Role } from "#contract/people.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { LeadStatusSettings } from "./lead-status-settings.tsx";

const id = (n: number) => `0192f000-0000-7000-8000-00000000000${n}`;
const status = (n: number, name: string): LeadStatus => ({ id: id(n), name, color: "blue", kind: "open", isDefault: n === 1 });

function serve(more: Partial<Parameters<typeof fakeApi>[0]> = {}) {
  let items = [status(1, "New"), status(2, "Hot"), status(3, "Old")];
  const uses: LeadStatusUse[] = [
    { value: "New", statusId: id(1), contacts: 1200 },
    { value: "weird", statusId: null, contacts: 2 },
  ];
  return fakeApi({
    listLeadStatuses: () => ({ items }),
    listLeadStatusUses: () => ({ items: uses }),
    orderLeadStatuses: ({ body }) => {
      items = body.ids.flatMap((one) => items.find((item) => item.id === one) ?? []);
      return { items };
    },
    createLeadStatus: ({ body }) => {
      const added = { ...status(4, body.name), color: body.color ?? "grey", kind: body.kind ?? "open", isDefault: false };
      items = [...items, added];
      return added;
    },
    deleteLeadStatus: () => {
      items = items.filter((item) => item.id !== id(3));
      return { success: true, job: null, flows: [] };
    },
    getLeadStatusUsage: ({ params }) =>
      params.id === id(1) ? { contacts: 1200, inBin: 3, flows: [{ id: id(8), name: "Welcome" }] } : { contacts: 0, inBin: 0, flows: [] },
    ...more,
  });
}
const show = (role: Role) => renderUi(<LeadStatusSettings />, { role });
const listed = () =>
  within(screen.getByRole("list", { name: "Lead statuses" }))
    .getAllByRole("listitem")
    .map((item) => /^(New|Hot|Old|Warm)/.exec(item.textContent ?? "")?.[0]);

describe("the list of lead statuses", () => {
  it("offers nothing to change to those who may only read", async () => {
    serve();
    await show("editor");
    expect(await screen.findByText("Hot")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Add status" })).toBeNull();
    expect(screen.queryByRole("button", { name: "Move Hot up" })).toBeNull();
    expect(screen.getByText("An admin of the workspace changes this list.")).toBeTruthy();
  });

  it("says why a name is refused, and keeps what was typed", async () => {
    serve({
      createLeadStatus: () => {
        throw new Refusal("conflict", "The list has “Hot” already. Choose another name.");
      },
    });
    const { user } = await show("admin");
    await user.click(await screen.findByRole("button", { name: "Add status" }));
    await user.type(await screen.findByLabelText(/Name/), "HÓT");
    await user.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Add status" }));
    expect(await screen.findByText("The list has “Hot” already. Choose another name.")).toBeTruthy();
    expect(screen.getByLabelText<HTMLInputElement>(/Name/).value).toBe("HÓT");
  });

  it("moves a status by the keyboard, and the focus stays on it", async () => {
    const server = serve();
    const { user } = await show("admin");
    const down = await screen.findByRole<HTMLButtonElement>("button", { name: "Move New down" });
    down.focus();
    await user.keyboard("{Enter}");
    expect(listed()).toEqual(["Hot", "New", "Old"]);
    await user.keyboard("{Enter}");
    expect(listed()).toEqual(["Hot", "Old", "New"]);
    expect(server.calls.filter(({ id: route }) => route === "orderLeadStatuses").map(({ body }) => body)).toEqual([
      { ids: [id(2), id(1), id(3)] },
      { ids: [id(2), id(3), id(1)] },
    ]);
  });

  it("adds a value that contacts have and the list has not", async () => {
    serve();
    const { user } = await show("admin");
    await user.click(await screen.findByRole("button", { name: "Add weird to the list" }));
    expect(screen.getByLabelText<HTMLInputElement>(/Name/).value).toBe("weird");
    await user.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Add status" }));
    expect(await screen.findByText("weird was added")).toBeTruthy();
  });

  it("says before a rename how many contacts get the new name, and which flows keep the old one", async () => {
    serve();
    const { user } = await show("admin");
    await user.click(await screen.findByRole("button", { name: "Edit New" }));
    const dialog = await screen.findByRole("dialog");
    expect(within(dialog).queryByText(/1,200 contacts have/)).toBeNull();
    await user.type(within(dialog).getByLabelText(/Name/), "er");
    expect(await within(dialog).findByText(/1,200 contacts have “New”, and 3 in the bin/)).toBeTruthy();
    expect(within(dialog).getByRole("link", { name: "Welcome" })).toBeTruthy();
  });

  it("removes a status that contacts have only when it is said what they get", async () => {
    const server = serve();
    const { user } = await show("admin");
    await user.click(await screen.findByRole("button", { name: "Remove New" }));
    const question = await screen.findByRole("alertdialog");
    expect(await within(question).findByText(/1,200 contacts have this status, and 3 in the bin/)).toBeTruthy();
    const button = within(question).getByRole<HTMLButtonElement>("button", { name: "Remove and change 1,200 contacts" });
    expect(button.disabled).toBe(true);
    await user.selectOptions(within(question).getByLabelText(/They get/), "Hot");
    await user.click(button);
    expect(await screen.findByText("New was removed")).toBeTruthy();
    expect(server.calls.find(({ id: route }) => route === "deleteLeadStatus")?.query).toEqual({ replacement: id(2) });
  });

  it("removes a status that nobody has", async () => {
    serve();
    const { user } = await show("admin");
    await user.click(await screen.findByRole("button", { name: "Remove Old" }));
    const question = await screen.findByRole("alertdialog");
    expect(await within(question).findByText("No contact has this status. It is no longer offered.")).toBeTruthy();
    await user.click(within(question).getByRole("button", { name: "Remove status" }));
    expect(await screen.findByText("Old was removed")).toBeTruthy();
  });

  it("gives the contacts of a value outside the list a status of the list", async () => {
    const server = serve({ mapLeadStatus: () => ({ success: true, job: null, flows: [] }) });
    const { user } = await show("admin");
    await user.click(await screen.findByRole("button", { name: "Replace weird" }));
    const question = await screen.findByRole("alertdialog");
    await user.selectOptions(within(question).getByLabelText(/They get/), "No status");
    await user.click(within(question).getByRole("button", { name: "Change 2 contacts" }));
    await expect
      .poll(() => server.calls.find(({ id: route }) => route === "mapLeadStatus")?.body)
      .toEqual({
        value: "weird",
        replacement: "none",
      });
  });
});
