import { screen, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { longestFlowFile } from "#contract/flow-files.ts";
import { fakeApi } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { ImportFlowDialog } from "./import-flow-dialog.tsx";

it("a text that is larger than any flow is refused before it is sent, and another can be chosen", async () => {
  const server = fakeApi({});
  const pasted = `{"nodes":[],"name":"${"x".repeat(longestFlowFile)}"}`;
  const { user } = await renderUi(<ImportFlowDialog open pasted={pasted} onClose={vi.fn()} onImported={vi.fn()} />);
  const dialog = await screen.findByRole("dialog", { name: "Import a flow" });
  expect(within(dialog).getByText("This text is larger than 6 MB, which no flow is. Nothing was sent.")).toBeTruthy();
  expect(within(dialog).getByRole("button", { name: "Import" })).toHaveProperty("disabled", true);
  await user.click(within(dialog).getByRole("button", { name: "Choose another" }));
  // What is typed then stays in its field.
  const field = within(dialog).getByLabelText(/^Or paste it here/);
  await user.type(field, "no flow");
  expect(within(dialog).getByLabelText(/^Or paste it here/)).toHaveProperty("value", "no flow");
  expect(server.calls).toEqual([]);
});
