import { sql } from "kysely";
import { textColumns } from "#contract/contact-fields.ts";
import type { Channel } from "#contract/messages.ts";
import { storableJson } from "#contract/storable.ts";
import type { Tx } from "#db/client.ts";
import type { OptIn } from "#db/queries/consents.ts";
import { consentAddress, recordOptIns } from "#db/queries/consents.ts";
import { isNotBinned } from "#db/queries/contact-rows.ts";
import { textArray, uuidArray } from "../base/array.ts";
import type { ChunkContact } from "../execution/chunk.ts";
import type { ContactRow } from "../execution/contact-rows.ts";
import { contactColumns, stoppedChannels, toContact } from "../execution/contact-rows.ts";
import type { ContactPatch } from "../flow/node-executor.ts";

/**
 * Reads contacts and locks them against any change until the transaction ends. A contact that another transaction holds is
 * passed over, because waiting for it while others wait for us would be a deadlock. `withStops`: which channels they have stopped
 * themselves is read as well.
 */
export async function lockContactsSkipLocked(
  tx: Tx,
  { workspaceId, ids, withStops }: { workspaceId: string; ids: readonly string[]; withStops: boolean },
): Promise<Map<string, ChunkContact>> {
  const { rows } = await sql<ContactRow & { stopped: Channel[] }>`
    select ${contactColumns}, ${withStops ? stoppedChannels : sql`array[]::text[]`} as stopped from contacts c
    where c.workspace_id = ${workspaceId} and c.id = any(${uuidArray(ids)}::uuid[]) and ${isNotBinned("c")} for no key update of c skip locked`.execute(
    tx,
  );
  const contacts = byId(rows);
  for (const { contact_id, stopped: channels } of rows) {
    const contact = contacts.get(contact_id);
    if (contact && channels.length > 0) contacts.set(contact_id, { ...contact, fields: { ...contact.fields, stopped: channels } });
  }
  return contacts;
}

export async function readContacts(tx: Tx, workspaceId: string, ids: readonly string[]): Promise<Map<string, ChunkContact>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<ContactRow>`select ${contactColumns} from contacts c
    where c.workspace_id = ${workspaceId} and c.id = any(${uuidArray(ids)}::uuid[]) and ${isNotBinned("c")}`.execute(tx);
  return byId(rows);
}

const byId = (rows: readonly ContactRow[]) => new Map(rows.map((row) => [row.contact_id, toContact(row)]));

/** The addresses that contacts had when a step recorded their consent: a step behind it may have changed them. */
type AgreedTo = ReadonlyMap<string, { phone: string | null; email: string | null }>;

/**
 * Writes what is named in each patch and leaves the rest as it is. Only the named keys of metadata are written,
 * because large numbers lose digits on their way through JavaScript.
 */
