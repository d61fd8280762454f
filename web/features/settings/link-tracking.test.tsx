import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { noLinkTracking } from "#contract/link-tracking.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { LinkTracking } from "./link-tracking.tsx";

const save = { name: "Save clicks and opens" };

describe("clicks and opens", () => {
  it("cannot be changed by an editor, who sees who can", async () => {
    fakeApi({ getLinkTracking: () => ({ ...noLinkTracking, clicks: true, shortDomain: "go.example.com" }) });
    await renderUi(<LinkTracking />, { role: "editor" });
    expect((await screen.findByLabelText<HTMLInputElement>(/^Note who clicks links/)).disabled).toBe(true);
    expect(screen.getByLabelText<HTMLInputElement>(/^Domain for short links in SMS/).value).toBe("go.example.com");
    expect(screen.queryByRole("button", save)).toBeNull();
    expect(screen.getByText("Admins and owners change this.")).toBeDefined();
  });

  it("say in their place that they could not be loaded", async () => {
    fakeApi({
      getLinkTracking: () => {
        throw new Refusal("internal", "Something broke.");
      },
    });
    await renderUi(<LinkTracking />, { role: "admin" });
    expect(await screen.findByText(/Something broke/)).toBeDefined();
    expect(screen.queryByLabelText(/^Note who clicks links/)).toBeNull();
  });

  it("show where it stands why a domain was refused, and above the button that another workspace has it", async () => {
    let refusal = new Refusal("invalid_request", "Not saved", [{ path: "shortDomain", message: "Only a name is needed" }]);
    fakeApi({
      getLinkTracking: () => ({ ...noLinkTracking, clicks: true }),
      saveLinkTracking: () => {
        throw refusal;
      },
    });
    const { user } = await renderUi(<LinkTracking />, { role: "admin" });
    await user.type(await screen.findByLabelText(/^Domain for short links in SMS/), "go.example.com");
    await user.click(screen.getByRole("button", save));
    expect(await screen.findByText("Only a name is needed")).toBeDefined();
    refusal = new Refusal("conflict", "Another workspace of this instance has this domain.");
    await user.click(screen.getByRole("button", save));
    expect(await screen.findByText(/Another workspace of this instance/)).toBeDefined();
  });

  it("are off, say that opens are unreliable, and are saved as they stand", async () => {
    const { calls } = fakeApi({ getLinkTracking: () => noLinkTracking, saveLinkTracking: ({ body }) => body });
    const { user } = await renderUi(<LinkTracking />, { role: "admin" });
    expect((await screen.findByLabelText<HTMLInputElement>(/^Note who opens e-mails \(unreliable\)/)).checked).toBe(false);
    expect(screen.queryByLabelText(/^Domain for short links in SMS/)).toBeNull();
    expect(screen.getByRole<HTMLButtonElement>("button", save).disabled).toBe(true);
    await user.click(screen.getByLabelText(/^Note who clicks links/));
    await user.type(screen.getByLabelText(/^Domain for short links in SMS/), " go.example.com ");
    await user.click(screen.getByRole("button", save));
    await waitFor(() =>
      expect(calls.find(({ id }) => id === "saveLinkTracking")?.body).toEqual({
        clicks: true,
        opens: false,
        shortDomain: "go.example.com",
      }),
    );
  });
});
