import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { answer, collisions, flowApi, send, uuid } from "#test/build-flow.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { one, opened } from "#test/send-flow-dialog.tsx";
import type { Audience } from "./audience.ts";

const all: Audience = { selection: { type: "filter", filter: { tests: [] }, excluded: [] }, total: 2160, names: [], words: "All contacts" };
const api = () => ({ ...flowApi(), listFields: () => ({ items: [], contacts: { looked: 0, isSample: false } }) });
const busy = () => {
  const flows = [{ flowId: uuid(8), flowName: "Spring offer", messages: 2 }];
  const days = collisions().days.map((day, index) => (index === 2 ? { ...day, messages: 2, contacts: 2, flows } : day));
  return collisions({
    planned: 2,
    days,
    cap: { perDay: 1, perWeek: 4 },
    who: [
      { contactId: uuid(5), name: "John Doe", messages: 1, isFull: true, lastAt: "2030-05-05T09:00:00Z" },
      { contactId: uuid(6), name: "Jane Smith", messages: 1, isFull: false, lastAt: "2030-05-05T09:00:00Z" },
    ],
    lastAt: "2030-05-05T09:00:00Z",
  });
};

const fold = () => screen.getByRole("button", { name: /^Next 7 days/ });
const sendButton = () => screen.getByRole<HTMLButtonElement>("button", { name: "Send Flow" });

describe("what the contacts get anyway", () => {
  it("is not asked for one contact, and of too many contacts the line says that it is not looked at", async () => {
    const server = fakeApi(api());
    const { unmount } = await opened(one);
    expect(screen.queryByRole("button", { name: /^Next 7 days/ })).toBeNull();
    unmount();
    const { user } = await opened(all);
    expect(fold().textContent).toContain("Looked at for up to 1,000 contacts");
    await user.click(fold());
    expect(screen.getByText(/is looked at for 1,000 at most/)).toBeTruthy();
    expect(server.calls.some(({ id }) => id === "findCollisions")).toBe(false);
  });

  it("that is not known does not keep anybody from sending, and can be asked again", async () => {
    let failures = 1;
    fakeApi({
      ...api(),
      findCollisions: () => {
        failures -= 1;
        if (failures >= 0) throw new Refusal("internal", "The database took too long.");
        return collisions();
      },
    });
    const { user } = await opened();
    await waitFor(() => expect(fold().textContent).toContain("Not known"));
    expect(sendButton().disabled).toBe(false);
    await user.click(fold());
    await user.click(await screen.findByRole("button", { name: "Retry" }));
    expect(await screen.findByText(/None of these 2 contacts gets a message/)).toBeTruthy();
  });

  it("is told by day and flow, with who is at the limit; they are left out by one press and taken in again by another", async () => {
    const server = fakeApi({
      ...api(),
      findCollisions: busy,
      createSend: ({ body }) => answer(send(body.sendId ?? "", { total: 2, enrolled: 1 })),
    });
    const { user } = await opened();
    await waitFor(() => expect(fold().textContent).toContain("2 contacts get 2 other messages, 1 at the limit"));
    await user.click(fold());
    const table = within(await screen.findByRole("table", { name: "Messages by day and flow" }));
    expect(table.getAllByRole("cell").map(({ textContent }) => textContent)).toEqual(["0", "0", "2", "0", "0", "0", "0"]);
    expect(screen.getByText(/At most 1 a day and 4 in seven days/)).toBeTruthy();
    const leave = screen.getByRole("button", { name: "Leave out the 1 at the limit" });
    await user.click(leave);
    expect(leave.getAttribute("aria-pressed")).toBe("true");
    expect(screen.getByRole("button", { name: /^Who not/ }).textContent).toContain("Not 1 contact taken out by hand");
    await user.click(leave);
    expect(screen.getByRole("button", { name: /^Who not/ }).textContent).toContain("Everybody chosen gets it");
    await user.click(screen.getByRole("button", { name: "Leave out all 2 who get something" }));
    await user.click(screen.getByRole("button", { name: /^Who not/ }));
    await user.click(await screen.findByRole("checkbox", { name: "2 contacts that you took out" }));
    await user.click(leave);
    await waitFor(() => expect(sendButton().disabled).toBe(false));
    await user.click(sendButton());
    await waitFor(() => expect(server.calls.some(({ id }) => id === "createSend")).toBe(true));
    expect(server.calls.find(({ id }) => id === "createSend")?.body).toMatchObject({ exclude: { contacts: [uuid(5)] } });
  });

  it("fills in a time after the last of them", async () => {
    fakeApi({ ...api(), findCollisions: busy });
    const { user } = await opened();
    await waitFor(() => expect(fold().textContent).toContain("at the limit"));
    await user.click(fold());
    await user.click(await screen.findByRole("button", { name: /^Start after that, 6 May 2030 9:00/ }));
    expect(await screen.findByDisplayValue("2030-05-06T09:00")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Schedule Flow" })).toBeTruthy();
  });
});
