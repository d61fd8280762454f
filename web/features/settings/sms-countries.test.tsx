import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Workspace } from "#contract/people.ts";
import { fakeApi } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { SmsCountries } from "./sms-countries.tsx";

const workspace: Workspace = {
  id: "ws-1",
  name: "Analytical Engines",
  timeZone: "Europe/Vienna",
  country: "AT",
  undoSeconds: 10,
  emailInDoubt: "hold",
  smsInDoubt: "hold",
  postalAddress: null,
  helpText: null,
  smsCountries: ["AT", "DE"],
  sandbox: false,
  isDemo: false,
  role: "owner",
};
const shown = async () => within(await screen.findByRole("list", { name: "Countries that get SMS" })).queryAllByRole("listitem");
const server = () => fakeApi({ updateWorkspace: ({ body }) => ({ ...workspace, smsCountries: body.smsCountries ?? ["AT"] }) });

describe("the countries that get SMS", () => {
  it("cannot be changed by an editor, who sees them and who can", async () => {
    fakeApi({});
    await renderUi(<SmsCountries />, { role: "editor", workspace });
    expect((await shown()).map(({ textContent }) => textContent)).toEqual(["Austria (+43)", "Germany (+49)"]);
    expect(screen.queryByRole("button")).toBeNull();
    expect(screen.getByText("Admins and owners change the countries.")).toBeDefined();
  });

  it("are saved together, and a change can be taken back before", async () => {
    const { calls } = server();
    const { user } = await renderUi(<SmsCountries />, { workspace });
    await user.selectOptions(await screen.findByLabelText("Add a country"), "CH");
    expect((await shown()).map(({ textContent }) => textContent)).toEqual(["Austria (+43)", "Germany (+49)", "Switzerland (+41)"]);
    await user.click(screen.getByRole("button", { name: "Undo" }));
    expect(await shown()).toHaveLength(2);
    await user.selectOptions(screen.getByLabelText("Add a country"), "CH");
    await user.click(screen.getByRole("button", { name: "Remove Germany (+49)" }));
    await user.click(screen.getByRole("button", { name: "Save countries" }));
    await waitFor(() => expect(calls.find(({ id }) => id === "updateWorkspace")?.body).toEqual({ smsCountries: ["AT", "CH"] }));
  });

  it("follow the workspace's own country where that is the only one", async () => {
    const { calls } = server();
    const { user } = await renderUi(<SmsCountries />, { workspace });
    await user.click(await screen.findByRole("button", { name: "Remove Germany (+49)" }));
    await user.click(screen.getByRole("button", { name: "Save countries" }));
    await waitFor(() => expect(calls.find(({ id }) => id === "updateWorkspace")?.body).toEqual({ smsCountries: null }));
  });

  it("can be none, with a word about what that means", async () => {
    server();
    const { user } = await renderUi(<SmsCountries />, { workspace: { ...workspace, smsCountries: ["AT"] } });
    await user.click(await screen.findByRole("button", { name: "Remove Austria (+43)" }));
    expect(await screen.findByText("Without a country no SMS leaves.")).toBeDefined();
  });
});
