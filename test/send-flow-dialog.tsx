import { screen } from "@testing-library/react";
import { vi } from "vitest";
import type { Audience } from "#web/features/send-flow/audience.ts";
import { SendFlowDialog } from "#web/features/send-flow/send-flow-dialog.tsx";
import { uuid } from "./build-flow.ts";
import { renderUi } from "./render.tsx";

export const one: Audience = { selection: { type: "ids", ids: [uuid(5)] }, total: 1, names: ["John Doe"], words: null };
export const two: Audience = {
  selection: { type: "ids", ids: [uuid(5), uuid(6)] },
  total: 2,
  names: ["John Doe", "Jane Smith"],
  words: null,
};

/** Opens the Send Flow dialog, and chooses the flow "Welcome Flow". */
export async function opened(audience = two) {
  const ui = await renderUi(<SendFlowDialog audience={audience} onClose={vi.fn()} launchedFrom="Contacts page" />);
  await ui.user.click(await screen.findByPlaceholderText("Choose a flow to send"));
  await ui.user.click(await screen.findByRole("option", { name: /Welcome Flow/ }));
  await screen.findByText("Flow Preview:");
  return ui;
}
