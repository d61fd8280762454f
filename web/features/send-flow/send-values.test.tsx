import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { answer, flowApi, graph, send, uuid, welcome } from "#test/build-flow.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { one, opened } from "#test/send-flow-dialog.tsx";

const inputs = [
  { name: "amount", label: "Amount", type: "number" as const, required: true, help: "In euros" },
  { name: "colour", label: "Colour", type: "choice" as const, required: false, choices: ["Red", "Blue"] },
];
const asking = (asked: unknown = inputs) => {
  const plain = graph(welcome);
  return { ...plain, nodes: plain.nodes.map((node) => (node.type === "start" ? { ...node, data: { config: { inputs: asked } } } : node)) };
};
const api = () => ({
  ...flowApi(),
  getFlow: () => asking(),
  listFields: () => ({
    items: [{ path: "lastname", label: "Last name", group: "contact" as const, kind: "text" as const, filled: 1, looked: 1 }],
    contacts: { looked: 1, isSample: false },
  }),
  nameContacts: () => ({
    items: [
      { id: uuid(5), name: "John Doe", address: null },
      { id: uuid(6), name: "Jane Smith", address: null },
    ],
  }),
});

const fold = () => screen.findByRole("button", { name: /^Values/ });
const sendButton = () => screen.getByRole<HTMLButtonElement>("button", { name: "Send Flow" });
const sentBody = (server: { calls: { id: string; body: unknown }[] }) =>
  server.calls.filter(({ id }) => id === "createSend").map(({ body }) => body);

describe("the values of a flow", () => {
  it("cannot be sent while one that is needed is missing or is of another kind, which is said at its field", async () => {
    const server = fakeApi(api());
    const { user } = await opened();
    expect((await fold()).getAttribute("aria-expanded")).toBe("true");
    const amount = await screen.findByLabelText("Amount");
    expect(await screen.findByText("Needed")).toBeTruthy();
    expect(sendButton().disabled).toBe(true);
    await user.type(amount, "much");
    expect(await screen.findByText("“much” is not a number")).toBeTruthy();
    expect(sendButton().disabled).toBe(true);
    await user.click(await fold());
    expect((await fold()).textContent).toContain("Something is missing");
    expect(sentBody(server)).toEqual([]);
  });

  it("that the flow asks for otherwise by now are read again, and what was typed stays", async () => {
    const server = fakeApi({
      ...api(),
      createSend: () => {
        throw new Refusal("inputs_changed", "The flow asks for other values than when you opened it, so nothing was sent.");
      },
    });
    const { user } = await opened(one);
    await user.type(await screen.findByLabelText("Amount"), "5");
    await waitFor(() => expect(sendButton().disabled).toBe(false));
    Object.assign(server, { getFlow: () => asking([...inputs, { name: "link", label: "Link", type: "text", required: true }]) });
    await user.click(sendButton());
    expect(await screen.findByText(/asks for other values/)).toBeTruthy();
    expect(await screen.findByLabelText("Link")).toBeTruthy();
    expect(screen.getByLabelText<HTMLInputElement>("Amount").value).toBe("5");
    expect(sendButton().disabled).toBe(true);
  });

  it("are no control where the flow asks for none", async () => {
    fakeApi({ ...api(), getFlow: () => graph(welcome) });
    await opened(one);
    expect(screen.queryByRole("button", { name: /^Values/ })).toBeNull();
    expect(sendButton().disabled).toBe(false);
  });

  it("go with the send and with its forecast", async () => {
    const server = fakeApi({ ...api(), createSend: ({ body }) => answer(send(body.sendId ?? "", { total: 2, enrolled: 2 })) });
    const { user } = await opened();
    await user.type(await screen.findByLabelText("Amount"), "1,200");
    await user.selectOptions(screen.getByLabelText("Colour"), "Blue");
    await waitFor(() => expect(sendButton().disabled).toBe(false));
    await waitFor(() =>
      expect(server.calls.some(({ id, body }) => id === "forecastSend" && (body as { values?: object }).values !== undefined)).toBe(true),
    );
    await user.click(sendButton());
    await waitFor(() => expect(sentBody(server)).toHaveLength(1));
    expect(sentBody(server)[0]).toMatchObject({
      values: { amount: "1,200", colour: "Blue" },
      seenInputs: [{ name: "amount" }, { name: "colour" }],
    });
  });

  it("may be read from a field of each contact, with what stands in for it", async () => {
    const server = fakeApi({ ...api(), createSend: ({ body }) => answer(send(body.sendId ?? "", { total: 2, enrolled: 2 })) });
    const { user } = await opened();
    const amount = await screen.findByRole("group", { name: "The value “Amount”" });
    await user.click(within(amount).getByRole("radio", { name: "From each contact" }));
    await user.selectOptions(within(amount).getByRole("combobox"), "lastname");
    expect(await within(amount).findByText(/stands in where the field is empty/)).toBeTruthy();
    await user.type(within(amount).getByLabelText("Where Amount is empty"), "3");
    await waitFor(() => expect(sendButton().disabled).toBe(false));
    await user.click(sendButton());
    await waitFor(() => expect(sentBody(server)).toMatchObject([{ values: { amount: { field: "lastname", fallback: "3" } } }]));
  });

  it("may differ from contact to contact, pasted from a spreadsheet, with what is wrong in its cell", async () => {
    const server = fakeApi({ ...api(), createSend: ({ body }) => answer(send(body.sendId ?? "", { total: 2, enrolled: 2 })) });
    const { user } = await opened();
    await user.click(await screen.findByRole("checkbox", { name: /values of their own/ }));
    const first = await screen.findByLabelText("Amount of John Doe");
    fireEvent.paste(first, { clipboardData: { getData: () => "10\tRed\nmuch\tblue\n" } });
    expect(await screen.findByText("“much” is not a number")).toBeTruthy();
    expect(screen.getByText("1 cell needs a look.")).toBeTruthy();
    expect(sendButton().disabled).toBe(true);
    const second = screen.getByLabelText("Amount of Jane Smith");
    await user.clear(second);
    await user.type(second, "20");
    await waitFor(() => expect(sendButton().disabled).toBe(false));
    await user.click(sendButton());
    await waitFor(() => expect(sentBody(server)).toHaveLength(1));
    expect(sentBody(server)[0]).toMatchObject({
      contactValues: [
        { contactId: uuid(5), values: { amount: "10", colour: "Red" } },
        { contactId: uuid(6), values: { amount: "20", colour: "blue" } },
      ],
    });
  });
});
