import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { usualHelpText } from "#contract/help-text.ts";
import type { Workspace } from "#contract/people.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { workspace as renderedWorkspace, renderUi } from "#test/render.tsx";
import { HelpAnswer } from "./help-answer.tsx";

const workspace: Workspace = { ...renderedWorkspace, undoSeconds: 10, timeZone: "Europe/Vienna", country: "US" };
const server = () => fakeApi({ updateWorkspace: ({ body }) => ({ ...workspace, helpText: body.helpText ?? null }) });
const save = { name: "Save answer to HELP" };
const saved = (calls: { id: string; body?: unknown }[]) => calls.find(({ id }) => id === "updateWorkspace")?.body;

describe("the answer to HELP", () => {
  it("cannot be changed by an editor, who sees it and who can", async () => {
    fakeApi({});
    await renderUi(<HelpAnswer />, { role: "editor" });
    expect((await screen.findByRole<HTMLTextAreaElement>("textbox", { name: /^Answer/ })).disabled).toBe(true);
    expect(screen.queryByRole("button")).toBeNull();
    expect(screen.getByText("Admins and owners change the answer.")).toBeDefined();
  });

  it("shows the usual words, takes others, and goes back to the usual ones when it is empty", async () => {
    const { calls } = server();
    const { user } = await renderUi(<HelpAnswer />, { role: "admin", workspace });
    const field = await screen.findByRole<HTMLTextAreaElement>("textbox", { name: /^Answer/ });
    expect(field.placeholder).toBe(usualHelpText(workspace.name));
    expect(screen.getByRole<HTMLButtonElement>("button", save).disabled).toBe(true);
    await user.type(field, "Ana & Sons. STOP ends all.");
    await user.click(screen.getByRole("button", save));
    await waitFor(() => expect(saved(calls)).toEqual({ helpText: "Ana & Sons. STOP ends all." }));
  });

  it("can be switched off, with a word about what that means", async () => {
    const { calls } = server();
    const { user } = await renderUi(<HelpAnswer />, { role: "admin" });
    await user.click(await screen.findByLabelText("Answer HELP and INFO"));
    expect(screen.getByText(/Whoever writes HELP gets no answer/)).toBeDefined();
    await user.click(screen.getByRole("button", save));
    await waitFor(() => expect(saved(calls)).toEqual({ helpText: "" }));
  });

  it("that is too long is not sent, and what the server refuses stands at the field", async () => {
    fakeApi({
      updateWorkspace: () => {
        throw new Refusal("invalid_request", "Not saved", [{ path: "helpText", message: "It holds a character that SMS cannot carry" }]);
      },
    });
    const { user } = await renderUi(<HelpAnswer />, { role: "admin" });
    const field = await screen.findByRole("textbox", { name: /^Answer/ });
    await user.click(field);
    await user.paste("x".repeat(481));
    expect(await screen.findByText(/480 characters at most; this one has 481/)).toBeDefined();
    expect(screen.getByRole<HTMLButtonElement>("button", save).disabled).toBe(true);
    await user.clear(field);
    await user.type(field, "Hello");
    await user.click(screen.getByRole("button", save));
    expect(await screen.findByText("It holds a character that SMS cannot carry")).toBeDefined();
  });
});
