import { readPhone } from "#channels/sms/phone.ts";
import { isSendableEmail } from "#contract/email-address.ts";
import type { Tx } from "#db/client.ts";
import { listConsents } from "#db/queries/consents.ts";
import { findTwins, takeTurnToAdd } from "#db/queries/contact-twins.ts";
import { type ContactFields, createContact, updateContact } from "#db/queries/contact-writes.ts";
import { changeLeadStatus, contactFacets, countContacts, findContact, listContacts } from "#db/queries/contacts.ts";
import { findWorkspace } from "#db/queries/workspaces.ts";
import { exportContacts, writeAll } from "../commands/export-contacts.ts";
import { recordConsent } from "../commands/opt-in.ts";
import { toContactFields } from "../commands/typed-contact.ts";
import { pageOrRefusal } from "../http/bad-cursor.ts";
import { notFound, refused } from "../http/errors.ts";
import type { Handlers, Principal } from "../http/handler.ts";
import { actorNameOf } from "../http/principal.ts";

export const contactRoutes = {
  listContacts: async ({ db, workspaceId, query }) => pageOrRefusal(listContacts(db, { workspaceId, ...query })),

  countContacts: async ({ db, workspaceId, query }) => ({ total: await countContacts(db, { workspaceId, filter: query.filter }) }),

  contactFacets: async ({ db, workspaceId }) => contactFacets(db, { workspaceId }),

  getContact: async ({ db, workspaceId, params }) => {
    const contact = await findContact(db, { workspaceId, id: params.id });
    if (!contact) throw notFound("contact_not_found");
    return contact;
  },

  listConsents: async ({ db, workspaceId, params }) => {
    if (!(await findContact(db, { workspaceId, id: params.id }))) throw notFound("contact_not_found");
    return { items: await listConsents(db, { workspaceId, contactId: params.id }) };
  },

  createContact: async ({ db, workspaceId, principal, body }) => {
    const { evenIfTwin, ...typed } = body;
    const fields = toContactFields(typed, await countryOf(db, workspaceId, principal));
    if (!evenIfTwin) await refuseTwin(db, { workspaceId, fields });
    return createContact(db, { workspaceId, fields });
  },

  listTwins: async ({ db, workspaceId, principal, query }) => {
    const phone = readPhone(query.phoneNumber, await countryOf(db, workspaceId, principal));
    return { items: await findTwins(db, { workspaceId, ...toPerson(query), phoneE164: phone?.e164 ?? null }) };
  },

  updateContact: async ({ db, workspaceId, principal, params, body, note }) => {
    const { consent: _, ...typed } = body;
    const current = await findContact(db, { workspaceId, id: params.id });
    if (!current) throw notFound("contact_not_found");
    const fields = toContactFields(typed, await countryOf(db, workspaceId, principal), current);
    await recordConsent(db, { workspaceId, contactId: params.id, patch: body, actor: actorOf(principal) });
    const contact = await updateContact(db, { workspaceId, id: params.id, fields });
    if (!contact) throw notFound("contact_not_found");
    note({ details: { fields: Object.keys(body) } });
    return contact;
  },

  deleteContact: async ({ resources, workspaceId, principal, params, note }) => {
    const selection = { type: "ids" as const, ids: [params.id] };
    const { changed } = await resources.engine.deleteContacts({ workspaceId, selection, actor: actorOf(principal) });
    if (changed === 0) throw notFound("contact_not_found");
    note({ isWritten: true });
    return { success: true as const };
  },

  bulkContacts: async ({ resources, db, workspaceId, principal, body, note }) => {
    const { selection, action } = body;
    const counts =
      action.type === "delete"
        ? await resources.engine.deleteContacts({ workspaceId, selection, actor: actorOf(principal) })
        : await changeLeadStatus(db, { workspaceId, selection, leadStatus: action.leadStatus });
    note({ isWritten: action.type === "delete", details: { action: action.type, selection: selection.type, ...counts } });
    return { success: true as const, ...counts };
  },

  exportContacts: async ({ inTransaction, workspaceId, query, res, signal }) => {
    const { filter, sort, direction } = query;
    const csv = exportContacts({ workspaceId, filter, order: { sort, direction }, read: inTransaction });
    // The first page before the first header: what fails now can still be answered with an error.
    const first = await csv.next();
    res.status(200);
    res.set("Content-Type", "text/csv; charset=utf-8; header=present");
    res.set("Content-Disposition", `attachment; filename="contacts-${new Date().toISOString().slice(0, 10)}.csv"`);
    res.write(first.value);
    await writeAll(csv, res, signal);
    return undefined;
  },
} satisfies Pick<
  Handlers,
  | "listContacts"
  | "countContacts"
  | "contactFacets"
  | "getContact"
  | "listConsents"
  | "createContact"
  | "listTwins"
  | "updateContact"
  | "deleteContact"
  | "bulkContacts"
  | "exportContacts"
>;

const toPerson = ({ name, firstname, lastname, email }: Pick<ContactFields, "name" | "firstname" | "lastname" | "email">) => ({
  name: name ?? null,
  firstname: firstname ?? null,
  lastname: lastname ?? null,
  email: isSendableEmail(email) ? email : null,
});

/** @throws ApiError `contact_exists` where somebody with the same number or address may be the same person. */
async function refuseTwin(db: Tx, { workspaceId, fields }: { workspaceId: string; fields: ContactFields }): Promise<void> {
  const person = { workspaceId, ...toPerson(fields), phoneE164: fields.phone?.e164 ?? null };
  if (person.phoneE164 === null && person.email === null) return;
  await takeTurnToAdd(db, workspaceId);
  const twins = (await findTwins(db, person)).filter(({ likely }) => likely);
  const [twin] = twins;
  if (!twin) return;
  const what = { phoneNumber: "this number", email: "this address" };
  throw refused(
    "contact_exists",
    `${twin.contact.displayName} is here already. Change that contact, or add this one as another person (evenIfTwin).`,
    twins.flatMap(({ contact, same }) => same.map((path) => ({ path, message: `${contact.displayName} has ${what[path]}` }))),
  );
}

const actorOf = (principal: Principal) => ({ id: principal.userId, name: actorNameOf(principal) });

/** The country for numbers typed without a country code. */
export async function countryOf(db: Tx, workspaceId: string, { userId }: Principal): Promise<string> {
  const workspace = await findWorkspace(db, { workspaceId, userId });
  if (!workspace) throw new Error("The caller's workspace cannot be read.");
  return workspace.country;
}
