import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { SendPreview } from "#contract/sends.ts";
import { allReceive, answer, flowApi, send, uuid } from "#test/build-flow.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { one, opened } from "#test/send-flow-dialog.tsx";
import { nobodyLeftOut, readWhoNot, whoNotSummary } from "./who-not.ts";

const leavingOut = (reason: SendPreview["notEnrolled"][number]["reason"], contacts: number) =>
  allReceive(2, { nothing: contacts, notEnrolled: [{ reason, contacts }] });
const api = () => ({ ...flowApi(), listFields: () => ({ items: [], contacts: { looked: 0, isSample: false } }) });

const whoNot = () => screen.getByRole("button", { name: /^Who not/ });
const sendButton = () => screen.getByRole<HTMLButtonElement>("button", { name: "Send Flow" });

describe("who not", () => {
  it("cannot be sent while a number of days or a value is missing, which is said at its field", async () => {
    const server = fakeApi(api());
    const { user } = await opened();
    await user.click(whoNot());
    await user.click(await screen.findByRole("checkbox", { name: "Who got a message" }));
    const days = screen.getByLabelText("Who got a message in the last so many days");
    await user.clear(days);
    expect(await screen.findByText("Type a number of days from 1 to 365")).toBeTruthy();
    expect(sendButton().disabled).toBe(true);
    await user.type(days, "3");
    await waitFor(() => expect(sendButton().disabled).toBe(false));
    await user.click(screen.getByRole("checkbox", { name: "Send only to who meets a condition" }));
    expect(await screen.findByText(/needs a value/)).toBeTruthy();
    expect(sendButton().disabled).toBe(true);
    await user.click(whoNot());
    expect(whoNot().textContent).toContain("Something is missing");
    expect(server.calls.some(({ id }) => id === "createSend")).toBe(false);
  });

  it("tells a refusal of the server in its words", async () => {
    fakeApi({
      ...api(),
      createSend: () => {
        throw new Refusal("invalid_request", "1 of the 1 tests of “condition” cannot be asked of all contacts at once.");
      },
    });
    const { user } = await opened();
    await user.click(sendButton());
    expect(await screen.findByText(/cannot be asked of all contacts at once/)).toBeTruthy();
  });

  it("is one folded line that leaves nobody out, and for one contact there is none", async () => {
    const server = fakeApi({ ...api(), createSend: ({ body }) => answer(send(body.sendId ?? "", { total: 2, enrolled: 2 })) });
    const { user, unmount } = await opened();
    expect(whoNot().getAttribute("aria-expanded")).toBe("false");
    expect(whoNot().textContent).toContain("Everybody chosen gets it");
    await user.click(sendButton());
    await waitFor(() => expect(server.calls.some(({ id }) => id === "createSend")).toBe(true));
    const body = server.calls.find(({ id }) => id === "createSend")?.body as Record<string, unknown>;
    expect([body.exclude, body.condition]).toEqual([undefined, undefined]);
    unmount();
    fakeApi(api());
    await opened(one);
    expect(screen.queryByRole("button", { name: /^Who not/ })).toBeNull();
  });

  it("says beside each how many it leaves out, and the count, the forecast and the send are asked with it", async () => {
    const server = fakeApi({
      ...api(),
      previewSend: ({ body }) => (body.exclude?.messagedDays === 5 ? leavingOut("messaged_recently", 1) : allReceive(2)),
      createSend: ({ body }) => answer(send(body.sendId ?? "", { total: 2, enrolled: 1, notEnrolled: 1 })),
      listSendSkips: () => ({ items: [{ contactId: uuid(5), contactName: "John Doe", reason: "messaged_recently" }], nextCursor: null }),
    });
    const { user } = await opened();
    await user.click(whoNot());
    await user.click(await screen.findByRole("checkbox", { name: "Who got a message" }));
    await waitFor(() => expect(screen.getByText("leaves out nobody")).toBeTruthy());
    const days = screen.getByLabelText("Who got a message in the last so many days");
    await user.clear(days);
    await user.type(days, "5");
    expect(await screen.findByText("leaves out 1")).toBeTruthy();
    await user.click(whoNot());
    expect(whoNot().textContent).toContain("Not who got a message in the last 5 days");
    await waitFor(() =>
      expect(server.calls.some(({ id, body }) => id === "forecastSend" && (body as { exclude?: unknown }).exclude)).toBe(true),
    );
    await user.click(sendButton());
    expect(await screen.findByText("Got a message recently")).toBeTruthy();
    const bodies = (id: string) => server.calls.filter((call) => call.id === id).map(({ body }) => body as { exclude?: unknown });
    expect(bodies("createSend")).toEqual([expect.objectContaining({ exclude: { messagedDays: 5 } })]);
    expect(bodies("forecastSend").at(-1)).toMatchObject({ exclude: { messagedDays: 5 } });
  });
});

describe("what is left out in one line", () => {
  it("names each, and what is not asked is not there", () => {
    const read = readWhoNot({ ...nobodyLeftOut.draft, hereDays: 1, silentDays: 90, inAnotherFlow: true });
    expect(read.narrowing).toEqual({ exclude: { hereDays: 1, silentDays: 90, inAnotherFlow: true } });
    expect(whoNotSummary(read)).toBe(
      "Not who was in this flow in the last day, not who is in another flow, not who has not replied in the last 90 days",
    );
    expect(readWhoNot({ ...nobodyLeftOut.draft, messagedDays: 366 }).narrowing).toBeNull();
    expect(readWhoNot(nobodyLeftOut.draft).narrowing).toEqual({});
  });
});
