import { act, screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { ClaimForm } from "./claim-form.tsx";
import { forgetLinkToken, takeLinkToken } from "./link-token.ts";

const token = "Zk3_9-abcdefghijklmnopqrstuvwxyz0123456789";
const session = {
  claimed: true,
  user: { id: "0192f000-0000-7000-8000-000000000001", name: "Ada", email: "ada@example.com" },
  workspaces: [],
};
const arriveBy = (fragment: string) => window.history.replaceState(null, "", `/claim${fragment}`);
const draw = (onClaimed = vi.fn()) => renderUi(<ClaimForm onClaimed={onClaimed} />, { role: null, route: "/claim" });
const submit = () => screen.getByRole("button", { name: "Create owner account" });

beforeEach(() => {
  forgetLinkToken();
  arriveBy("");
});

async function fill(user: Awaited<ReturnType<typeof draw>>["user"]) {
  const values = { "Your name": "Ada", "E-mail": "ada@example.com", Password: "correct horse battery" };
  for (const [label, value] of Object.entries(values)) {
    await user.click(screen.getByLabelText(label));
    await user.paste(value);
  }
}

describe("the claim page", () => {
  it("without a link says where the link is", async () => {
    fakeApi({});
    await draw();
    expect(screen.getByRole("heading", { name: "Open the link from the console" })).toBeDefined();
    expect(screen.queryByRole("button", { name: "Create owner account" })).toBeNull();
  });

  it("lists everything that is wrong at once, before the server is asked, and leads to the first", async () => {
    arriveBy(`#${token}`);
    const server = fakeApi({});
    const { user } = await draw();
    await user.type(screen.getByLabelText("E-mail"), "ada");
    await user.type(screen.getByLabelText("Password"), "short");
    await user.click(submit());
    expect(screen.getByText("Needed")).toBeDefined();
    expect(screen.getByText("This is not an e-mail address")).toBeDefined();
    expect(screen.getByText("At least 12 characters")).toBeDefined();
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Your name")));
    expect(server.calls).toEqual([]);
  });

  it("says that a link is too old", async () => {
    arriveBy(`#${token}`);
    fakeApi({
      claim: () => {
        throw new Refusal("link_expired", "This link is not or no longer valid.");
      },
    });
    const { user } = await draw();
    await fill(user);
    await user.click(submit());
    expect(await screen.findByRole("heading", { name: "This link no longer works" })).toBeDefined();
  });

  it("says that somebody was first", async () => {
    arriveBy(`#${token}`);
    fakeApi({
      claim: () => {
        throw new Refusal("already_claimed", "This instance has an owner already.");
      },
    });
    const { user } = await draw();
    await fill(user);
    await user.click(submit());
    expect(await screen.findByRole("heading", { name: "This Sluice has an owner already" })).toBeDefined();
    expect(screen.getByRole("link", { name: "Go to sign-in" }).getAttribute("href")).toBe("/sign-in");
  });

  it("takes the secret out of the address bar at once and keeps it for a second try", async () => {
    arriveBy(`?x=1#${token}`);
    expect(takeLinkToken()).toBe(token);
    expect(window.location.href).not.toContain(token);
    expect(window.location.search).toBe("?x=1");
    expect(takeLinkToken()).toBe(token);
  });

  it("notices a link that is pasted into the tab which asks for it", async () => {
    fakeApi({});
    await draw();
    arriveBy(`#${token}`);
    act(() => void window.dispatchEvent(new HashChangeEvent("hashchange")));
    expect(await screen.findByRole("heading", { name: "Make this Sluice yours" })).toBeDefined();
    expect(window.location.href).not.toContain(token);
  });

  it("makes one owner, however often the button is pressed", async () => {
    arriveBy(`#${token}`);
    let answer = () => {};
    const server = fakeApi({
      claim: () =>
        new Promise((resolve) => {
          answer = () => resolve(session);
        }),
    });
    const onClaimed = vi.fn();
    const { user } = await draw(onClaimed);
    await fill(user);
    await user.dblClick(submit());
    answer();
    await waitFor(() => expect(onClaimed).toHaveBeenCalledOnce());
    expect(server.calls.map((call) => call.body)).toEqual([
      { token, name: "Ada", email: "ada@example.com", password: "correct horse battery" },
    ]);
    expect(takeLinkToken()).toBeNull();
  });
});
