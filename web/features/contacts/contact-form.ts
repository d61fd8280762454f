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
}

export const toDraft = (contact: Contact | null): ContactDraft => ({
  firstname: contact?.firstname ?? "",
  lastname: contact?.lastname ?? "",
  name: contact?.name ?? "",
  email: contact?.email ?? "",
  phoneNumber: contact?.phoneNumber ?? "",
  leadStatus: contact?.leadStatus ?? "",
  timeZone: contact?.timeZone ?? "",
  smsOptedOut: Boolean(contact?.smsOptedOutAt),
  emailOptedOut: Boolean(contact?.emailOptedOutAt),
  dnc: contact?.dnc ?? false,
});

const required = new Set<keyof ContactDraft>(["firstname", "lastname"]);
const value = (field: keyof ContactDraft, draft: ContactDraft) => {
  const typed = draft[field];
  if (typeof typed === "boolean") return typed;
  const text = typed.trim();
  return text === "" && !required.has(field) ? null : text;
};

/**
 * What the person changed, and nothing else: what a colleague changed meanwhile in other fields stays theirs, and a
 * consent nobody touched is not recorded anew.
 */
export const toPatch = (before: ContactDraft, after: ContactDraft): ContactPatch =>
  Object.fromEntries(
    (Object.keys(after) as (keyof ContactDraft)[])
      .filter((field) => value(field, before) !== value(field, after))
      .map((field) => [field, value(field, after)]),
  );

export const toInput = (draft: ContactDraft): ContactInput => ({ firstname: "", lastname: "", ...toPatch(toDraft(null), draft) });

export const isNobody = (draft: ContactDraft): boolean =>
  [draft.firstname, draft.lastname, draft.name, draft.email, draft.phoneNumber].every((text) => text.trim() === "");
