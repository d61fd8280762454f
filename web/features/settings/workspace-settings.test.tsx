import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it, test } from "vitest";
import type { Workspace } from "#contract/people.ts";
import { fakeApi } from "#test/fake-api.ts";
import { workspace as renderedWorkspace, renderUi } from "#test/render.tsx";
import { WorkspaceSettings } from "./workspace-settings.tsx";

const workspace: Workspace = { ...renderedWorkspace, undoSeconds: 10 };
const seconds = () => screen.findByLabelText<HTMLInputElement>("Seconds to undo a send");

describe("the seconds to undo a send", () => {
  it("cannot be changed by an editor", async () => {
    fakeApi({});
    await renderUi(<WorkspaceSettings />, { role: "editor", workspace });
    expect((await seconds()).disabled).toBe(true);
    expect(screen.queryByRole("button", { name: "Save workspace" })).toBeNull();
  });

  it.each([
    ["61", "At most 60"],
    ["", "Needed"],
  ])("are refused as %j", async (typed, problem) => {
    fakeApi({});
    const { user } = await renderUi(<WorkspaceSettings />, { workspace });
    fireEvent.change(await seconds(), { target: { value: typed } });
    await user.click(screen.getByRole("button", { name: "Save workspace" }));
    expect(await screen.findByText(problem)).toBeDefined();
  });

  it("are saved", async () => {
    const server = fakeApi({ updateWorkspace: ({ body }) => ({ ...workspace, undoSeconds: body.undoSeconds ?? 0 }) });
    const { user } = await renderUi(<WorkspaceSettings />, { workspace });
    fireEvent.change(await seconds(), { target: { value: "30" } });
    await user.click(screen.getByRole("button", { name: "Save workspace" }));
    await waitFor(() => expect(server.calls.find(({ id }) => id === "updateWorkspace")?.body).toMatchObject({ undoSeconds: 30 }));
  });
});

test("what is in doubt can be sent once more, by channel", async () => {
  const server = fakeApi({ updateWorkspace: ({ body }) => ({ ...workspace, emailInDoubt: body.emailInDoubt ?? "hold" }) });
  const { user } = await renderUi(<WorkspaceSettings />, { workspace });
  await user.selectOptions(await screen.findByLabelText("If we can't tell whether an e-mail was sent"), "resend");
  await user.click(screen.getByRole("button", { name: "Save workspace" }));
  await waitFor(() =>
    expect(server.calls.find(({ id }) => id === "updateWorkspace")?.body).toMatchObject({ emailInDoubt: "resend", smsInDoubt: "hold" }),
  );
});

describe("another country", () => {
  const saved = (server: ReturnType<typeof fakeApi>) => server.calls.filter(({ id }) => id === "updateWorkspace").map(({ body }) => body);
  const change = async (handlers: Parameters<typeof fakeApi>[0]) => {
    const server = fakeApi({ updateWorkspace: () => ({ ...workspace, country: "AT" }), ...handlers });
    const { user } = await renderUi(<WorkspaceSettings />, { workspace });
    await user.selectOptions(await screen.findByLabelText("Country"), "AT");
    await user.click(screen.getByRole("button", { name: "Save workspace" }));
    return { server, user };
  };

  it("is saved only after it was said how many numbers it reads in another way", async () => {
    const { server, user } = await change({ countNumbersToReread: () => ({ unreadable: 12, otherwise: 3 }) });
    expect(await screen.findByText(/^12 numbers without a country code could not be used so far/)).toBeTruthy();
    expect(saved(server)).toEqual([]);
    await user.click(screen.getByLabelText(/^Also read 3 numbers of .* as numbers of Austria/));
    await user.click(screen.getByRole("button", { name: "Change the country" }));
    await waitFor(() => expect(saved(server)).toMatchObject([{ country: "AT", rereadNumbers: "all" }]));
  });

  it("is not saved when that is cancelled, and leaves other numbers alone unless told", async () => {
    const { server, user } = await change({ countNumbersToReread: () => ({ unreadable: 0, otherwise: 0 }) });
    await screen.findByText("This change makes no more numbers usable.");
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    expect(saved(server)).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Save workspace" }));
    await user.click(await screen.findByRole("button", { name: "Change the country" }));
    await waitFor(() => expect(saved(server)).toMatchObject([{ country: "AT", rereadNumbers: "unreadable" }]));
  });
});

describe("what was changed and not saved", () => {
  const leave = (router: Awaited<ReturnType<typeof renderUi>>["router"]) => act(async () => void router.navigate({ to: "/contacts" }));

  it("is asked about when the page is left by a link, and stays where one goes on editing", async () => {
    fakeApi({});
    const { user, router } = await renderUi(<WorkspaceSettings />, { workspace });
    await user.type(await screen.findByLabelText("Name"), " Ltd");
    await leave(router);
    await user.click(await screen.findByRole("button", { name: "Keep editing" }));
    expect(router.state.location.pathname).toBe("/");
    expect(screen.getByDisplayValue(`${workspace.name} Ltd`)).toBeDefined();
    await leave(router);
    await user.click(await screen.findByRole("button", { name: "Discard" }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/contacts"));
  });

  it("is not asked about where nothing was changed", async () => {
    fakeApi({});
    const { router } = await renderUi(<WorkspaceSettings />, { workspace });
    await screen.findByLabelText("Name");
    await leave(router);
    await waitFor(() => expect(router.state.location.pathname).toBe("/contacts"));
    expect(screen.queryByRole("alertdialog")).toBeNull();
  });
});
