import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { fakeApi } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { ApiError } from "#web/lib/api-error.ts";
import { currentWorkspaceId } from "#web/lib/current-workspace.ts";
import { Missing } from "./missing.tsx";

const id = "019a0000-0000-7000-8000-000000000001";
const gone = new ApiError("send_not_found", 404, "There is no such send.");
const show = (error: Error, others: { id: string; name: string }[]) =>
  renderUi(<Missing kind="send" id={id} title="This send could not be loaded" error={error} />, { others });
const agency = { id: "ws-2", name: "Northwind" };

describe("a link to something that is not in this workspace", () => {
  it("asks nothing where the person has one workspace, or where something else went wrong", async () => {
    const server = fakeApi({});
    await show(gone, []);
    expect(screen.getByText("This send could not be loaded")).toBeTruthy();
    await show(new ApiError("unavailable", 503, "Try again shortly."), [agency]);
    expect(screen.getByText("Try again shortly.")).toBeTruthy();
    expect(server.calls).toEqual([]);
  });

  it("says that it is not there where none of the person's workspaces has it", async () => {
    fakeApi({ findWhereabouts: () => ({ workspaceId: null }) });
    await show(gone, [agency]);
    expect(await screen.findByText("There is no such send.")).toBeTruthy();
    expect(screen.queryByRole("button", { name: /Switch/ })).toBeNull();
  });

  it("offers the workspace that has it, and goes there", async () => {
    const server = fakeApi({
      findWhereabouts: () => ({ workspaceId: "ws-2" }),
      getSession: () => ({ claimed: true, user: null, workspaces: [] }),
    });
    const { user } = await show(gone, [agency]);
    expect(await screen.findByText("This send is in another workspace")).toBeTruthy();
    expect(server.calls.map(({ query }) => query)).toEqual([{ kind: "send", id }]);
    await user.click(screen.getByRole("button", { name: "Switch to Northwind" }));
    await waitFor(() => expect(currentWorkspaceId()).toBe("ws-2"));
  });
});
