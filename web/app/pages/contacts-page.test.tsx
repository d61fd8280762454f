import { createMemoryHistory, createRootRoute, createRoute, createRouter, Outlet, RouterProvider } from "@tanstack/react-router";
import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { BulkJob } from "#contract/bulk-jobs.ts";
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

const bulkJob = (expectedTotal: number): BulkJob => ({
  id: uuid(900),
  action: { type: "change_status", leadStatus: "Customer" },
  undoOf: null,
  state: "freezing",
  expectedTotal,
  total: null,
  changed: 0,
  same: 0,
  skipped: 0,
  failed: 0,
  left: null,
  errorMessage: null,
  createdBy: null,
  createdByName: null,
  createdAt: at,
  finishedAt: null,
  undoUntil: null,
  undoneBy: null,
});

const contactsApi = (total = 10_000) =>
  fakeApi({
    listContacts: ({ query }) => ({ items: query.filter?.search ? people.slice(0, 2) : people, nextCursor: null }),
    countContacts: ({ query }) => ({ total: query.filter?.search ? 2 : total }),
    contactFacets: () => ({ leadStatuses: ["New", "Customer"], conversationStatuses: [], timeZones: [] }),
    listLeadStatuses: () => ({
      items: [{ id: uuid(900), name: "New", color: "blue", kind: "open", isDefault: true }],
    }),
    listSends: () => ({ items: [], nextCursor: null }),
    listFlows: () => ({ items: [], folders: [] }),
    getFirstSteps: () => ({ hidden: true, done: { country: true, timeZone: true, channel: true, contact: true, test: true } }),
  });

/** A page with one row, for what is done beside the list: a search for a role looks at every element that is drawn. */
function oneContactApi() {
  const server = contactsApi(1);
  server.listContacts = () => ({ items: people.slice(0, 1), nextCursor: null });
  return server;
}

/** The page at its place in the app: it reads its address by the route's name. */
const opened = async (
  route = "/contacts",
  role: Role = "owner",
  awaited: () => Promise<unknown> = () => screen.findByRole("row", { name: "Contact 0" }),
) => {
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
  await awaited();
  return { ...ui, address: () => router.state.location.href };
};
/** The list behind an open form is hidden, so the form alone is awaited. */
const openedForm = () => opened("/contacts?new=1", "owner", () => screen.findByRole("dialog", { name: "Add contact" }));
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

describe("a link whose filter cannot be read", () => {
  const broken = "/contacts?filter=lead_status.is.New;secret.is.1";
  const open = () => opened(broken, "owner", () => screen.findByRole("alert"));

  it("lists nobody, asks for nobody, and offers neither a file nor an action on everybody", async () => {
    const server = contactsApi();
    await open();
    expect(screen.getByRole("alert").textContent).toContain("This link's filter cannot be read");
    expect(screen.getByRole("alert").textContent).toContain("secret.is.1");
    expect(screen.queryByRole("row")).toBeNull();
    expect(screen.queryByRole("link", { name: /Export/ })).toBeNull();
    expect(server.calls.map(({ id }) => id)).not.toEqual(expect.arrayContaining(["listContacts"]));
    expect(server.calls.map(({ id }) => id)).not.toEqual(expect.arrayContaining(["countContacts"]));
  });

  it("stays unreadable through other changes, and lists everybody only when told to", async () => {
    contactsApi();
    const { user, address } = await open();
    await user.click(screen.getByRole("button", { name: "Add contact" }));
    await waitFor(() => expect(address()).toContain("new="));
    expect(decodeURIComponent(address())).toContain("secret.is.1");
    await user.keyboard("{Escape}");
    await user.click(await screen.findByRole("button", { name: "Show all contacts" }));
    expect(await screen.findByRole("row", { name: "Contact 0" })).toBeTruthy();
    expect(address()).toBe("/contacts");
  });
});

