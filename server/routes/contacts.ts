import { randomUUID } from "node:crypto";
import type { Response } from "express";
import { readPhone } from "#channels/sms/phone.ts";
import { namesThatStay } from "#channels/stays-here.ts";
import { confirmationProblem } from "#contract/bulk-confirmation.ts";
import { changedAtOnce } from "#contract/bulk-jobs.ts";
import type { Selection } from "#contract/contacts.ts";
import { isSendableEmail, withPlainDomain } from "#contract/email-address.ts";
import { roleCovers } from "#contract/people.ts";
import type { Routes } from "#contract/routes.ts";
import type { Tx } from "#db/client.ts";
import { findBulkJob } from "#db/queries/bulk-jobs.ts";
import { listConsents } from "#db/queries/consents.ts";
import { findTwins, takeTurnToAdd } from "#db/queries/contact-twins.ts";
import { type ContactFields, createContact, updateContact } from "#db/queries/contact-writes.ts";
import { changeLeadStatus, contactFacets, countContacts, findContact, listContactIds, listContacts } from "#db/queries/contacts.ts";
import { readPersonRows } from "#db/queries/person-export.ts";
import { findWorkspace } from "#db/queries/workspaces.ts";
import { askerOf } from "../commands/asker-of.ts";
import { answerCsv } from "../commands/csv-file.ts";
import { type ContactsExport, exportContacts } from "../commands/export-contacts.ts";
import { withListedAction, withListedStatus } from "../commands/listed-status.ts";
import { addConsent, recordConsent } from "../commands/opt-in.ts";
import { mayReadContacts, requireReadable, toWriter } from "../commands/require-readable.ts";
import { toContactFields } from "../commands/typed-contact.ts";
import { notFound, refused } from "../http/errors.ts";
import type { Handlers, MemberCall, Principal } from "../http/handler.ts";
import { actorOf } from "../http/principal.ts";

