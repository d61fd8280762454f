import { type RawBuilder, sql } from "kysely";
import { type ContactField, contactFields, isTextField } from "#contract/contact-fields.ts";
import { customKey } from "#contract/custom-fields.ts";
import { longestFieldName, parseFieldPath, writeFieldPath } from "#contract/field-path.ts";
import type { CatalogueField, FieldCatalogue } from "#contract/fields.ts";
import { isForbiddenName } from "#contract/paths.ts";
import { blanks } from "#contract/storable.ts";
import { longestTag } from "#contract/tags.ts";
import type { Db } from "../client.ts";
import { contactFacets } from "./contacts.ts";

/** So many contacts are counted at most, and fewer where their custom fields together have more bytes than this. */
const mostContacts = 10_000;
const mostBytes = 8 * 1024 * 1024;
const mostCustom = 300;
const mostEnrollments = 100;
const mostStarted = 100;
const mostTagsTold = 200;

const isFilled = (value: RawBuilder<unknown>) => sql<boolean>`btrim(coalesce(${value}, ''), ${blanks}::text) <> ''`;

/** What a field has a value by, as the engine reads it. Undefined: every contact has one. */
function filledBy(field: ContactField): RawBuilder<boolean> | undefined {
  if (field === "name") return isFilled(sql`sort_name`);
  if (field === "phone") return isFilled(sql`coalesce(phone_e164, phone_number)`);
  return isTextField(field) ? isFilled(sql.ref(field)) : undefined;
}

const named = (Object.keys(contactFields) as ContactField[]).filter((field) => !("computed" in contactFields[field]));

interface KeyRow {
  label: string;
  filled: number;
  numbers: number;
  booleans: number;
  dates: number;
  data: number;
}

/** Counts the kinds of values by key, of rows that hold a `key` and a jsonb `value`. Values that no text can print do not count as filled. */
const kindsOf = sql`
  count(*) filter (where jsonb_typeof(value) in ('number', 'boolean')
    or (jsonb_typeof(value) = 'string' and btrim(value #>> '{}', ${blanks}::text) <> ''))::int as filled,
  count(*) filter (where jsonb_typeof(value) = 'number'
    or (jsonb_typeof(value) = 'string' and left(value #>> '{}', 40) ~ '^-?[0-9]{1,15}([.][0-9]{1,9})?$'))::int as numbers,
  count(*) filter (where jsonb_typeof(value) = 'boolean')::int as booleans,
  count(*) filter (where jsonb_typeof(value) = 'string' and left(value #>> '{}', 40) ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]|$)')::int as dates,
  count(*) filter (where jsonb_typeof(value) in ('object', 'array'))::int as data`;

/** The fields of contacts and how many have them, over the newest contacts, so that it takes as long for a million of them. */
export async function fieldCatalogue(db: Db, { workspaceId, flowId }: { workspaceId: string; flowId?: string }): Promise<FieldCatalogue> {
  const counts = named.flatMap((field) => {
    const filled = filledBy(field);
    return filled ? [sql`count(*) filter (where ${filled})::int as ${sql.ref(field)}`] : [];
  });
  const { rows } = await sql<{ own: Record<string, number> & { looked: number }; custom: KeyRow[]; tags: string[]; found: number }>`
    with newest as materialized (
      select c.*, sum(pg_column_size(metadata)) over (order by created_at desc, id desc) as bytes
      from (select * from private.member_contacts where workspace_id = ${workspaceId}
            order by created_at desc, id desc limit ${mostContacts + 1}) c
    ), looked as materialized (
      select * from newest where bytes <= ${mostBytes} order by created_at desc, id desc limit ${mostContacts}
    )
    select (select count(*)::int from newest) as found,
      (select to_jsonb(o) from (select count(*)::int as looked, ${sql.join(counts)} from looked) o) as own,
      (select coalesce(jsonb_agg(k order by k.filled desc, k.label), '[]') from (
        select key as label, ${kindsOf} from looked
        cross join lateral jsonb_each(case when jsonb_typeof(metadata) = 'object' then metadata else '{}' end)
        where length(key) between 1 and ${longestFieldName}
        group by key order by filled desc, key limit ${mostCustom}) k) as custom,
      (select coalesce(jsonb_agg(t.tag order by t.uses desc, t.tag), '[]') from (
        select tag, count(*) as uses from looked
        cross join lateral jsonb_array_elements_text(case when jsonb_typeof(metadata -> 'tags') = 'array' then metadata -> 'tags' else '[]' end) tag
        where btrim(tag) <> '' and length(tag) <= ${longestTag}
        group by tag order by uses desc, tag limit ${mostTagsTold}) t) as tags`.execute(db);
  const { own, custom, tags, found } = rows[0] ?? { own: { looked: 0 }, custom: [], tags: [], found: 0 };
  const { looked } = own;
  const facets = await contactFacets(db, { workspaceId });
  const choices: Partial<Record<ContactField, string[]>> = {
    lead_status: facets.leadStatuses,
    conversation_status: facets.conversationStatuses,
    time_zone: facets.timeZones,
  };
  return {
    items: [
      ...named.map((field): CatalogueField => {
        const { label, kind } = contactFields[field];
        const values = choices[field];
        return { path: field, label, group: "contact", kind, filled: own[field] ?? looked, looked, ...(values && { choices: values }) };
      }),
      ...customFields(custom, looked).map((field) => (field.label === "tags" && tags.length > 0 ? { ...field, choices: tags } : field)),
      ...(flowId === undefined ? [] : await startedWith(db, { workspaceId, flowId })),
      { path: "workspace.name", label: "Name of the workspace", group: "workspace", kind: "text", filled: looked, looked },
    ],
    contacts: { looked, isSample: found > looked },
  };
}

