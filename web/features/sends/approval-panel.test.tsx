import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { ApprovalContent, SendApproval } from "#contract/approvals.ts";
import type { ContactForecast } from "#contract/forecasts.ts";
import { buildSend, historyIds } from "#test/build-history.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { chain, node, sms } from "#test/graphs.ts";
import { renderUi } from "#test/render.tsx";
import { ApprovalPanel } from "./approval-panel.tsx";
import { SendSituation } from "./send-situation.tsx";

const clock = { now: Date.parse("2026-05-03T14:00:00Z"), zone: "America/Chicago" };
const waiting = buildSend({
  state: "awaiting_approval",
  approval: "asked",
  total: 120,
  enrolled: 0,
  active: 0,
  completed: 0,
  forecastId: null,
});
const ask: SendApproval = {
  sendId: waiting.id,
  state: "asked",
  hash: "h1",
  round: 1,
  askedAt: "2026-05-03T13:00:00.000Z",
  askedByName: "Eve",
  contacts: 120,
  contactsNow: 121,
  returned: null,
  decidedAt: null,
  decidedByName: null,
  comment: null,
  flow: { version: 3, hasChanged: false, isArchived: false, isOwn: false },
  audience: { type: "ids" },
  startPassed: false,
  isTooLate: false,
  limits: { perContactDay: 50, marketingPerDay: 2, marketingPerWeek: null },
  mayNot: null,
};
const step = { visit: 1, attempt: 1, exit: null, at: "2026-05-03T14:00:00.000Z", until: null, assumed: null };
const sample: ContactForecast = {
  contactId: historyIds.flow,
  name: "Ada Lovelace",
  notStarted: null,
  steps: [
    {
      ...{ ...step, nodeId: "sms", type: "send_sms", label: "Greeting", status: "completed", reason: null },
      message: { channel: "sms", to: "+12025550100", subject: null, text: "Hi Ada", html: null, segments: 1 },
    },
    { ...step, nodeId: "mail", type: "send_email", label: "Letter", status: "skipped", reason: "no_email", message: null },
  ],
  end: null,
};

const plain: ApprovalContent = { ownValues: [], graph: null };

async function shown(
  change: Partial<SendApproval> = {},
  role: "viewer" | "editor" | "admin" = "admin",
  content: Partial<ApprovalContent> = {},
) {
  const onChanged = vi.fn();
  const server = fakeApi({
    getSendApproval: () => ({ ...ask, ...change }),
    getApprovalContent: () => ({ ...plain, ...content }),
    getApprovalSample: () => sample,
    listContacts: () => ({ items: [], nextCursor: null, total: 0 }) as never,
  });
  const ui = await renderUi(<ApprovalPanel send={waiting} {...clock} onChanged={onChanged} />, { role });
  await screen.findByText("Asked by");
  return { ...ui, server, onChanged };
}

describe("what is to be approved", () => {
  it("tells who asked, of which version, to how many now, the limits, and the messages of one contact", async () => {
    await shown();
    expect(screen.getByText(/121 contacts now, 120 when it was asked/)).toBeDefined();
    expect(screen.getByText(/, version 3/)).toBeDefined();
    expect(screen.getByText("50 messages a day to one contact, of marketing 2 a day")).toBeDefined();
    expect(await screen.findByRole("heading", { name: "Messages to Ada Lovelace" })).toBeDefined();
    expect(screen.getByText("Hi Ada")).toBeDefined();
    expect(screen.getByText("No e-mail address.")).toBeDefined();
  });

  it.each([
    [{ contactsNow: 130 }, /The audience has moved from 120 contacts to 130 contacts/],
    [{ flow: { version: 3, hasChanged: true, isArchived: false, isOwn: false } }, /An approval now begins nothing/],
    [
      { flow: { version: 3, hasChanged: true, isArchived: true, isOwn: false } },
      /Nobody can approve this send while it is: unarchive the flow first/,
    ],
    [{ startPassed: true }, /Approved now, it begins at once/],
    [{ isTooLate: true }, /It can only be refused or withdrawn/],
    [{ returned: { because: "flow_changed" as const, at: ask.askedAt, contactsBefore: 120 } }, /The flow was changed or published/],
  ])("says what is another than when it was asked: %j", async (change, words) => {
    await shown(change);
    expect(screen.getByText(words)).toBeDefined();
  });

  it("an approval names what was looked at", async () => {
    const { user, server, onChanged } = await shown({ startPassed: true });
    server.approveSend = () => buildSend({ ...waiting, state: "enrolling", approval: "approved" });
    await user.type(screen.getByLabelText(/^Comment/), "Fine");
    await user.click(screen.getByRole("button", { name: "Approve and begin now" }));
    await waitFor(() => expect(onChanged).toHaveBeenCalled());
    expect(server.calls.find(({ id }) => id === "approveSend")?.body).toEqual({ hash: "h1", comment: "Fine", startNow: true });
    expect(await screen.findByText("Send approved")).toBeDefined();
  });

  it("a refusal without a reason is not sent", async () => {
    const { user, server } = await shown();
    await user.click(screen.getByRole("button", { name: "Refuse" }));
    expect(screen.getByText("Say why, so that it can be changed")).toBeDefined();
    expect(server.calls.some(({ id }) => id === "refuseSend")).toBe(false);
  });

  it("what somebody else has decided meanwhile is told, and read anew", async () => {
    const { user, server, onChanged } = await shown();
    server.approveSend = () => {
      throw new Refusal("approval_over", "Olga has approved this send already.");
    };
    await user.click(screen.getByRole("button", { name: "Approve" }));
    expect((await screen.findAllByText("Olga has approved this send already.")).length).toBeGreaterThan(0);
    expect(onChanged).not.toHaveBeenCalled();
    await waitFor(() => expect(server.calls.filter(({ id }) => id === "getSendApproval").length).toBeGreaterThan(1));
  });

  it.each([
    ["own", "admin", /another admin has to decide/],
    ["role", "editor", /Admins and owners decide/],
  ] as const)("who may not decide is told who does: %s", async (mayNot, role, words) => {
    await shown({ mayNot }, role);
    expect(screen.getByText(words)).toBeDefined();
    expect(screen.queryByRole("button", { name: "Approve" })).toBeNull();
  });
});

