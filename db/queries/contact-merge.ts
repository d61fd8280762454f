import { type RawBuilder, sql } from "kysely";
import type { TextField } from "#contract/contact-fields.ts";
import { apiName, initialOf, isRequired, textFields } from "#contract/contact-fields.ts";
import type { ImportOverwrite } from "#contract/imports.ts";
import type { Db } from "../client.ts";
import { type ContactChange, keepChanges } from "./contact-import-changes.ts";
import { type Identity, KnownPeople } from "./contact-match.ts";
import { overlay, overwritesOf } from "./contact-overlay.ts";
import { takeTurnToAdd } from "./contact-twins.ts";
import type { ImportedContact } from "./imported-contact.ts";
import { nameWords } from "./person-names.ts";

/** A contact while a batch is merged into it. */
interface Person extends Identity {
  values: ImportedContact;
  /** The values before the batch; null for a contact that the batch creates. */
  before: ImportedContact | null;
  line: number;
  apart: ContactChange["apart"];
  overwrites: ImportOverwrite[];
}

export interface MergeCounts {
  created: number;
  updated: number;
  /** The created contacts that share a number or an address with another contact. */
  keptApart: number;
  /** Values that were replaced by others. */
  overwritten: number;
  /** Of the updated: those that lay in the bin and are restored. */
  fromBin: number;
}

/** The mark that our own ids carry as those of another system, once their contact is not here. */
const ownSource = "sluice";

/**
 * Merges contacts into a workspace, with those that are there and among themselves; what is new is created. Who is meant
 * is decided by `contact-match.ts`. A fixed number of statements however many contacts there are. What was done to each
 * contact is kept under `importId`. Two imports of one workspace take turns, or both would create the same person.
 */
export async function mergeContacts(
  db: Db,
  { workspaceId, importId, contacts }: { workspaceId: string; importId: string; contacts: readonly ImportedContact[] },
): Promise<MergeCounts> {
  if (contacts.length === 0) return { created: 0, updated: 0, keptApart: 0, overwritten: 0, fromBin: 0 };
  await takeTurnToAdd(db, workspaceId);
  const people = mergeAlike(contacts, await findCandidates(db, workspaceId, contacts));
  const toCreate = people.filter(({ before }) => before === null);
  const ids = await newIds(db, toCreate.length);
  for (const [index, person] of toCreate.entries()) person.contactId = ids[index] ?? null;
  const toRestore = people.filter(({ binned }) => binned);
  const toUpdate = people.filter(({ before, values }) => before !== null && before !== values);
  if (toCreate.length > 0) await insertAll(db, workspaceId, toCreate.map(toRow));
  if (toRestore.length > 0) await restoreAll(db, workspaceId, toRestore);
  if (toUpdate.length > 0) await updateAll(db, workspaceId, toUpdate.map(toRow));
  await keepChanges(db, { workspaceId, importId, changes: [...new Set([...toCreate, ...toUpdate, ...toRestore])].map(toChange) });
  return {
    created: toCreate.length,
    updated: contacts.length - toCreate.length,
    keptApart: toCreate.filter(({ apart }) => apart).length,
    overwritten: people.reduce((total, { overwrites }) => total + overwrites.length, 0),
    fromBin: toRestore.length,
  };
}

const toRow = ({ contactId, values }: Person) => ({ ...values, id: contactId });
const toChange = ({ contactId, line, before, values, apart, overwrites, binned = false }: Person): ContactChange => ({
  contactId: contactId as string,
  line,
  before,
  after: values,
  apart,
  overwrites,
  fromBin: binned,
});

