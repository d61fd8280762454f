import { z } from "zod";
import { BulkJob, ChangeContacts } from "../bulk-jobs.ts";
import { Consent, NewConsent } from "../consents.ts";
import { sortableFields } from "../contact-fields.ts";
import {
  Contact,
  ContactFacets,
  ContactListQuery,
  ContactPatch,
  ContactTwin,
  FilterParameter,
  NewContact,
  Selection,
  TwinQuery,
  WrittenContact,
} from "../contacts.ts";
import { pageOf } from "../pagination.ts";
import { reasonCodes } from "../reasons.ts";
import { byId, defineRoute, done, member } from "../route.ts";

/** For the routes that write one. */
const answer = z.union([Contact, WrittenContact]);
const toWriters = "A key without `contacts:read` is answered with the id and with what it sent, and with nothing else of the contact.";

export const contactRoutes = {
  listContacts: defineRoute({
    heavy: "by_filter",
    method: "GET",
    path: "/api/contacts",
    tag: "Contacts",
    summary: "A page of contacts",
    auth: member("viewer", "contacts:read"),
    query: ContactListQuery,
    response: pageOf(Contact),
  }),
  countContacts: defineRoute({
    heavy: true,
    method: "GET",
    path: "/api/contacts/count",
    tag: "Contacts",
    summary: "How many contacts match",
    auth: member("viewer", "contacts:read"),
    query: z.strictObject({ filter: FilterParameter.optional() }),
    response: z.object({ total: z.number().int() }),
  }),
  contactFacets: defineRoute({
    heavy: true,
    method: "GET",
    path: "/api/contacts/facets",
    tag: "Contacts",
    summary: "The choices in use, for filters and forms",
    auth: member("viewer", "contacts:read"),
    response: ContactFacets,
  }),
  exportContacts: defineRoute({
    heavy: true,
    method: "GET",
    path: "/api/contacts/export",
    tag: "Contacts",
    summary: "All matching contacts as CSV",
    auth: member("viewer", "contacts:read"),
    kind: "csv",
    audit: "contacts.export",
    query: z.strictObject({
      filter: FilterParameter.optional(),
      sort: z.enum(sortableFields).default("created_at"),
      direction: z.enum(["asc", "desc"]).default("desc"),
      workspaceId: z.string().max(100).optional(),
    }),
    response: z.string(),
  }),
  exportSelection: defineRoute({
    heavy: true,
    method: "POST",
    path: "/api/contacts/export",
    tag: "Contacts",
    summary: "The selected contacts as CSV",
    auth: member("viewer", "contacts:read"),
    kind: "csv",
    audit: "contacts.export",
    body: z.strictObject({
      selection: Selection,
      sort: z.enum(sortableFields).default("created_at"),
      direction: z.enum(["asc", "desc"]).default("desc"),
    }),
    response: z.string(),
    bodyLimit: 1024 * 1024,
    changesNothing: true,
  }),
  bulkContacts: defineRoute({
    heavy: true,
    method: "POST",
    path: "/api/contacts/bulk",
    tag: "Contacts",
    summary: "Change a selection, or move it to the bin",
    description:
      "Up to 500 contacts are changed before the answer. More are changed by a job, as by POST /api/bulk-jobs: the answer is then 202 with the job. " +
      "A `confirm` that is given has to be the number of contacts, and a deletion of more than 100 is refused without it (`confirmation_needed`). " +
      "A selection by filter also needs the scope `contacts:read`.",
    auth: member("editor", "contacts:write"),
    body: ChangeContacts,
    response: z.union([
      z.object({ success: z.literal(true), matched: z.number().int(), changed: z.number().int() }),
      z.object({ success: z.literal(true), job: BulkJob }),
    ]),
    bodyLimit: 1024 * 1024,
    audit: "contacts.bulk",
  }),
  createContact: defineRoute({
    method: "POST",
    path: "/api/contacts",
    tag: "Contacts",
    summary: "Add a contact",
    description: `Refused as \`contact_exists\` where somebody with the same number or address may be the same person; \`evenIfTwin\` adds the contact all the same. ${toWriters}`,
    auth: member("editor", "contacts:write"),
    body: NewContact,
    response: answer,
    status: 201,
    audit: "contact.create",
  }),
  listTwins: defineRoute({
    method: "GET",
    path: "/api/contacts/twins",
    tag: "Contacts",
    summary: "Who shares the number or the address of a new contact",
    auth: member("viewer", "contacts:read"),
    query: TwinQuery,
    response: z.object({ items: z.array(ContactTwin) }),
  }),
  getContact: defineRoute({
    method: "GET",
    path: "/api/contacts/:id",
    tag: "Contacts",
    summary: "One contact",
    auth: member("viewer", "contacts:read"),
    params: byId,
    response: Contact,
  }),
  contactReach: defineRoute({
    method: "GET",
    path: "/api/contacts/:id/reach",
    tag: "Contacts",
    summary: "What keeps marketing from a contact now, by channel",
    description:
      "The reason that the step of a flow would tell, or null where nothing keeps a message from the contact. Hours and limits pass by themselves and are not looked at.",
    auth: member("viewer", "contacts:read"),
    params: byId,
    response: z.object({ sms: z.enum(reasonCodes).nullable(), email: z.enum(reasonCodes).nullable() }),
  }),
  listConsents: defineRoute({
    method: "GET",
    path: "/api/contacts/:id/consents",
    tag: "Contacts",
    summary: "What a contact has allowed and forbidden, newest first",
    description: "Entries are only ever added: an opt-out stays in the history when consent is given again. The newest 200 are listed.",
    auth: member("viewer", "contacts:read"),
    params: byId,
    response: z.object({ items: z.array(Consent) }),
  }),
  addConsent: defineRoute({
    method: "POST",
    path: "/api/contacts/:id/consents",
    tag: "Contacts",
    summary: "Write down a consent that a contact has given",
    description:
      "For a contact who has refused nothing on this channel. Refused as `consent_withdrawn` where only the contact can allow it again, and as `conflict` where an opt-out is to be taken back first: `PATCH /api/contacts/:id` with `consent` does both.",
    auth: member("editor", "contacts:write"),
    params: byId,
    body: NewConsent,
    response: Consent,
    status: 201,
    audit: "contact.consent",
  }),
  updateContact: defineRoute({
    method: "PATCH",
    path: "/api/contacts/:id",
    tag: "Contacts",
    summary: "Change a contact",
    description: `What is left out stays as it is. Of \`metadata\`, the named custom fields are written, and null takes one away. ${toWriters}`,
    auth: member("editor", "contacts:write"),
    params: byId,
    body: ContactPatch,
    response: answer,
    audit: "contact.update",
  }),
  deleteContact: defineRoute({
    method: "DELETE",
    path: "/api/contacts/:id",
    tag: "Contacts",
    summary: "Move a contact to the bin; ends its executions",
    description:
      "It can be restored for 30 days and is then erased; the history of what was sent to it stays without name, address and text.",
    auth: member("editor", "contacts:write"),
    params: byId,
    response: done,
    audit: "contact.delete",
  }),
};
