import type { Selection } from "#contract/contacts.ts";
import { type Narrowing, narrowsNothing } from "#contract/who-not.ts";
import { forbidden } from "../http/errors.ts";
import type { Principal } from "../http/handler.ts";
import { holdsScope } from "../http/principal.ts";

/**
 * A selection by filter tells by its numbers who matches, one question after the other: "has the number begins with +43 1"
 * answers with a count. Whom a send leaves out tells the same. Only who may read contacts may ask it. Contacts that are named by
 * their ids answer nothing.
 * @throws ApiError `forbidden` for a key that may not read contacts
 */
export function requireReadable(principal: Principal, selection: Selection, narrowing: Narrowing = {}): void {
  if ((selection.type === "ids" && narrowsNothing(narrowing)) || principal.kind !== "key" || holdsScope(principal.scopes, "contacts:read"))
    return;
  throw forbidden(
    "This API key lacks the scope contacts:read, which choosing contacts by a filter needs. Name them by their ids, or use a key that has it.",
  );
}
