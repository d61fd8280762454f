import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { InstanceSettings as Settings } from "#contract/instance.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { InstanceSettings } from "./instance-settings.tsx";

const ada = {
  userId: "0192f000-0000-7000-8000-000000000001",
  name: "Ada Lovelace",
  email: "ada@example.com",
  since: "2026-05-03T13:00:00.000Z",
};
const ben = {
  userId: "0192f000-0000-7000-8000-000000000002",
  name: "Ben Obi",
  email: "ben@example.com",
  since: "2026-05-04T13:00:00.000Z",
};
const settings = (more: Partial<Settings> = {}): Settings => ({ membersMayCreateWorkspaces: false, admins: [ada], events: [], ...more });
const admin = { instance: { isAdmin: true } };
const session = { getSession: () => ({ claimed: true, user: null, workspaces: [] }) };

it("shows nothing to the owner of a workspace, and asks nothing", async () => {
  const server = fakeApi({});
  await renderUi(<InstanceSettings />, { role: "owner" });
  expect(screen.getByText("Admins of this instance see and change its settings.")).toBeDefined();
  expect(server.calls).toEqual([]);
});

it("shows an error as an error, with a way to try again", async () => {
  fakeApi({
    getInstanceSettings: () => {
      throw new Refusal("internal", "Something failed.");
    },
  });
  await renderUi(<InstanceSettings />, admin);
  expect(await screen.findByText("Something failed.")).toBeDefined();
  expect(screen.queryByRole("list")).toBeNull();
});

it("changes who creates workspaces at once, and goes back when that is refused", async () => {
  const server = fakeApi({
    ...session,
    getInstanceSettings: () => settings(),
    updateInstanceSettings: ({ body }) => settings(body),
  });
  const { user } = await renderUi(<InstanceSettings />, admin);
  const choice = await screen.findByRole("checkbox", { name: /Members may create workspaces/ });
  await user.click(choice);
  await waitFor(() =>
    expect(server.calls.find(({ id }) => id === "updateInstanceSettings")?.body).toEqual({ membersMayCreateWorkspaces: true }),
  );
});

it("keeps the last admin, and says so", async () => {
  fakeApi({ getInstanceSettings: () => settings() });
  await renderUi(<InstanceSettings />, admin);
  expect(await screen.findByText("The last one stays")).toBeDefined();
  expect(screen.queryByRole("button", { name: /Remove|Stop being/ })).toBeNull();
});

it("adds an admin by address; a refusal stands at the field", async () => {
  const server = fakeApi({
    getInstanceSettings: () => settings(),
    addInstanceAdmin: ({ body }) => {
      if (body.email !== ben.email)
        throw new Refusal("invalid_request", "The request has a problem.", [{ path: "email", message: "Nobody has this address." }]);
      return settings({ admins: [ada, ben] });
    },
  });
  const { user } = await renderUi(<InstanceSettings />, admin);
  await user.click(await screen.findByRole("button", { name: "Add instance admin" }));
  const dialog = within(await screen.findByRole("dialog"));
  const email = dialog.getByRole("textbox", { name: "E-mail" });
  await user.type(email, "nobody@example.com");
  await user.click(dialog.getByRole("button", { name: "Add instance admin" }));
  expect(await dialog.findByText("Nobody has this address.")).toBeDefined();
  await user.clear(email);
  await user.type(email, ben.email);
  await user.click(dialog.getByRole("button", { name: "Add instance admin" }));
  expect(await within(screen.getByRole("list", { name: "Instance admins" })).findByText("Ben Obi")).toBeDefined();
  expect(server.calls.filter(({ id }) => id === "addInstanceAdmin")).toHaveLength(2);
});

it("asks before it removes an admin", async () => {
  const server = fakeApi({ getInstanceSettings: () => settings({ admins: [ada, ben] }), removeInstanceAdmin: () => settings() });
  const { user } = await renderUi(<InstanceSettings />, admin);
  await user.click(await screen.findByRole("button", { name: "Remove Ben Obi as instance admin" }));
  const dialog = within(await screen.findByRole("alertdialog"));
  expect(server.calls.map(({ id }) => id)).not.toContain("removeInstanceAdmin");
  await user.click(dialog.getByRole("button", { name: "Remove Ben Obi" }));
  await waitFor(() => expect(within(screen.getByRole("list", { name: "Instance admins" })).queryByText("Ben Obi")).toBeNull());
});

it("lists what was done, in words", async () => {
  const events = [
    { id: ben.userId, action: "instance.add_admin", actorName: "Ada Lovelace", subjectName: "Ben Obi", details: {}, at: ben.since },
    { id: ada.userId, action: "instance.claim", actorName: "Ada Lovelace", subjectName: null, details: {}, at: ada.since },
  ];
  fakeApi({ getInstanceSettings: () => settings({ events }) });
  await renderUi(<InstanceSettings />, admin);
  const list = within(await screen.findByRole("list", { name: "Latest changes" }));
  expect(list.getAllByRole("listitem").map((row) => row.textContent)).toEqual([
    expect.stringContaining("Made Ben Obi an instance admin"),
    expect.stringContaining("Claimed this instance"),
  ]);
});
