import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { Grants, Member } from "#contract/people.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { MemberSettings } from "./member-settings.tsx";

const at = "2026-05-03T13:00:00.000Z";
const ada: Member = {
  userId: "0192f000-0000-7000-8000-000000000001",
  name: "Ada Lovelace",
  email: "ada@example.com",
  role: "owner",
  joinedAt: at,
};
const ben: Member = {
  userId: "0192f000-0000-7000-8000-000000000002",
  name: "Ben Obi",
  email: "ben@example.com",
  role: "admin",
  joinedAt: at,
};
const grants: Grants = {
  apiKeys: [{ id: "abcd1234", name: "Booking system" }],
  invitations: [{ id: ben.userId, email: "friend@example.com", role: "admin" }],
  sends: [
    { id: "0192f000-0000-7000-8000-0000000000a1", flowName: "Spring", startAt: "2027-03-01T09:00:00.000Z" },
    { id: "0192f000-0000-7000-8000-0000000000a2", flowName: "Welcome", startAt: null },
  ],
};
const nothing: Grants = { apiKeys: [], invitations: [], sends: [] };
const members = (...items: Member[]) => ({
  getSession: () => ({ claimed: true, user: null, workspaces: [], signIn: { kind: "password" as const } }),
  listMembers: () => ({ items }),
  listInvitations: () => ({ items: [] }),
});

it("says what ends before it removes somebody", async () => {
  const server = fakeApi({ ...members(ada, ben), listEndingGrants: () => grants, removeMember: () => ({ success: true as const }) });
  const { user } = await renderUi(<MemberSettings />);
  await user.click(await screen.findByRole("button", { name: "Remove Ben Obi" }));
  const dialog = within(await screen.findByRole("alertdialog", { name: "Remove Ben Obi?" }));
  expect(await dialog.findByText("Booking system")).toBeDefined();
  expect(dialog.getByText("friend@example.com, as an admin")).toBeDefined();
  expect(dialog.getByText("These 2 sends go on")).toBeDefined();
  expect(dialog.getByText(/^Spring, planned for /)).toBeDefined();
  expect(dialog.getByText("Welcome, under way")).toBeDefined();
  expect(server.calls.map(({ id }) => id)).not.toContain("removeMember");
  await user.click(dialog.getByRole("button", { name: "Remove Ben Obi" }));
  await waitFor(() => expect(server.calls.map(({ id }) => id)).toContain("removeMember"));
});

it("does not remove anybody while what ends is not known, and shows the error", async () => {
  fakeApi({
    ...members(ada, ben),
    listEndingGrants: () => {
      throw new Refusal("internal", "Something failed.");
    },
  });
  const { user } = await renderUi(<MemberSettings />);
  await user.click(await screen.findByRole("button", { name: "Remove Ben Obi" }));
  const dialog = within(await screen.findByRole("alertdialog"));
  expect(await dialog.findByText("Something failed.")).toBeDefined();
  expect((dialog.getByRole("button", { name: "Remove Ben Obi" }) as HTMLButtonElement).disabled).toBe(true);
});

it("asks before a lower role, with what ends by it", async () => {
  const server = fakeApi({ ...members(ada, ben), listEndingGrants: () => grants, updateMember: ({ body }) => ({ ...ben, ...body }) });
  const { user } = await renderUi(<MemberSettings />);
  await user.selectOptions(await screen.findByRole("combobox", { name: "Role of Ben Obi" }), "editor");
  const dialog = within(await screen.findByRole("alertdialog", { name: "Make Ben Obi an editor?" }));
  expect(await dialog.findByText("Booking system")).toBeDefined();
  expect(server.calls.find(({ id }) => id === "listEndingGrants")?.query).toEqual({ role: "editor" });
  await user.click(dialog.getByRole("button", { name: "Make an editor" }));
  await waitFor(() => expect(server.calls.find(({ id }) => id === "updateMember")?.body).toEqual({ role: "editor" }));
});

it("gives a higher role without asking", async () => {
  const server = fakeApi({ ...members(ada, ben), updateMember: ({ body }) => ({ ...ben, ...body }) });
  const { user } = await renderUi(<MemberSettings />);
  await user.selectOptions(await screen.findByRole("combobox", { name: "Role of Ben Obi" }), "owner");
  await waitFor(() => expect(server.calls.find(({ id }) => id === "updateMember")?.body).toEqual({ role: "owner" }));
});

it("lets a viewer leave, and shows the refusal to the last owner", async () => {
  fakeApi({
    ...members({ ...ada, role: "viewer" }, ben),
    listEndingGrants: () => nothing,
    removeMember: () => {
      throw new Refusal("last_owner", "This is the last owner. Make somebody else an owner first.");
    },
  });
  const { user } = await renderUi(<MemberSettings />, { role: "viewer" });
  await user.click(await screen.findByRole("button", { name: "Leave" }));
  const dialog = within(await screen.findByRole("alertdialog", { name: "Leave Analytical Engines?" }));
  await waitFor(() => expect((dialog.getByRole("button", { name: "Leave workspace" }) as HTMLButtonElement).disabled).toBe(false));
  await user.click(dialog.getByRole("button", { name: "Leave workspace" }));
  expect(await screen.findByText("This is the last owner. Make somebody else an owner first.")).toBeDefined();
});