export const contactRoutes = {
  listContacts: async ({ db, workspaceId, query }) => listContacts(db, { workspaceId, ...query }),

  countContacts: async ({ db, workspaceId, query }) => ({ total: await countContacts(db, { workspaceId, filter: query.filter }) }),

  contactFacets: async ({ db, workspaceId }) => contactFacets(db, { workspaceId }),

  getContact: async ({ db, workspaceId, params }) => {
    const contact = await findContact(db, { workspaceId, id: params.id });
    if (!contact) throw notFound("contact_not_found");
    return contact;
  },

  contactReach: async ({ resources, db, workspaceId, params }) => {
    // Who may not see the contact does not learn that it exists.
    if (!(await findContact(db, { workspaceId, id: params.id }))) throw notFound("contact_not_found");
    const reach = await resources.engine.judgeReach({ workspaceId, contactId: params.id });
    if (!reach) throw notFound("contact_not_found");
    return reach;
  },

  listConsents: async ({ db, workspaceId, params }) => {
    if (!(await findContact(db, { workspaceId, id: params.id }))) throw notFound("contact_not_found");
    return { items: await listConsents(db, { workspaceId, contactId: params.id, triedOutBy: namesThatStay }) };
  },

  addConsent: async ({ db, workspaceId, principal, role, params, body, note }) => {
    const { isAdmin } = await askerOf(db, { principal, workspaceId, role });
    const consent = await addConsent(db, { workspaceId, contactId: params.id, consent: body, actor: actorOf(principal), isAdmin });
    // The words and the place stand in the ledger, where they go with the contact.
    note({ subjectId: params.id, contactId: params.id, details: { channel: body.channel, source: body.source } });
    return consent;
  },

  exportContact: async ({ db, workspaceId, params, note }) => {
    const rows = await readPersonRows(db, { workspaceId, contactId: params.id });
    if (!rows) throw notFound("contact_not_found");
    note({ details: { messages: rows.kept.messages.length, flows: rows.kept.flow_executions.length } });
    return { contactId: params.id, exportedAt: new Date().toISOString(), ...rows };
  },

  createContact: async ({ db, workspaceId, principal, body }) => {
    const { evenIfTwin, ...typed } = body;
    const fields = await withListedStatus(db, workspaceId, toContactFields(typed, await countryOf(db, workspaceId, principal)));
    if (!evenIfTwin) await refuseTwin(db, { workspaceId, fields, mayRead: mayReadContacts(principal) });
    return toWriter(principal, await createContact(db, { workspaceId, fields }), typed);
  },

  listTwins: async ({ db, workspaceId, principal, query }) => {
    const phone = readPhone(query.phoneNumber, await countryOf(db, workspaceId, principal));
    return { items: await findTwins(db, { workspaceId, ...toPerson(query), phoneE164: phone?.e164 ?? null }) };
  },

  updateContact: async ({ db, workspaceId, principal, params, body, note }) => {
    const { consent: _, ...typed } = body;
    const current = await findContact(db, { workspaceId, id: params.id });
    if (!current) throw notFound("contact_not_found");
    const read = toContactFields(typed, await countryOf(db, workspaceId, principal), current);
    const fields = await withListedStatus(db, workspaceId, read);
    await recordConsent(db, { workspaceId, contactId: params.id, patch: body, fields, actor: actorOf(principal) });
    const contact = await updateContact(db, { workspaceId, id: params.id, fields });
    if (!contact) throw notFound("contact_not_found");
    note({ details: { fields: Object.keys(body) } });
    return toWriter(principal, contact, typed);
  },

  deleteContact: async ({ resources, workspaceId, principal, params, note }) => {
    const selection = { type: "ids" as const, ids: [params.id] };
    const { changed } = await resources.engine.deleteContacts({ workspaceId, selection, actor: actorOf(principal) });
    if (changed === 0) throw notFound("contact_not_found");
    note({ isWritten: true });
    return { success: true as const };
  },

  bulkContacts: async (call) => {
    const { resources, db, workspaceId, role, principal, body, note } = call;
    const { action, confirm, expectedTotal } = body;
    requireReadable(principal, body.selection);
    const selection = await namedAtOnce(db, workspaceId, body.selection);
    if (!selection) return changeByJob(call);
    const counts =
      action.type === "delete"
        ? await resources.engine.deleteContacts({
            workspaceId,
            selection,
            actor: actorOf(principal),
            confirmation: { confirm, expectedTotal, isAdmin: roleCovers(role, "admin") },
          })
        : await changeLeadStatus(db, { workspaceId, selection, ...(await withListedStatus(db, workspaceId, action)) });
    const problem = action.type === "delete" ? undefined : confirmationProblem(action.type, { confirm, expectedTotal }, counts.matched);
    if (problem !== undefined) throw refused("confirmation_needed", problem);
    note({ isWritten: action.type === "delete", details: { action: action.type, selection: selection.type, ...counts } });
    return { success: true as const, ...counts };
  },

  exportContacts: async ({ query: { filter = { tests: [] }, sort, direction }, ...call }) =>
    answerExport({ ...call, selection: { type: "filter", filter, excluded: [] }, order: { sort, direction } }),

  exportSelection: async ({ body, ...call }: MemberCall<Routes["exportSelection"]>) => {
    const { selection, sort, direction } = body;
    const order = { sort, direction };
    const { items } = await call.inTransaction((db) =>
      listContacts(db, { workspaceId: call.workspaceId, only: selection, ...order, limit: 1 }),
    );
    if (items.length === 0) throw refused("nothing_selected", "No contact matches this selection now.");
    return answerExport({ ...call, selection, order });
  },
} satisfies Pick<
  Handlers,
  | "listContacts"
  | "countContacts"
  | "contactFacets"
  | "getContact"
  | "contactReach"
  | "listConsents"
  | "addConsent"
  | "createContact"
  | "listTwins"
  | "updateContact"
  | "deleteContact"
  | "bulkContacts"
  | "exportContact"
  | "exportContacts"
  | "exportSelection"