export async function patchContacts(
  tx: Tx,
  { workspaceId, patches, agreedTo }: { workspaceId: string; patches: ReadonlyMap<string, ContactPatch>; agreedTo: AgreedTo },
): Promise<void> {
  if (patches.size === 0) return;
  const optIns = await withoutKnown(tx, workspaceId, optInsOf(patches, agreedTo));
  await recordOptIns(tx, { workspaceId, optIns, actor: { id: null, name: null } });
  const text = (column: string) =>
    sql`${sql.ref(column)} = case when p.patch ? ${sql.lit(column)} then p.patch ->> ${sql.lit(column)} else ${sql.ref(`c.${column}`)} end`;
  const optOut = (flag: "sms_opted_out" | "email_opted_out") => {
    const column = `${flag}_at`;
    return sql`${sql.ref(column)} = case when p.patch ? ${sql.lit(flag)}
      then case when (p.patch ->> ${sql.lit(flag)})::boolean then coalesce(${sql.ref(`c.${column}`)}, now()) end else ${sql.ref(`c.${column}`)} end`;
  };
  const optsOutAnew = (flag: string) => sql`(p.patch ->> ${sql.lit(flag)})::boolean is true and ${sql.ref(`c.${flag}_at`)} is null`;
  const isOptedOut = (flag: string) => sql`coalesce((p.patch ->> ${sql.lit(flag)})::boolean, ${sql.ref(`c.${flag}_at`)} is not null)`;
  await sql`
    update contacts c set ${sql.join(textColumns.map(text))}, ${optOut("sms_opted_out")}, ${optOut("email_opted_out")},
      opt_out_source = case
        when ${optsOutAnew("sms_opted_out")} or ${optsOutAnew("email_opted_out")} then 'flow'
        when ${isOptedOut("sms_opted_out")} or ${isOptedOut("email_opted_out")} then c.opt_out_source end,
      dnc = coalesce((p.patch ->> 'dnc')::boolean, c.dnc),
      metadata = case when p.patch ? 'set' then (case jsonb_typeof(c.metadata) when 'object' then c.metadata else '{}' end || (p.patch -> 'set'))
        - array(select jsonb_array_elements_text(p.patch -> 'taken')) else c.metadata end
    from unnest(${uuidArray([...patches.keys()])}::uuid[], ${textArray([...patches.values()].map(toStored))}::text[]) as i (id, patch)
    cross join lateral (select i.patch::jsonb as patch offset 0) p
    where c.workspace_id = ${workspaceId} and c.id = i.id`.execute(tx);
}

/** Leaves out what was the contact's last word on the channel and for this address already, so that a flow that comes by again writes nothing twice. */
async function withoutKnown(tx: Tx, workspaceId: string, optIns: readonly OptIn[]): Promise<OptIn[]> {
  if (optIns.length === 0) return [];
  const [ids, asked, evidences, addresses] = [
    optIns.map(({ contactId }) => contactId),
    optIns.map(({ channel }) => channel),
    optIns.map(({ evidence }) => evidence),
    optIns.map(({ address }) => consentAddress(address ?? "")),
  ];
  const { rows } = await sql<{ at: number }>`
    select (i.at - 1)::int as at from unnest(${uuidArray(ids)}::uuid[], ${textArray(asked)}::text[], ${textArray(evidences)}::text[],
      ${textArray(addresses)}::text[]) with ordinality as i (contact_id, channel, evidence, address, at)
    cross join lateral (
      select e.state, e.source, e.evidence, coalesce(e.address, '') as address from contact_consents e
      where e.workspace_id = ${workspaceId} and e.contact_id = i.contact_id and e.channel = i.channel order by e.id desc limit 1
    ) last
    where (last.state, last.source, last.evidence, last.address) = ('opted_in', 'flow', i.evidence, i.address)`.execute(tx);
  const known = new Set(rows.map(({ at }) => at));
  return optIns.filter((_, at) => !known.has(at));
}

/** The consents that patches record. */
function optInsOf(patches: ReadonlyMap<string, ContactPatch>, agreedTo: AgreedTo): OptIn[] {
  const givenAt = new Date();
  return [...patches].flatMap(([contactId, { sms_opted_out, email_opted_out, consent: evidence }]) =>
    evidence === undefined
      ? []
      : (
          [
            ["sms", sms_opted_out, agreedTo.get(contactId)?.phone ?? null],
            ["email", email_opted_out, agreedTo.get(contactId)?.email ?? null],
          ] as const
        ).flatMap(([channel, isOut, address]) =>
          isOut === false ? [{ contactId, channel, source: "flow" as const, evidence, givenAt, address }] : [],
        ),
  );
}

/** A patch as JSON, by the names of the columns. Keys of metadata that are to be removed stand apart, in `taken`. */
function toStored({ phone, metadata, consent: _, ...plain }: ContactPatch): string {
  const entries = metadata && Object.entries(metadata);
  const stored = {
    ...plain,
    ...(phone && { phone_number: phone.typed, phone_e164: phone.e164 }),
    ...(entries && {
      set: Object.fromEntries(entries.filter(([, value]) => value !== null)),
      taken: entries.flatMap(([key, value]) => (value === null ? key : [])),
    }),
  };
  return storableJson(stored);
}
