import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Consent } from "#contract/consents.ts";
import type { Contact } from "#contract/contacts.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { RecordConsent } from "./record-consent.tsx";

const contact = (more: Partial<Contact> = {}) =>
  ({
    id: "0198a1b0-0000-7000-8000-000000000001",
    displayName: "Ada",
    dnc: false,
    smsOptedOutAt: null,
    emailOptedOutAt: null,
    phoneE164: "+14155552671",
    email: "ada@example.test",
    ...more,
  }) as Contact;
const written: Consent = {
  id: "0198a1b0-0000-7000-8000-000000000002",
  channel: "email",
  state: "opted_in",
  source: "form",
  evidence: "Form",
  textShown: null,
  address: "ada@example.test",
  givenAt: "2026-05-03T13:00:00.000Z",
  actorName: "Owner",
  createdAt: "2026-05-03T13:00:00.000Z",
};
const button = () => screen.queryByRole("button", { name: "Record consent" });
const optedOutAt = "2026-05-03T13:00:00.000Z";

describe("recording a consent", () => {
  it.each([
    ["who must not be contacted", { dnc: true }],
    ["who has opted out of everything", { smsOptedOutAt: optedOutAt, emailOptedOutAt: optedOutAt }],
    ["who has no address for which it could count", { phoneE164: null, email: null }],
  ])("is not offered for a contact %s", async (_, more) => {
    await renderUi(<RecordConsent contact={contact(more)} />);
    expect(button()).toBeNull();
  });

  it("asks for what proves it before it asks the server, and tells a refusal where it is", async () => {
    const server = fakeApi({
      addConsent: () => {
        throw new Refusal("consent_withdrawn", "This contact has refused SMS themselves.");
      },
    });
    const { user } = await renderUi(<RecordConsent contact={contact()} />);
    await user.click(button() as HTMLElement);
    const dialog = await screen.findByRole("dialog");
    const [confirm] = screen.getAllByRole("button", { name: "Record consent" }).filter((one) => dialog.contains(one));
    await user.click(confirm as HTMLElement);
    expect(await screen.findByText("Say where the contact gave this consent")).toBeDefined();
    expect(server.calls).toEqual([]);
    await user.type(screen.getByLabelText(/Where it was given/), "Spring fair");
    await user.type(screen.getByLabelText(/What they were shown/), "Yes to offers");
    await user.click(confirm as HTMLElement);
    expect(await screen.findByText("This contact has refused SMS themselves.")).toBeDefined();
    expect(server.calls[0]?.body).toMatchObject({ channel: "sms", source: "form", where: "Spring fair", textShown: "Yes to offers" });
  });

  it("offers only the channel that is open, and closes when it is written down", async () => {
    const server = fakeApi({ addConsent: () => written });
    const { user } = await renderUi(<RecordConsent contact={contact({ smsOptedOutAt: optedOutAt })} />);
    await user.click(button() as HTMLElement);
    const dialog = await screen.findByRole("dialog");
    expect(screen.queryByText("They agreed to")).toBeNull();
    await user.type(screen.getByLabelText(/Where it was given/), "Form");
    const [confirm] = screen.getAllByRole("button", { name: "Record consent" }).filter((one) => dialog.contains(one));
    await user.click(confirm as HTMLElement);
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(server.calls[0]?.body).toMatchObject({ channel: "email", where: "Form" });
  });
});
