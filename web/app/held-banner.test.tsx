import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
// A chunk of its own in the browser. Loaded here, so that no test waits for its translation.
import "#ui/confirm-dialog.tsx";
import { HeldBanner } from "./held-banner.tsx";

const since = "2026-05-03T13:00:00.000Z";
const held = { getInstance: () => ({ sendingHeldSince: since }) };

it("is not there where sending goes on", async () => {
  const server = fakeApi({ getInstance: () => ({ sendingHeldSince: null }) });
  await renderUi(<HeldBanner />);
  await waitFor(() => expect(server.calls).toHaveLength(1));
  expect(screen.queryByRole("alert")).toBeNull();
});

it("tells everybody, and gives nobody but an instance admin something to press", async () => {
  fakeApi(held);
  await renderUi(<HeldBanner />, { role: "owner" });
  expect((await screen.findByRole("alert")).textContent).toContain("An admin of this instance can let it send.");
  expect(screen.queryByRole("button")).toBeNull();
});

it("lets it send after asking, and is gone", async () => {
  const server = fakeApi({ ...held, releaseSending: () => ({ sendingHeldSince: null }) });
  const { user } = await renderUi(<HeldBanner />, { instance: { isAdmin: true } });
  await user.click(await screen.findByRole("button", { name: "Let it send" }));
  const dialog = await screen.findByRole("alertdialog", { name: "Let this copy send?" });
  expect(server.calls.map(({ id }) => id)).not.toContain("releaseSending");
  await user.click(within(dialog).getByRole("button", { name: "Let it send" }));
  await waitFor(() => expect(screen.queryByText(/restored copy/)).toBeNull());
});

it("stays when that was refused, with the reason", async () => {
  const releaseSending = () => {
    throw new Refusal("forbidden", "Only an admin of this instance may do this.");
  };
  fakeApi({ ...held, releaseSending });
  const { user } = await renderUi(<HeldBanner />, { instance: { isAdmin: true } });
  await user.click(await screen.findByRole("button", { name: "Let it send" }));
  await user.click(within(await screen.findByRole("alertdialog")).getByRole("button", { name: "Let it send" }));
  expect(await screen.findByText("Only an admin of this instance may do this.")).toBeDefined();
  expect(screen.getByText(/restored copy/)).toBeDefined();
});