/** Ascending, so that contacts stand in the order of the file. */
async function newIds(db: Db, count: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select private.uuid_v7() as id from generate_series(1, ${count})`.execute(db);
  return rows.map(({ id }) => id).sort();
}

/** How many contacts with one number or one address are compared with a row: the oldest ones. */
const mostAlike = 1000;

/**
 * The contacts that the rows may mean, the oldest first and those in the bin last, locked so that nobody changes them before
 * the batch is written.
 */
async function findCandidates(db: Db, workspaceId: string, contacts: readonly ImportedContact[]): Promise<Person[]> {
  const here = await findCandidatesIn(db, sql`contacts where deleted_at is null`, workspaceId, contacts);
  const inBin = await findCandidatesIn(db, sql`private.editor_bin as contacts where true`, workspaceId, contacts);
  return [...here, ...inBin.map((person) => ({ ...person, binned: true }))];
}

/** @param from a table or view called `contacts`, and where */
async function findCandidatesIn(
  db: Db,
  from: RawBuilder<unknown>,
  workspaceId: string,
  contacts: readonly ImportedContact[],
): Promise<Person[]> {
  const phones = [...new Set(contacts.flatMap(({ phoneE164 }) => phoneE164 ?? []))];
  const emails = [...new Set(contacts.flatMap((contact) => emailKey(contact) ?? []))];
  const ids = contacts.flatMap(({ contactId }) => contactId ?? []);
  const sourced = contacts.filter(({ sourceId }) => sourceId !== null);
  const oldest = (column: string, values: readonly string[]) => sql`
    select id from (
      select id, row_number() over (partition by ${sql.ref(column)} order by id) as nth from ${from}
      and workspace_id = ${workspaceId} and ${sql.ref(column)} = any(${values}::text[])) alike
    where nth <= ${mostAlike}`;
  const { rows } = await sql<Omit<ImportedContact, "line" | "contactId"> & { id: string }>`
    select id, ${knownTexts}, phone_number as "phoneNumber", phone_e164 as "phoneE164", email_usable as "emailUsable",
      sms_opted_out_at as "smsOptedOutAt", email_opted_out_at as "emailOptedOutAt", dnc, metadata, source, source_id as "sourceId"
    from ${from} and workspace_id = ${workspaceId} and id = any(array(
      ${oldest("phone_e164", phones)}
      union ${oldest("sort_email", emails)}
      union select id from ${from} and workspace_id = ${workspaceId} and id = any(${ids}::uuid[])
      union select c.id from unnest(${sourced.map(({ source }) => source)}::text[], ${sourced.map(({ sourceId }) => sourceId)}::text[])
        as given (source, source_id)
        cross join lateral (select id from ${from} and workspace_id = ${workspaceId} and contacts.source = given.source
          and contacts.source_id = given.source_id) c))
    order by id
    for no key update`.execute(db);
  return rows.map(({ id, ...values }) => {
    const known: ImportedContact = { ...values, line: 0, contactId: id };
    return { ...identityOf(known), values: known, before: known, line: 0, apart: null, overwrites: [] };
  });
}

/** Follows the file from top to bottom, as if each row were merged by itself. Answers the people whom it touches. */
function mergeAlike(contacts: readonly ImportedContact[], candidates: readonly Person[]): Person[] {
  const known = new KnownPeople<Person>();
  for (const candidate of candidates) known.add(candidate);
  const ids = new Set(candidates.map(({ contactId }) => contactId));
  const touched = new Set<Person>();
  for (const given of contacts) {
    // An id of ours whose contact is not here still tells the people of one file apart.
    const stray = given.contactId !== null && !ids.has(given.contactId) && given.sourceId === null;
    const row = stray ? { ...given, source: ownSource, sourceId: given.contactId } : given;
    const identity = identityOf(row);
    const { person, apart } = known.find(identity);
    if (person) {
      const later = known.isTaken(row) ? { ...row, source: null, sourceId: null } : row;
      const values = overlay(person.values, later);
      person.overwrites.push(...overwritesOf(person.values, values, row.line));
      person.line ||= row.line;
      person.named ||= row.contactId !== null && row.contactId === person.contactId;
      if (values !== person.values) Object.assign(person, identityOf(values), { values, contactId: person.contactId });
      touched.add(person);
      known.add(person);
      continue;
    }
    const values = { ...row, contactId: null };
    const created: Person = {
      ...identityOf(values),
      values,
      before: null,
      line: row.line,
      apart: apart ? { from: apart.from, reason: apart.reason } : null,
      overwrites: [],
    };
    touched.add(created);
    known.add(created);
  }
  return [...touched];
}

const identityOf = (contact: ImportedContact): Identity => ({
  contactId: contact.contactId,
  source: contact.source,
  sourceId: contact.sourceId,
  phone: contact.phoneE164,
  email: emailKey(contact),
  name: nameWords(contact),
});

/** "n/a" and "none" are no addresses. Two contacts that share such a value are not the same person. */
const emailKey = ({ email, emailUsable }: ImportedContact): string | null => (email && emailUsable ? email.toLowerCase() : null);

/** A piece of SQL for each text field, joined once when the module is loaded. */
const eachText = (fields: readonly TextField[], piece: (column: string, said: string, field: TextField) => string) =>
  sql.raw(fields.map((field) => piece(`"${field}"`, `x."${apiName(field)}"`, field)).join(", "));

const rowShape = sql`x(id uuid, ${eachText(textFields, (_, said) => `${said.slice(2)} text`)}, "emailUsable" boolean,
  "phoneNumber" text, "phoneE164" text, source text, "sourceId" text, "smsOptedOutAt" timestamptz, "emailOptedOutAt" timestamptz,
  dnc boolean, metadata jsonb)`;
const textColumns = eachText(textFields, (column) => column);
const knownTexts = eachText(textFields, (column, said) => `${column} as ${said.slice(2)}`);
const firstTexts = eachText(textFields, (_, said, field) => {
  const otherwise = isRequired(field) ? "" : initialOf(field);
  return otherwise === undefined ? said : `coalesce(${said}, '${otherwise}')`;
});
// The rows are locked since their values were read, so the merged values replace them.
const changedTexts = eachText(textFields, (column, said) => `${column} = ${said}`);

type MergedRow = ImportedContact & { id: string | null };

/** Through a view, because the bin is hidden from the login of a member. The rows are locked since they were found. */
async function restoreAll(db: Db, workspaceId: string, people: readonly Person[]): Promise<void> {
  const ids = people.map(({ contactId }) => contactId);
  await sql`
    update private.editor_bin set deleted_at = null, deleted_by = null, deleted_by_name = null
    where workspace_id = ${workspaceId} and id = any(${ids}::uuid[])`.execute(db);
}

async function insertAll(db: Db, workspaceId: string, contacts: readonly MergedRow[]): Promise<void> {
  await sql`
    insert into contacts (id, workspace_id, ${textColumns}, source, source_id, phone_number, phone_e164, sms_opted_out_at, email_opted_out_at,
      opt_out_source, dnc, metadata)
    select id, ${workspaceId}, ${firstTexts}, source, "sourceId", "phoneNumber", "phoneE164", "smsOptedOutAt", "emailOptedOutAt",
      case when coalesce("smsOptedOutAt", "emailOptedOutAt") is not null then 'import' end, dnc, metadata
    from jsonb_to_recordset(${JSON.stringify(contacts)}::jsonb) as ${rowShape}`.execute(db);
}

async function updateAll(db: Db, workspaceId: string, contacts: readonly MergedRow[]): Promise<void> {
  await sql`
    update contacts c set ${changedTexts}, phone_number = x."phoneNumber", phone_e164 = x."phoneE164",
      source = x.source, source_id = x."sourceId",
      opt_out_source = case
        when c.sms_opted_out_at is null and x."smsOptedOutAt" is not null
          or c.email_opted_out_at is null and x."emailOptedOutAt" is not null then 'import'
        else c.opt_out_source end,
      sms_opted_out_at = coalesce(c.sms_opted_out_at, x."smsOptedOutAt"),
      email_opted_out_at = coalesce(c.email_opted_out_at, x."emailOptedOutAt"),
      dnc = c.dnc or x.dnc,
      metadata = x.metadata
    from jsonb_to_recordset(${JSON.stringify(contacts)}::jsonb) as ${rowShape}
    where c.workspace_id = ${workspaceId} and c.id = x.id`.execute(db);
}