describe("what the approver sees", () => {
  it("all values of single contacts, and the messages of the one that is chosen", async () => {
    const values = (value: string) => [{ name: "code", label: "Code", value }];
    const [ada, ben] = [historyIds.contact, historyIds.execution];
    const { user, server } = await shown({}, "admin", {
      ownValues: [
        { contactId: ada, name: "Ada Lovelace", values: values("1111") },
        { contactId: ben, name: "Ben", values: values("2222") },
        { contactId: historyIds.send, name: null, values: values("3333") },
      ],
    });
    await user.click(await screen.findByText("3 contacts have values of their own"));
    for (const code of ["1111", "2222", "3333"]) expect(screen.getByText(`Code: ${code}`)).toBeDefined();
    expect(screen.getByText("A contact that is not there any more")).toBeDefined();
    server.getApprovalSample = ({ query }) => ({
      ...sample,
      contactId: query.contactId ?? ada,
      name: query.contactId === ben ? "Ben" : "Ada",
    });
    await user.click(screen.getByRole("button", { name: "Show messages to Ben" }));
    expect(await screen.findByRole("heading", { name: "Messages to Ben" })).toBeDefined();
  });

  it("that a flow of its own is not the one whose name it has: its steps and texts, and no link to the stored one", async () => {
    const graph = chain(node("start"), sms("Quite another text"), node("end"));
    await shown({ flow: { version: 7, hasChanged: false, isArchived: false, isOwn: true } }, "admin", { graph });
    expect(screen.getByText(`A flow of its own, not “${waiting.flowName}”`)).toBeDefined();
    expect(screen.queryByRole("link", { name: waiting.flowName })).toBeNull();
    expect(screen.queryByText(/version 7/)).toBeNull();
    expect(await screen.findByText("Quite another text")).toBeDefined();
    expect(screen.getByRole("heading", { name: "The flow of this send" })).toBeDefined();
  });

  it("whom the filter means, with the way to those who match now", async () => {
    const filter = { search: "Ann", tests: [{ field: "lead_status" as const, operator: "is" as const, value: "New" }] };
    await shown({ audience: { type: "filter", filter, excluded: 2 } });
    expect(
      screen.getByText(/All contacts where the search finds “Ann” and Lead status is New, except 2 that were taken out/),
    ).toBeDefined();
    const { searchParams, pathname } = new URL(
      screen.getByRole("link", { name: "Show who matches now" }).getAttribute("href") ?? "",
      "http://localhost",
    );
    expect([pathname, searchParams.get("q"), searchParams.get("filter")]).toEqual(["/contacts", "Ann", "lead_status.is.New"]);
  });

  it.each([
    ["contact_not_found", false],
    ["internal", true],
  ] as const)("a retry only where it may help: %s", async (code, mayHelp) => {
    fakeApi({
      getSendApproval: () => ask,
      getApprovalContent: () => plain,
      getApprovalSample: () => {
        throw new Refusal(code, "There is no sample.");
      },
      listContacts: () => ({ items: [], nextCursor: null, total: 0 }) as never,
    });
    await renderUi(<ApprovalPanel send={waiting} {...clock} onChanged={vi.fn()} />, { role: "admin" });
    expect(await screen.findByText("There is no sample.")).toBeDefined();
    expect(screen.queryByRole("button", { name: "Retry" }) !== null).toBe(mayHelp);
  });

  it("viewers are asked for neither contacts nor texts", async () => {
    const { server } = await shown({ mayNot: "role" }, "viewer");
    expect(server.calls.map(({ id }) => id)).toEqual(["getSendApproval"]);
  });
});

it("a refused send says who refused it and why", async () => {
  fakeApi({ getSendApproval: () => ({ ...ask, state: "refused", comment: "Wrong week", contactsNow: null }) });
  const refused = buildSend({ ...waiting, state: "stopped", approval: "refused", changedByName: "Ann" });
  await renderUi(<SendSituation send={refused} controls={null} {...clock} />);
  expect(await screen.findByText("“Wrong week”")).toBeDefined();
  expect(screen.getByText(/Refused by Ann/)).toBeDefined();
});
