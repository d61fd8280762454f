import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { SendingDomain as Domain } from "#contract/sending-domain.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { SendingDomain } from "./sending-domain.tsx";

const record = { type: "TXT" as const, name: "_dmarc.salon.com", value: "v=DMARC1; p=none" };
const unproven: Domain = {
  domain: "salon.com",
  isReserved: false,
  report: {
    domain: "salon.com",
    checkedAt: "2026-11-01T00:00:00Z",
    rows: [
      { id: "spf", state: "good", text: "The servers that may send are named.", found: ["v=spf1 -all"], record: null },
      { id: "dkim", state: "warn", text: "There is a key.", found: [], record: null },
      { id: "dmarc", state: "bad", text: "Enter this record.", found: [], record },
      { id: "mx", state: "unknown", text: "DNS did not answer.", found: [], record: null },
    ],
  },
  statement: null,
  proof: null,
  usedToday: 321,
};
const show = (role: "viewer" | "admin" = "admin") => renderUi(<SendingDomain />, { role });

describe("the check of the sending domain", () => {
  it("says what of it is right and wrong, each with a word, and gives the record to copy", async () => {
    fakeApi({ getSendingDomain: () => unproven });
    await show();
    const rows = await screen.findByRole("list", { name: "Records of the domain" });
    expect(within(rows).getAllByRole("listitem")).toHaveLength(4);
    for (const word of ["Right", "Look at it", "Wrong", "No answer"]) expect(within(rows).getByText(word)).toBeDefined();
    expect((within(rows).getByLabelText(/^Value of the TXT record/) as HTMLInputElement).value).toBe(record.value);
    expect(screen.getByText(/No more than 500 marketing e-mails/)).toBeDefined();
    expect(screen.getByText(/Used of this day: 321/)).toBeDefined();
  });

  it("is shown to a viewer, who can do nothing about it", async () => {
    fakeApi({ getSendingDomain: () => unproven });
    await show("viewer");
    await screen.findByRole("list", { name: "Records of the domain" });
    expect(screen.queryByRole("button", { name: "Check now" })).toBeNull();
    expect(screen.queryByRole("button", { name: "Vouch for the domain" })).toBeNull();
  });

  it("is done again on demand, and the limit goes with a good one", async () => {
    fakeApi({ getSendingDomain: () => unproven, checkSendingDomain: () => ({ ...unproven, proof: "checked" }) });
    const { user } = await show();
    await user.click(await screen.findByRole("button", { name: "Check now" }));
    await waitFor(() => expect(screen.queryByText(/No more than 500/)).toBeNull());
  });

  it("shows nothing where e-mail stays here, and that there is nothing to check for a domain of tests", async () => {
    const server = fakeApi({ getSendingDomain: () => ({ ...unproven, domain: null, report: null }) });
    await show();
    await waitFor(() => expect(server.calls).toHaveLength(1));
    expect(screen.queryByText(/Sending domain/)).toBeNull();
  });
});

describe("a statement about the domain", () => {
  it("is recorded with a sentence, and shown with who gave it", async () => {
    const statement = { text: "Our hoster set them in May.", byName: "Ada", at: "2026-11-01T00:00:00Z" };
    const server = fakeApi({
      getSendingDomain: () => unproven,
      stateSendingDomain: ({ body }) =>
        body.text === null ? unproven : { ...unproven, proof: "stated", statement: { ...statement, text: body.text } },
    });
    const { user } = await show();
    await user.click(await screen.findByRole("button", { name: "Vouch for the domain" }));
    const button = screen.getByRole<HTMLButtonElement>("button", { name: "Record the statement" });
    expect(button.disabled).toBe(true);
    await user.type(screen.getByRole("textbox", { name: /Who has set the records/ }), statement.text);
    await user.click(button);
    expect(await screen.findByText("Ada vouches for the domain")).toBeDefined();
    await user.click(screen.getByRole("button", { name: "Take back" }));
    expect(await screen.findByRole("button", { name: "Vouch for the domain" })).toBeDefined();
    expect(server.calls.filter(({ id }) => id === "stateSendingDomain").map(({ body }) => body)).toEqual([
      { text: statement.text },
      { text: null },
    ]);
  });

  it("tells why it was refused", async () => {
    fakeApi({
      getSendingDomain: () => unproven,
      stateSendingDomain: () => {
        throw new Refusal("conflict", "E-mail of this workspace stays on this machine.");
      },
    });
    const { user } = await show();
    await user.click(await screen.findByRole("button", { name: "Vouch for the domain" }));
    await user.type(screen.getByRole("textbox", { name: /Who has set the records/ }), "Our hoster set them.");
    await user.click(screen.getByRole("button", { name: "Record the statement" }));
    expect(await screen.findByText("E-mail of this workspace stays on this machine.")).toBeDefined();
  });
});
