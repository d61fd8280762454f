import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { Role, Workspace } from "#contract/people.ts";
import { allReceive, answer, flowApi, send, uuid } from "#test/build-flow.ts";
import { fakeApi } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import type { Audience } from "./audience.ts";
import { SendFlowDialog } from "./send-flow-dialog.tsx";

const one: Audience = { selection: { type: "ids", ids: [uuid(11)] }, total: 1, names: ["John Doe"], words: null };

async function opened(role: Role, approval: Workspace["approval"], audience = one) {
  const onClose = vi.fn();
  const { user } = await renderUi(<SendFlowDialog audience={audience} onClose={onClose} launchedFrom="Contacts page" />, {
    role,
    workspace: approval ? { approval } : {},
  });
  await user.click(await screen.findByPlaceholderText("Choose a flow to send"));
  await user.click(await screen.findByRole("option", { name: /Welcome Flow/ }));
  await screen.findByText("Flow Preview:");
  return { user, onClose };
}

describe("the dialog of a send that needs an approval", () => {
  it("says nothing of it where none is needed", async () => {
    fakeApi(flowApi());
    await opened("admin", { above: 1, editors: true });
    expect(screen.getByRole("button", { name: "Send Flow" })).toBeDefined();
    expect(screen.queryByText(/approval/)).toBeNull();
  });

  it("tells an editor before the press, and afterwards that nothing has left", async () => {
    const asked = { state: "awaiting_approval", approval: "asked", total: 1, enrolled: 0, active: 0 } as const;
    fakeApi({ ...flowApi(), createSend: ({ body }) => answer(send(body.sendId ?? "", asked)) });
    const { user, onClose } = await opened("editor", { above: null, editors: true });
    expect(screen.getByText("Your sends need the approval of an admin. Nothing leaves before that.")).toBeDefined();
    await user.click(screen.getByRole("button", { name: "Ask for approval" }));
    expect(await screen.findByText("Sent for approval")).toBeDefined();
    await waitFor(() => expect(onClose).toHaveBeenCalled());
  });

  it("says why one that is small by itself asks: with what was sent within the hour it is more than the number", async () => {
    fakeApi({ ...flowApi(), previewSend: () => allReceive(1, { approval: { lately: 50, approvers: 2 } }) });
    await opened("editor", { above: 50, editors: false });
    expect(
      await screen.findByText(
        "You have sent this flow to 50 contacts within the last hour. With this one it is more than 50 contacts, which needs the approval of an admin. Nothing leaves before that.",
      ),
    ).toBeDefined();
    expect(screen.getByRole("button", { name: "Ask for approval" })).toBeDefined();
  });

  it("says that nobody else could approve it, before it is refused", async () => {
    fakeApi({ ...flowApi(), previewSend: () => allReceive(1, { approval: { lately: 0, approvers: 0 } }) });
    await opened("admin", { above: 0, editors: false });
    expect(await screen.findByText(/You are the only one here who could approve it, so it cannot be sent\./)).toBeDefined();
  });

  it("tells an admin by whom it has to be approved", async () => {
    fakeApi({ ...flowApi() });
    await opened("admin", { above: 0, editors: false });
    expect(screen.getByText("Sends to more than 0 contacts need the approval of another admin. Nothing leaves before that.")).toBeDefined();
  });
});