describe("the contacts page", () => {
  it("offers in a row's menu what works: Send Flow, Edit, for admins Export everything, Delete", async () => {
    contactsApi();
    const { user } = await opened();
    await user.click(screen.getByRole("button", { name: "Actions for Contact 1" }));
    const items = await screen.findAllByRole("menuitem");
    expect(items.map((item) => item.textContent)).toEqual(["Send Flow", "Edit", "Export everything", "Delete"]);
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
    server.createBulkJob = () => bulkJob(9_999);
    server.listBulkJobs = () => ({ items: [], nextCursor: null });
    await user.click(screen.getByRole("button", { name: "Bulk Actions" }));
    await pick(user, "Change Status");
    await user.type(await screen.findByLabelText("Lead status"), "Customer");
    await user.click(screen.getByRole("button", { name: "Change 9,999 contacts" }));
    await waitFor(() => expect(server.calls.some(({ id }) => id === "createBulkJob")).toBe(true));
    expect(server.calls.find(({ id }) => id === "createBulkJob")?.body).toEqual({
      jobId: expect.any(String),
      expectedTotal: 9_999,
      selection: {
        type: "filter",
        filter: { tests: [{ field: "lead_status", operator: "is", value: "New" }] },
        excluded: [uuid(3)],
      },
      action: { type: "change_status", leadStatus: "Customer" },
    });
    // The tray, which is not on this page, tells how the job goes on.
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
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
      contactReach: () => ({ sms: null, email: null }),
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
    expect(within(dialog).getByText(/lies in the bin for 30 days.*the history of what was sent stays, without the name/)).toBeTruthy();
    expect(server.calls.some(({ id }) => id === "deleteContact")).toBe(false);
    await user.click(within(dialog).getByRole("button", { name: "Delete contact" }));
    expect(await screen.findByText("Deleted Contact 4")).toBeTruthy();
    await waitFor(() => expect(screen.queryByRole("region", { name: "Selection" })).toBeNull());
  });

  it("says of a contact in the bin who deleted it and when it is erased, and restores it", async () => {
    const server = contactsApi();
    Object.assign(server, {
      getContact: () => {
        throw new Refusal("contact_not_found", "There is no such contact in this workspace.");
      },
      getFromBin: () => ({
        id: uuid(77),
        displayName: "Bin Nina",
        email: null,
        phoneNumber: null,
        deletedAt: "2026-11-20T10:00:00.000Z",
        deletedByName: "Eve",
        erasedAt: "2026-12-20T10:00:00.000Z",
      }),
      restoreFromBin: () => ({ restored: 1, ids: [uuid(77)] }),
    });
    const { user } = await opened(`/contacts?contact=${uuid(77)}`);
    expect(await screen.findByText("Bin Nina is in the bin")).toBeTruthy();
    expect(screen.getByText(/by Eve/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Restore" }));
    expect(await screen.findByText("Bin Nina is restored")).toBeTruthy();
  });

  it("deletes more than a hundred only after their number was typed", async () => {
    const server = contactsApi();
    let refusals = 0;
    Object.assign(server, {
      createBulkJob: () => {
        refusals += 1;
        if (refusals === 1) throw new Refusal("confirmation_needed", "This deletes 10,001 contacts. Type this number to confirm.");
        return bulkJob(10_000);
      },
    });
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
    expect(await within(dialog).findByText(/This deletes 10,001 contacts/)).toBeTruthy();
    await user.click(remove);
    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
    const bodies = server.calls.filter(({ id }) => id === "createBulkJob").map(({ body }) => body as { jobId: string });
    expect(bodies[0]).toEqual({
      jobId: expect.any(String),
      selection: { type: "filter", filter: { tests: [] }, excluded: [] },
      action: { type: "delete" },
      expectedTotal: 10_000,
      confirm: 10_000,
    });
    // Another try is the same job to the server.
    expect(bodies[1]?.jobId).toBe(bodies[0]?.jobId);
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
    const server = oneContactApi();
    server.createContact = () => {
      throw new Refusal("invalid_request", "The contact cannot be saved", [{ path: "timeZone", message: "No such time zone" }]);
    };
    const { user } = await openedForm();
    const panel = within(screen.getByRole("dialog", { name: "Add contact" }));
    await user.click(panel.getByRole("button", { name: "Add contact" }));
    expect(await screen.findByText(/without any of them nobody can be found/)).toBeTruthy();
    await user.type(screen.getByLabelText("First name"), "Ada");
    await user.type(screen.getByLabelText(/Time zone/), "Mars");
    await user.click(panel.getByRole("button", { name: "Add contact" }));
    expect(await screen.findByText("No such time zone")).toBeTruthy();
    expect(screen.getByLabelText<HTMLInputElement>("First name").value).toBe("Ada");
  });

  it("shows who is here already before a second one is saved, and adds another person only when told to", async () => {
    const server = oneContactApi();
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
    const { user, address } = await openedForm();
    const panel = within(screen.getByRole("dialog", { name: "Add contact" }));
    await user.type(panel.getByLabelText("First name"), "Contact");
    await user.type(screen.getByLabelText(/^Phone/), "4155550001");
    await user.click(panel.getByRole("button", { name: "Add contact" }));
    expect(await panel.findByRole("button", { name: "Open Contact 1" })).toBeTruthy();
    expect(screen.getByText(/The same number/)).toBeTruthy();
    await user.click(panel.getByRole("button", { name: "Add as another person" }));
    await waitFor(() => expect(address()).toContain(uuid(99)));
    expect(bodies).toMatchObject([{ evenIfTwin: false }, { evenIfTwin: true, phoneNumber: "4155550001" }]);
  });
});
