import type { Contact, ContactInput, ContactPatch } from "#contract/contacts.ts";

/** The values of the form: text as typed, "" for none. */
export interface ContactDraft {
  firstname: string;
  lastname: string;
  name: string;
  email: string;
  phoneNumber: string;
  leadStatus: string;
  timeZone: string;
  smsOptedOut: boolean;
  emailOptedOut: boolean;
  dnc: boolean;
  /** Where and when the contact gave consent again; asked for when an opt-out is taken back. */
  consentWhere: string;
  consentGivenAt: string;
}

/** @param defaultStatus the lead status with which a new contact begins */
export const toDraft = (contact: Contact | null, defaultStatus = ""): ContactDraft => ({
  firstname: contact?.firstname ?? "",
  lastname: contact?.lastname ?? "",
  name: contact?.name ?? "",
  email: contact?.email ?? "",
  phoneNumber: contact?.phoneNumber ?? "",
  leadStatus: contact === null ? defaultStatus : (contact.leadStatus ?? ""),
  timeZone: contact?.timeZone ?? "",
  smsOptedOut: Boolean(contact?.smsOptedOutAt),
  emailOptedOut: Boolean(contact?.emailOptedOutAt),
  dnc: contact?.dnc ?? false,
  consentWhere: "",
  consentGivenAt: "",
});

/** Whether the person takes back an opt-out or a do-not-contact that is stored. */
export const takesBackOptOut = (before: ContactDraft, after: ContactDraft): boolean =>
  (["smsOptedOut", "emailOptedOut", "dnc"] as const).some((flag) => before[flag] && !after[flag]);

const required = new Set<keyof ContactDraft>(["firstname", "lastname"]);
const value = (field: keyof ContactDraft, draft: ContactDraft) => {
  const typed = draft[field];
  if (typeof typed === "boolean") return typed;
  const text = typed.trim();
  return text === "" && !required.has(field) ? null : text;
};

/**
 * The fields that the person changed, and no others: changes that a colleague made meanwhile in other fields stay, and a
 * consent nobody touched is not recorded anew.
 */
export const toPatch = (before: ContactDraft, after: ContactDraft): ContactPatch => ({
  ...Object.fromEntries(
    (Object.keys(after) as (keyof ContactDraft)[])
      .filter((field) => !field.startsWith("consent") && value(field, before) !== value(field, after))
      .map((field) => [field, value(field, after)]),
  ),
  ...(takesBackOptOut(before, after) && { consent: { where: after.consentWhere.trim(), givenAt: after.consentGivenAt } }),
});

/** The missing parts of the statement that is needed to take back an opt-out, by field. */
export function consentProblems(before: ContactDraft, after: ContactDraft): Partial<Record<keyof ContactDraft, string>> {
  if (!takesBackOptOut(before, after)) return {};
  return {
    ...(after.consentWhere.trim() === "" && { consentWhere: "Say where the contact gave this consent" }),
    ...(after.consentGivenAt === "" && { consentGivenAt: "Say when the contact gave this consent" }),
  };
}

export const toInput = (draft: ContactDraft): ContactInput => ({ firstname: "", lastname: "", ...toPatch(toDraft(null), draft) });

export const isNobody = (draft: ContactDraft): boolean =>
  [draft.firstname, draft.lastname, draft.name, draft.email, draft.phoneNumber].every((text) => text.trim() === "");
