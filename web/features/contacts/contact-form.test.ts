import { describe, expect, it } from "vitest";
import { type Contact, ContactInput, ContactPatch } from "#contract/contacts.ts";
import { consentProblems, isNobody, toDraft, toInput, toPatch } from "./contact-form.ts";

const ada: Contact = {
  id: "019a0000-0000-7000-8000-000000000001",
  displayName: "Ada Lovelace",
  name: null,
  firstname: "Ada",
  lastname: "Lovelace",
  email: "ada@example.com",
  phoneNumber: "+44 20 7946 0000",
  phoneE164: "+442079460000",
  leadStatus: null,
  conversationStatus: "New",
  timeZone: "Europe/London",
  smsOptedOutAt: "2026-05-03T09:00:00Z",
  emailOptedOutAt: null,
  optOutSource: "reply STOP",
  dnc: false,
  metadata: {},
  createdAt: "2026-01-01T00:00:00Z",
  updatedAt: "2026-01-01T00:00:00Z",
};

describe("the contact form", () => {
  it("is nobody until there is a name, an address or a number", () => {
    expect(isNobody(toDraft(null))).toBe(true);
    expect(isNobody({ ...toDraft(null), email: "  ", leadStatus: "New" })).toBe(true);
    expect(isNobody({ ...toDraft(null), phoneNumber: "1" })).toBe(false);
  });

  it("sends nothing when nothing was changed, spaces apart", () => {
    const draft = toDraft(ada);
    expect(toPatch(draft, { ...draft, firstname: " Ada " })).toEqual({});
  });

  it("sends only what was changed, and empties what was cleared", () => {
    const draft = toDraft(ada);
    const patch = toPatch(draft, { ...draft, email: "", lastname: "", leadStatus: "New" });
    expect(patch).toEqual({ email: null, lastname: "", leadStatus: "New" });
    expect(ContactPatch.safeParse(patch).success).toBe(true);
  });

  it("does not record a consent that nobody touched", () => {
    const draft = toDraft(ada);
    expect(toPatch(draft, { ...draft, firstname: "A." })).not.toHaveProperty("smsOptedOut");
    expect(toPatch(draft, { ...draft, emailOptedOut: true })).toEqual({ emailOptedOut: true });
  });

  it("takes an opt-out back only with where and when consent was given", () => {
    const draft = toDraft(ada);
    const after = { ...draft, smsOptedOut: false };
    expect(Object.keys(consentProblems(draft, after))).toEqual(["consentWhere", "consentGivenAt"]);
    const said = { ...after, consentWhere: " Fair ", consentGivenAt: "2026-05-04" };
    expect(consentProblems(draft, said)).toEqual({});
    expect(toPatch(draft, said)).toEqual({ smsOptedOut: false, consent: { where: "Fair", givenAt: "2026-05-04" } });
    expect(ContactPatch.safeParse(toPatch(draft, said)).success).toBe(true);
  });

  it("makes a new contact of what was filled in", () => {
    const input = toInput({ ...toDraft(null), firstname: "Grace", email: "grace@example.com", dnc: true });
    expect(input).toEqual({ firstname: "Grace", lastname: "", email: "grace@example.com", dnc: true });
    expect(ContactInput.safeParse(input).success).toBe(true);
  });
});
