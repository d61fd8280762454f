import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { ApprovalRules } from "./approval-rules.tsx";

const off = { above: null, editors: false, allFlows: false, approvers: 2 };

describe("the rules of approval", () => {
  it("cannot be changed by an editor, who sees them and who can", async () => {
    fakeApi({ getApprovalRules: () => ({ above: 100, editors: true, allFlows: true, approvers: 2 }) });
    await renderUi(<ApprovalRules />, { role: "editor" });
    expect((await screen.findByLabelText<HTMLInputElement>("More contacts than")).value).toBe("100");
    expect(screen.getByLabelText<HTMLInputElement>(/^Count all flows together/)).toMatchObject({ checked: true, disabled: true });
    expect(screen.getByText("Admins and owners change this.")).toBeDefined();
    expect(screen.queryByRole("button", { name: "Save approval" })).toBeNull();
  });

  it("cannot be turned on by number where one admin is alone, which says why", async () => {
    fakeApi({ getApprovalRules: () => ({ ...off, approvers: 1 }) });
    await renderUi(<ApprovalRules />, { role: "owner" });
    expect((await screen.findByLabelText<HTMLInputElement>(/^Sends to many contacts/)).disabled).toBe(true);
    expect(screen.getByText(/There is only one admin or owner here/)).toBeDefined();
  });

  it("are saved with their number, and a refusal is shown", async () => {
    const server = fakeApi({
      getApprovalRules: () => off,
      saveApprovalRules: () => {
        throw new Refusal("approver_needed", "You are the only admin.");
      },
    });
    const { user } = await renderUi(<ApprovalRules />, { role: "admin" });
    await user.click(await screen.findByLabelText(/^Sends to many contacts/));
    await user.click(screen.getByLabelText(/^Count all flows together/));
    await user.click(screen.getByLabelText(/^Every send by an editor/));
    await user.click(screen.getByRole("button", { name: "Save approval" }));
    expect(await screen.findByText("You are the only admin.")).toBeDefined();
    await waitFor(() =>
      expect(server.calls.find(({ id }) => id === "saveApprovalRules")?.body).toEqual({ above: 500, editors: true, allFlows: true }),
    );
  });
});
