import { createMemoryHistory, createRootRoute, createRoute, createRouter, Outlet, RouterProvider } from "@tanstack/react-router";
import { configure, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Contact } from "#contract/contacts.ts";
import type { Role } from "#contract/people.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { searchStrings } from "../search-strings.ts";
import { ContactsPage } from "./contacts-page.tsx";

// Chunks of their own in the browser. Loaded here, so that no test waits for their translation.
import "#web/features/contacts/change-status-dialog.tsx";
import "#web/features/contacts/contact-form-panel.tsx";
import "#web/features/contacts/contact-panel.tsx";
import "#web/features/contacts/delete-contacts-dialog.tsx";
import "#web/features/contacts/filter-popover.tsx";
import "#web/features/send-flow/send-flow-dialog.tsx";

// A whole page is much to draw for a machine that is busy with other tests.
configure({ asyncUtilTimeout: 8000 });
vi.setConfig({ testTimeout: 40_000 });

const uuid = (n: number) => `019a0000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const at = "2026-05-03T09:00:00Z";
const contact = (n: number, changes: Partial<Contact> = {}): Contact => ({
  id: uuid(n),
  displayName: `Contact ${n}`,
  name: null,
  firstname: "Contact",
  lastname: String(n),
  email: `c${n}@example.com`,
  phoneNumber: null,
  phoneE164: `+1415555${String(n).padStart(4, "0")}`,
  leadStatus: "New",
  conversationStatus: null,
  timeZone: null,
  smsOptedOutAt: null,
  emailOptedOutAt: null,
  optOutSource: null,
  dnc: false,
  metadata: {},
  createdAt: at,
  updatedAt: at,
  ...changes,
});
const people = Array.from({ length: 50 }, (_, n) => contact(n));

const contactsApi = (total = 10_000) =>
  fakeApi({
    listContacts: ({ query }) => ({ items: query.filter?.search ? people.slice(0, 2) : people, nextCursor: null }),
    countContacts: ({ query }) => ({ total: query.filter?.search ? 2 : total }),
    contactFacets: () => ({ leadStatuses: ["New", "Customer"], conversationStatuses: [], timeZones: [] }),
    listSends: () => ({ items: [], nextCursor: null }),
    listFlows: () => ({ items: [], folders: [] }),
  });

/** The page at its place in the app: it reads its address by the route's name. */
const opened = async (route = "/contacts", role: Role = "owner") => {
  const root = createRootRoute({ component: Outlet });
  const member = createRoute({ getParentRoute: () => root, id: "member", component: Outlet });
  const page = createRoute({
    getParentRoute: () => member,
    path: "/contacts",
    validateSearch: searchStrings("q", "filter", "sort", "direction", "contact", "new"),
    component: ContactsPage,
  });
  const router = createRouter({
    routeTree: root.addChildren([member.addChildren([page])]),
    history: createMemoryHistory({ initialEntries: [route] }),
  });
  await router.load();
  const ui = await renderUi(<RouterProvider router={router as never} />, { role });
  await screen.findByRole("row", { name: "Contact 0" });
  return { ...ui, address: () => router.state.location.href };
};
const tick = (name: string) => screen.getByRole("checkbox", { name: `Select ${name}` });

/** By keyboard, as jsdom has no pointer that a menu would believe. */
const pick = async (user: Awaited<ReturnType<typeof opened>>["user"], name: string) => {
  const item = await screen.findByRole("menuitem", { name });
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("menu")));
  for (let step = 0; step < 5 && !item.hasAttribute("data-highlighted"); step++) await user.keyboard("{ArrowDown}");
  await user.keyboard("{Enter}");
};

beforeEach(() => {
  localStorage.clear();
  // jsdom lays nothing out; a table without height draws no rows.
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(400);
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(1200);
});

describe("the contacts page for somebody who may only read", () => {
  it("offers nothing that would be refused", async () => {
    contactsApi();
    await opened("/contacts", "viewer");
    expect(screen.queryByRole("checkbox")).toBeNull();
    expect(screen.queryByRole("button", { name: /Add contact|Import|Send Flow|Actions for/ })).toBeNull();
    expect(screen.getByRole("link", { name: "Export" })).toBeTruthy();
  });
});

describe("the contacts page", () => {
  it("offers in a row's menu what works: Send Flow, Edit, Delete", async () => {
    contactsApi();
    const { user } = await opened();
    await user.click(screen.getByRole("button", { name: "Actions for Contact 1" }));
    const items = await screen.findAllByRole("menuitem");
    expect(items.map((item) => item.textContent)).toEqual(["Send Flow", "Edit", "Delete"]);
    await pick(user, "Send Flow");
    const dialog = await screen.findByRole("dialog");
    expect(within(dialog).getByText("Send Flow to Contact")).toBeTruthy();
    expect(within(dialog).getByText("Contact 1")).toBeTruthy();
  });

  it("sends to those ticked, by name", async () => {
    contactsApi();
    const { user } = await opened();
    for (const name of ["Contact 2", "Contact 0"]) await user.click(tick(name));
    expect(screen.getByText("2 selected")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Send Flow" }));
    const dialog = await screen.findByRole("dialog");
    expect(within(dialog).getByText("Selected Contacts (2):")).toBeTruthy();
    expect(within(dialog).getByText("Contact 2")).toBeTruthy();
  });

  it("offers all that match once the page is selected, and sends the filter instead of ids", async () => {
    const server = contactsApi();
    const { user } = await opened("/contacts?filter=lead_status.is.New");
    await user.click(screen.getByRole("checkbox", { name: "Select all loaded rows" }));
    expect(screen.getByText(/All 50 loaded are selected/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Select all 10,000 contacts that match" }));
    expect(screen.getByText("All 10,000 selected")).toBeTruthy();
    await user.click(tick("Contact 3"));
    expect(screen.getByText("9,999 selected, all except 1")).toBeTruthy();
    server.bulkContacts = () => ({ success: true, matched: 9999, changed: 9998 });
    await user.click(screen.getByRole("button", { name: "Bulk Actions" }));
    await pick(user, "Change Status");
    await user.type(await screen.findByLabelText("Lead status"), "Customer");
    await user.click(screen.getByRole("button", { name: "Change 9,999 contacts" }));
    await waitFor(() => expect(server.calls.some(({ id }) => id === "bulkContacts")).toBe(true));
    expect(server.calls.find(({ id }) => id === "bulkContacts")?.body).toEqual({
      selection: {
        type: "filter",
        filter: { tests: [{ field: "lead_status", operator: "is", value: "New" }] },
        excluded: [uuid(3)],
      },
      action: { type: "change_status", leadStatus: "Customer" },
    });
    expect(await screen.findByText(/9,998 contacts are now “Customer”/)).toBeTruthy();
  });

  it("gives up “all that match” when something else is searched, and says so", async () => {
    contactsApi();
    const { user, address } = await opened();
    await user.click(screen.getByRole("checkbox", { name: "Select all loaded rows" }));
    await user.click(screen.getByRole("button", { name: "Select all 10,000 contacts" }));
    await user.type(screen.getByRole("searchbox"), "ada{Enter}");
    expect(await screen.findByText("Selection cleared")).toBeTruthy();
    expect(screen.queryByRole("region", { name: "Selection" })).toBeNull();
    expect(address()).toBe("/contacts?q=ada");
    expect(document.activeElement).toBe(screen.getByRole("searchbox"));
  });

  it("keeps what was ticked when something else is searched", async () => {
    contactsApi();
    const { user } = await opened();
    await user.click(tick("Contact 9"));
    await user.type(screen.getByRole("searchbox"), "ada{Enter}");
    await waitFor(() => expect(screen.queryByRole("row", { name: "Contact 9" })).toBeNull());
    expect(screen.getByText("1 selected")).toBeTruthy();
  });

  it("opens what a link says: search, filter, order, and the contact's panel", async () => {
    const server = contactsApi();
    Object.assign(server, {
      getContact: () => people[1],
      listSuppressions: () => ({ items: [], nextCursor: null, total: 0 }),
      listConsents: () => ({ items: [] }),
      listExecutions: () => ({ items: [], nextCursor: null }),
    });
    await opened(`/contacts?filter=dnc.is.false;email.is_not_empty&sort=name&direction=asc&contact=${uuid(1)}`);
    expect(screen.getByRole("button", { name: "Change filter: E-mail is not empty" })).toBeTruthy();
    const list = server.calls.find(({ id }) => id === "listContacts")?.query as Record<string, string>;
    expect(list).toMatchObject({ sort: "name", direction: "asc", limit: "50" });
    expect(JSON.parse(list.filter ?? "")).toEqual({
      tests: [
        { field: "dnc", operator: "is", value: false },
        { field: "email", operator: "is_not_empty" },
      ],
    });
    expect(screen.getByRole("columnheader", { name: "Name" }).getAttribute("aria-sort")).toBe("ascending");
    expect(await screen.findByText("No flow has been sent to this contact yet.")).toBeTruthy();
  });

  it("says before it deletes what that ends and what stays, and forgets the deleted", async () => {
    const server = contactsApi();
    Object.assign(server, {
      listExecutions: () => ({ items: [], nextCursor: null }),
      deleteContact: () => ({ success: true }),
    });
    const { user } = await opened();
    await user.click(tick("Contact 4"));
    await user.click(screen.getByRole("button", { name: "Actions for Contact 4" }));
    await pick(user, "Delete");
    const dialog = await screen.findByRole("alertdialog");
    expect(within(dialog).getByText("Delete Contact 4?")).toBeTruthy();
    expect(within(dialog).getByText(/The history of what was sent stays, without the name/)).toBeTruthy();
    expect(server.calls.some(({ id }) => id === "deleteContact")).toBe(false);
    await user.click(within(dialog).getByRole("button", { name: "Delete contact" }));
    expect(await screen.findByText("Contact 4 was deleted")).toBeTruthy();
    await waitFor(() => expect(screen.queryByRole("region", { name: "Selection" })).toBeNull());
  });

  it("deletes more than a hundred only after their number was typed", async () => {
    const server = contactsApi();
    Object.assign(server, { bulkContacts: () => ({ success: true, matched: 10_000, changed: 10_000 }) });
    const { user } = await opened();
    await user.click(screen.getByRole("checkbox", { name: "Select all loaded rows" }));
    await user.click(await screen.findByRole("button", { name: "Select all 10,000 contacts" }));
    await user.click(screen.getByRole("button", { name: "Bulk Actions" }));
    await pick(user, "Delete");
    const dialog = await screen.findByRole("alertdialog");
    const remove = within(dialog).getByRole<HTMLButtonElement>("button", { name: "Delete 10,000 contacts" });
    expect(remove.disabled).toBe(true);
    const number = within(dialog).getByLabelText("Type 10,000 to delete them");
    await user.type(number, "1000");
    expect(remove.disabled).toBe(true);
    await user.clear(number);
    await user.type(number, "10,000");
    await user.click(remove);
    expect(await screen.findByText("10,000 contacts deleted")).toBeTruthy();
  });

  it("asks where and when consent was given before it takes an opt-out back", async () => {
    const server = contactsApi();
    const stored = contact(4, { smsOptedOutAt: at, optOutSource: "manual" });
    Object.assign(server, {
      listContacts: () => ({ items: [people[0], stored], nextCursor: null }),
      updateContact: () => ({ ...stored, smsOptedOutAt: null, optOutSource: null }),
    });
    const { user } = await opened();
    await user.click(await screen.findByRole("button", { name: "Actions for Contact 4" }));
    await pick(user, "Edit");
    await user.click(await screen.findByRole("checkbox", { name: "Opted out of SMS" }));
    await user.click(screen.getByRole("button", { name: "Save contact" }));
    expect(await screen.findByText("Say where the contact gave this consent")).toBeTruthy();
    expect(server.calls.some(({ id }) => id === "updateContact")).toBe(false);
    await user.type(screen.getByLabelText(/Where it was given/), "Spring fair");
    await user.type(screen.getByLabelText(/When it was given/), "2026-05-04");
    await user.click(screen.getByRole("button", { name: "Save contact" }));
    expect(await screen.findByText("Contact 4 was saved")).toBeTruthy();
    expect(server.calls.find(({ id }) => id === "updateContact")?.body).toEqual({
      smsOptedOut: false,
      consent: { where: "Spring fair", givenAt: "2026-05-04" },
    });
  });
});

describe("filtering", () => {
  it("refuses a test without a value, then adds it to the address and changes it by its chip", async () => {
    contactsApi();
    const { user, address } = await opened();
    await user.click(screen.getByRole("button", { name: "Filter" }));
    await user.selectOptions(await screen.findByLabelText("Operator"), "in");
    await user.click(screen.getByRole("button", { name: "Add filter" }));
    expect(await screen.findByText("One or more values are needed")).toBeTruthy();
    await user.click(screen.getByLabelText("Customer"));
    await user.click(screen.getByRole("button", { name: "Add filter" }));
    await waitFor(() => expect(address()).toBe("/contacts?filter=lead_status.in.Customer"));
    await user.click(screen.getByRole("button", { name: "Change filter: Lead status is any of Customer" }));
    await user.selectOptions(await screen.findByLabelText("Field"), "created_at");
    await user.selectOptions(screen.getByLabelText("Operator"), "in_last_days");
    await user.click(screen.getByRole("button", { name: "Apply filter" }));
    await waitFor(() => expect(address()).toBe("/contacts?filter=created_at.in_last_days.7"));
    await user.click(screen.getByRole("button", { name: "Remove filter: Added in the last 7 days" }));
    await waitFor(() => expect(address()).toBe("/contacts"));
  });
});

describe("adding a contact", () => {
  it("shows each problem at its field and loses nothing that was typed", async () => {
    const server = contactsApi();
    server.createContact = () => {
      throw new Refusal("invalid_request", "The contact cannot be saved", [{ path: "timeZone", message: "No such time zone" }]);
    };
    const { user } = await opened("/contacts?new=1");
    const panel = await screen.findByRole("dialog", { name: "Add contact" });
    await user.click(within(panel).getByRole("button", { name: "Add contact" }));
    expect(await screen.findByText(/without any of them nobody can be found/)).toBeTruthy();
    await user.type(screen.getByLabelText("First name"), "Ada");
    await user.type(screen.getByLabelText(/Time zone/), "Mars");
    await user.click(screen.getByRole("button", { name: "Add contact" }));
    expect(await screen.findByText("No such time zone")).toBeTruthy();
    expect(screen.getByLabelText<HTMLInputElement>("First name").value).toBe("Ada");
  });

  it("shows who is here already before a second one is saved, and adds another person only when told to", async () => {
    const server = contactsApi();
    const bodies: unknown[] = [];
    server.createContact = ({ body }) => {
      bodies.push(body);
      if (!body.evenIfTwin) throw new Refusal("contact_exists", "Contact 1 is here already.", [{ path: "phoneNumber", message: "taken" }]);
      return contact(99);
    };
    server.listTwins = () => ({ items: [{ contact: contact(1), same: ["phoneNumber"], likely: true }] });
    server.getContact = () => contact(99);
    server.listExecutions = () => ({ items: [], nextCursor: null });
    server.listSuppressions = () => ({ items: [], nextCursor: null, total: 0 });
    const { user, address } = await opened("/contacts?new=1");
    await user.type(await screen.findByLabelText("First name"), "Contact");
    await user.type(screen.getByLabelText(/^Phone/), "4155550001");
    await user.click(screen.getByRole("button", { name: "Add contact" }));
    expect(await screen.findByRole("button", { name: "Open Contact 1" })).toBeTruthy();
    expect(screen.getByText(/The same number/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Add as another person" }));
    await waitFor(() => expect(address()).toContain(uuid(99)));
    expect(bodies).toMatchObject([{ evenIfTwin: false }, { evenIfTwin: true, phoneNumber: "4155550001" }]);
  });
});
