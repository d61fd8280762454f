import { QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import { fakeApi, Outage, Refusal } from "#test/fake-api.ts";
import "#test/render.tsx";
import type { Role } from "#contract/people.ts";
import { UiProvider } from "#ui/provider.tsx";
import { setCurrentWorkspace } from "#web/lib/current-workspace.ts";
import { reportReachable } from "#web/lib/reachability.ts";
import { createQueryClient } from "./query-client.ts";
import { createAppRouter } from "./router.tsx";

const user = { id: "0192f000-0000-7000-8000-000000000001", name: "Ada Lovelace", email: "ada@example.com" };
const workspace = (role: Role = "owner") => ({
  id: "ws-1",
  name: "Engines",
  timeZone: "UTC",
  undoSeconds: 10,
  emailInDoubt: "hold" as const,
  smsInDoubt: "hold" as const,
  postalAddress: null,
  helpText: null,
  smsCountries: ["US"],
  sandbox: false,
  country: "GB",
  isDemo: false,
  role,
});
const nobody = { claimed: true, user: null, workspaces: [] };
const ada = (role?: Role) => ({ claimed: true, user, workspaces: [workspace(role)] });
const emptyQueue = {
  at: "2026-05-03T13:00:00.000Z",
  active: 0,
  executing: 0,
  queued: 0,
  waiting: 0,
  held: 0,
  unknownMessages: 0,
  oldestDueSeconds: 0,
  workers: 1,
  lanes: { limit: 4, used: 0 },
  messages: { perContactDay: 50, perHour: 1_000_000, usedThisHour: 0, nextHourAt: null, perDay: 100_000, usedThisDay: 0, nextDayAt: null },
  channels: [],
  sends: [],
  alerts: [],
};
const noMessages = {
  getInstance: () => ({ sendingHeldSince: null }),
  getQueue: () => emptyQueue,
  countUnreadNotices: () => ({ unread: 0 }),
  countUnreadConversations: () => ({ unread: 0 }),
  listMessages: () => ({ items: [], nextCursor: null }),
  listBulkJobs: () => ({ items: [], nextCursor: null }),
};

/** The whole app, as it starts at an address. */
function start(address: string) {
  const queryClient = createQueryClient();
  const router = createAppRouter(queryClient);
  router.update({ ...router.options, history: createMemoryHistory({ initialEntries: [address] }) } as never);
  render(
    <UiProvider>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </UiProvider>,
  );
  return { router, queryClient, user: userEvent.setup({ delay: null }) };
}

beforeEach(() => {
  setCurrentWorkspace(null);
  reportReachable(true);
});

// The first of these loads the code of the pages, which takes a while on a busy machine.
describe("the way in", () => {
  it("leads to the claim page while nobody owns the instance", async () => {
    fakeApi({ getSession: () => ({ claimed: false, user: null, workspaces: [] }) });
    start("/inbox?view=sent");
    expect(await screen.findByRole("heading", { name: "Open the link from the console" })).toBeDefined();
  });

  it("leads to the sign-in page, and from there to where one was going", async () => {
    const server = fakeApi({
      ...noMessages,
      getSession: () => nobody,
      signIn: ({ body }) => {
        if (body.password !== "correct horse battery") throw new Refusal("wrong_credentials", "The e-mail or the password is not right.");
        server.getSession = () => ada();
        return ada();
      },
    });
    const { router, user: person } = start("/inbox?channel=sms");
    await person.type(await screen.findByLabelText("E-mail"), "ada@example.com");
    expect(router.state.location.pathname).toBe("/sign-in");
    await person.type(screen.getByLabelText("Password"), "wrong{Enter}");
    expect(await screen.findByText("The e-mail or the password is not right.")).toBeDefined();
    await person.clear(screen.getByLabelText("Password"));
    await person.type(screen.getByLabelText("Password"), "correct horse battery{Enter}");
    await waitFor(() => expect(router.state.location.href).toBe("/inbox?channel=sms"));
  });

  it("leads back to the sign-in page when the session ends while one works", async () => {
    const server = fakeApi({ ...noMessages, getSession: () => ada() });
    const { router } = start("/inbox?view=sent");
    await screen.findByText("No messages yet");
    server.listMessages = () => {
      throw new Refusal("unauthenticated", "Sign in to go on.");
    };
    await waitFor(() => expect(router.state.location.href).toBe("/sign-in?from=%2Finbox%3Fview%3Dsent"));
    expect(await screen.findByText("Sign in to go on where you were.")).toBeDefined();
  });

  it("shows no form before it is known how people sign in here: it would be exchanged, with what was typed", async () => {
    let answer = (_: object) => {};
    fakeApi({ getSession: () => new Promise((resolve) => (answer = resolve as typeof answer)) });
    start("/sign-in");
    expect(await screen.findByRole("heading", { name: "Sign in" })).toBeDefined();
    expect(await screen.findByLabelText("Loading")).toBeDefined();
    expect(screen.queryByLabelText("E-mail")).toBeNull();
    answer(nobody);
    expect(await screen.findByLabelText("E-mail")).toBeDefined();
  });

  it("says so when the server does not answer, and goes on when it does", async () => {
    const server = fakeApi({
      getSession: () => {
        throw new Outage();
      },
    });
    start("/sign-in");
    expect(await screen.findByText("Sluice does not answer")).toBeDefined();
    server.getSession = () => nobody;
    expect(await screen.findByLabelText("E-mail")).toBeDefined();
  });
});

describe("the way out", () => {
  it("shows no form in a tab that is about to be loaded anew: what somebody typed there would be lost", async () => {
    let answer = () => {};
    const server = fakeApi({
      ...noMessages,
      getSession: () => ada(),
      signOut: () => {
        server.listMessages = () => {
          throw new Refusal("unauthenticated", "Sign in to go on.");
        };
        return new Promise((resolve) => {
          answer = () => resolve({ success: true });
        });
      },
    });
    const { router, queryClient, user: person } = start("/inbox?view=sent");
    await screen.findByText("No messages yet");
    await person.click(screen.getAllByRole("button", { name: /Ada Lovelace: account/ })[0] as HTMLElement);
    const item = await screen.findByRole("menuitem", { name: "Sign out" });
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("menu")));
    await person.keyboard("{End}");
    await waitFor(() => expect(item.hasAttribute("data-highlighted")).toBe(true));
    await person.keyboard("{Enter}");
    await waitFor(() => expect(server.calls.some(({ id }) => id === "signOut")).toBe(true));
    await queryClient.refetchQueries();
    answer();
    await waitFor(() => expect(router.state.location.pathname).toBe("/sign-in"));
    expect(await screen.findByRole("heading", { name: "Signing out" })).toBeDefined();
    expect(screen.queryByLabelText("E-mail")).toBeNull();
  });
});

describe("inside", () => {
  it("an address without a page has a page that says so", async () => {
    fakeApi({ getSession: () => ada() });
    start("/nowhere");
    expect(await screen.findByRole("heading", { name: "There is no page at this address" })).toBeDefined();
  });

  it("a server that stops answering is told above the page, which stays", async () => {
    const server = fakeApi({ ...noMessages, getSession: () => ada() });
    start("/inbox?view=sent");
    await screen.findByText("No messages yet");
    server.listMessages = () => {
      throw new Outage();
    };
    expect(await screen.findByText(/The server does not answer/)).toBeDefined();
    expect(screen.getByText("No messages yet")).toBeDefined();
  });

  it("settings show a viewer no API keys and nothing to press", async () => {
    fakeApi({ ...noMessages, getSession: () => ada("viewer") });
    start("/settings/workspace");
    expect(await screen.findByText("Admins and owners change these.")).toBeDefined();
    expect(screen.queryByRole("link", { name: "API keys" })).toBeNull();
    expect(screen.queryByRole("button", { name: "Save workspace" })).toBeNull();
    expect(((await screen.findByLabelText("Name")) as HTMLInputElement).disabled).toBe(true);
  });
});
