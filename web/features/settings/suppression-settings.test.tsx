import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Suppression } from "#contract/suppressions.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { SuppressionSettings } from "./suppression-settings.tsx";

const id = (n: number) => `0192f000-0000-7000-8000-00000000000${n}`;
const entry = (n: number, more: Partial<Suppression> = {}): Suppression => ({
  id: id(n),
  channel: "email",
  address: `c${n}@example.org`,
  reason: "bounced_before",
  source: "provider",
  detail: "550 5.1.1 User unknown",
  mayLift: true,
  decideBy: null,
  createdAt: "2026-05-01T00:00:00Z",
  contacts: [{ id: id(9), name: "Ann Lee" }],
  ...more,
});
const page = (items: Suppression[]) => ({ items, nextCursor: null, total: items.length });

describe("the suppression list", () => {
  it("tells when it cannot be loaded, and when nothing is on it", async () => {
    fakeApi({
      listSuppressions: () => {
        throw new Refusal("not_found", "The database is away.");
      },
    });
    const { user } = await renderUi(<SuppressionSettings />);
    expect(await screen.findByText("The list could not be loaded")).toBeDefined();
    fakeApi({ listSuppressions: () => page([]) });
    await user.click(screen.getByRole("button", { name: "Retry" }));
    expect(await screen.findByText("No address is on the list")).toBeDefined();
  });

  it("shows address, reason, source and words, and lets nobody lift what the recipient asked for", async () => {
    fakeApi({
      listSuppressions: () => page([entry(1), entry(2, { reason: "complaint", source: "contact", detail: null, mayLift: false })]),
    });
    await renderUi(<SuppressionSettings />);
    const [bounced, complained] = await screen.findAllByRole("listitem");
    expect(bounced?.textContent).toMatch(/c1@example.org.*does not exist.*User unknown.*the provider's answer/);
    expect(complained?.textContent).toMatch(/reported a message as spam.*Only the recipient can take it back/);
    expect(within(complained as HTMLElement).queryByRole("button")).toBeNull();
    expect(screen.getByText("2 addresses")).toBeDefined();
  });

  it("is not an editor's to change", async () => {
    fakeApi({ listSuppressions: () => page([entry(1)]) });
    await renderUi(<SuppressionSettings />, { role: "editor" });
    await screen.findByText("c1@example.org");
    expect(screen.queryByRole("button", { name: /Allow/ })).toBeNull();
  });

  it("asks an admin for the reason before an address is allowed again", async () => {
    const server = fakeApi({ listSuppressions: () => page([entry(1)]), liftSuppression: () => ({ success: true }) });
    const { user } = await renderUi(<SuppressionSettings />, { role: "admin" });
    await user.click(await screen.findByRole("button", { name: "Allow again: c1@example.org" }));
    const dialog = await screen.findByRole("dialog", { name: "Allow this address again?" });
    await user.click(within(dialog).getByRole("button", { name: "Allow again" }));
    const field = within(dialog).getByLabelText("Why is it allowed again?");
    await waitFor(() => expect(field.getAttribute("aria-invalid")).toBe("true"));
    await user.type(field, "She called: it works again");
    await user.click(within(dialog).getByRole("button", { name: "Allow again" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(server.calls.find((call) => call.id === "liftSuppression")?.body).toEqual({ reason: "She called: it works again" });
  });
});