/** A custom field goes by its key where that means it alone, and by its whole name where it does not. */
function customFields(rows: readonly KeyRow[], looked: number): CatalogueField[] {
  const uses = Map.groupBy(rows, ({ label }) => customKey(label));
  return rows.flatMap((row): CatalogueField[] => {
    const key = customKey(row.label);
    const path = writeFieldPath(["custom", key !== undefined && uses.get(key)?.length === 1 ? key : row.label]);
    return isNameable(path) ? [{ path, label: row.label, group: "custom", kind: kindOf(row), filled: row.filled, looked }] : [];
  });
}

/** The names with which enrollments of a flow were started of late, by whoever starts it. */
async function startedWith(db: Db, { workspaceId, flowId }: { workspaceId: string; flowId: string }): Promise<CatalogueField[]> {
  const { rows } = await sql<{ path: string[]; looked: number } & Omit<KeyRow, "label">>`
    with recursive newest as materialized (
      -- The data of the enrollment itself, or else of the send that made it.
      select coalesce(e.trigger_data, s.options -> 'triggerData') as trigger_data
      from (select trigger_data, send_id from flow_executions where workspace_id = ${workspaceId} and flow_id = ${flowId}
            order by created_at desc, id desc limit ${mostEnrollments}) e
      join flow_sends s on s.workspace_id = ${workspaceId} and s.id = e.send_id
    ), started (path, value) as (
      select array[key], value from newest
      cross join lateral jsonb_each(case when jsonb_typeof(trigger_data) = 'object' then trigger_data else '{}' end)
      union all
      select path || key, inner_value from started
      cross join lateral jsonb_each(case when jsonb_typeof(value) = 'object' then value else '{}' end) as i (key, inner_value)
      where cardinality(path) < 4
    )
    select path, ${kindsOf}, (select count(*)::int from newest) as looked from started
    group by path having count(*) filter (where jsonb_typeof(value) <> 'object') > 0
    order by filled desc, path limit ${mostStarted}`.execute(db);
  return rows.flatMap((row): CatalogueField[] => {
    const path = writeFieldPath(["trigger", ...row.path]);
    const label = row.path.join(" · ");
    return isNameable(path) ? [{ path, label, group: "trigger", kind: kindOf(row), filled: row.filled, looked: row.looked }] : [];
  });
}

/** Whether a text can name it at all. */
const isNameable = (path: string): boolean => parseFieldPath(path)?.some(isForbiddenName) === false;

/** What all values of a field are; a text where they differ. */
function kindOf({ filled, numbers, booleans, dates, data }: Omit<KeyRow, "label">): CatalogueField["kind"] {
  if (filled === 0) return data > 0 ? "data" : "text";
  if (data > filled) return "data";
  if (numbers === filled) return "number";
  if (booleans === filled) return "boolean";
  return dates === filled ? "date" : "text";
}
