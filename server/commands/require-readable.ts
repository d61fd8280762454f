import type { Contact, Selection, WrittenContact } from "#contract/contacts.ts";
import { type Narrowing, narrowsNothing } from "#contract/who-not.ts";
import { forbidden } from "../http/errors.ts";
import type { Principal } from "../http/handler.ts";
import { holdsScope } from "../http/principal.ts";

/** Whether the caller may read contacts. People are judged by their role, which allows everybody to. */
export const mayReadContacts = (principal: Principal): boolean => principal.kind !== "key" || holdsScope(principal.scopes, "contacts:read");

/** A contact as its writer is told it: who may not read contacts learns nothing but what they sent. */
export const toWriter = (principal: Principal, contact: Contact, sent: Omit<WrittenContact, "id">): Contact | WrittenContact =>
  mayReadContacts(principal) ? contact : { ...sent, id: contact.id };

/**
 * A search in what happened looks through the numbers and addresses of the contacts, so its hits spell them out, letter by letter.
 * @throws ApiError `forbidden` for a key that may not read contacts
 */
export function requireSearchable(principal: Principal, { search }: { search?: string | undefined }): void {
  if (!search || mayReadContacts(principal)) return;
  throw forbidden(
    "This API key lacks the scope contacts:read, which searching by a contact needs. Leave the search out, or use a key that has it.",
  );
}

/**
 * A selection by filter tells by its numbers who matches, one question after the other: "has the number begins with +43 1"
 * answers with a count. Whom a send leaves out tells the same. Only who may read contacts may ask it. Contacts that are named by
 * their ids answer nothing.
 * @throws ApiError `forbidden` for a key that may not read contacts
 */
export function requireReadable(principal: Principal, selection: Selection, narrowing: Narrowing = {}): void {
  if ((selection.type === "ids" && narrowsNothing(narrowing)) || mayReadContacts(principal)) return;
  throw forbidden(
    "This API key lacks the scope contacts:read, which choosing contacts by a filter needs. Name them by their ids, or use a key that has it.",
  );
}