>;

/** The contacts of a selection by their ids; undefined where they are so many that a job changes them. */
async function namedAtOnce(db: Tx, workspaceId: string, selection: Selection): Promise<Selection | undefined> {
  if (selection.type === "ids") return new Set(selection.ids).size <= changedAtOnce ? selection : undefined;
  const ids = await listContactIds(db, { workspaceId, selection, limit: changedAtOnce + 1 });
  return ids.length <= changedAtOnce ? { type: "ids", ids } : undefined;
}

/** Hands a change of many contacts over to a job. */
async function changeByJob(call: MemberCall<Routes["bulkContacts"]>) {
  const { resources, db, workspaceId, role, principal, body, repeatableId, accepted, note } = call;
  const { jobId = repeatableId?.id ?? randomUUID(), ...change } = body;
  const action = await withListedAction(db, workspaceId, change.action);
  await resources.engine.createBulkJob({
    workspaceId,
    jobId,
    ...change,
    action,
    isAdmin: roleCovers(role, "admin"),
    actor: actorOf(principal),
  });
  const job = await findBulkJob(db, { workspaceId, id: jobId });
  if (!job) throw new Error("The bulk job that was just made cannot be read.");
  note({ subjectId: jobId, details: { action: body.action.type, selection: body.selection.type } });
  accepted();
  return { success: true as const, job };
}

interface ExportCall {
  inTransaction: <T>(fn: (db: Tx) => Promise<T>) => Promise<T>;
  workspaceId: string;
  res: Response;
  signal: AbortSignal;
  note: (entry: { details: Record<string, unknown> }) => void;
}

async function answerExport({
  inTransaction,
  workspaceId,
  res,
  signal,
  note,
  selection,
  order,
}: ExportCall & Pick<ContactsExport, "selection" | "order">): Promise<undefined> {
  let contacts = 0;
  const onPage = (more: number) => {
    contacts += more;
    note({ details: { selection: selection.type, contacts } });
  };
  const csv = exportContacts({ workspaceId, selection, order, read: inTransaction, onPage });
  return answerCsv(csv, "contacts", { res, signal });
}

const toPerson = ({ name, firstname, lastname, email }: Pick<ContactFields, "name" | "firstname" | "lastname" | "email">) => {
  const address = withPlainDomain(email ?? "");
  return {
    name: name ?? null,
    firstname: firstname ?? null,
    lastname: lastname ?? null,
    email: isSendableEmail(address) ? address : null,
  };
};

/** @throws ApiError `contact_exists` where somebody with the same number or address may be the same person. */
async function refuseTwin(
  db: Tx,
  { workspaceId, fields, mayRead }: { workspaceId: string; fields: ContactFields; mayRead: boolean },
): Promise<void> {
  const person = { workspaceId, ...toPerson(fields), phoneE164: fields.phone?.e164 ?? null };
  if (person.phoneE164 === null && person.email === null) return;
  await takeTurnToAdd(db, workspaceId);
  const twins = (await findTwins(db, person)).filter(({ likely }) => likely);
  const [twin] = twins;
  if (!twin) return;
  const what = { phoneNumber: "this number", email: "this address" };
  // Whoever may not read contacts does not learn whose number it is.
  const nameOf = (contact: { displayName: string }) => (mayRead ? contact.displayName : "Somebody");
  throw refused(
    "contact_exists",
    `${nameOf(twin.contact)} is here already. Change that contact, or add this one as another person (evenIfTwin).`,
    twins.flatMap(({ contact, same }) => same.map((path) => ({ path, message: `${nameOf(contact)} has ${what[path]}` }))),
  );
}

/** The country for numbers typed without a country code. */
export async function countryOf(db: Tx, workspaceId: string, { userId }: Principal): Promise<string> {
  const workspace = await findWorkspace(db, { workspaceId, userId });
  if (!workspace) throw new Error("The caller's workspace cannot be read.");
  return workspace.country;
}
