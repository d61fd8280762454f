import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDb, type TestDb } from "#test/db.ts";

// Our own linter, for what that of Supabase does not look at: the schema `private`, grants, and what makes policies slow.

let db: TestDb;
beforeAll(async () => {
  db = await createTestDb();
});
afterAll(() => db.drop());

/** What a query of the catalog finds, one line each. */
async function find(query: string): Promise<string[]> {
  const { rows } = await sql<{ found: string }>`${sql.raw(query)}`.execute(db.owner);
  return rows.map(({ found }) => found).sort();
}
const ours = "('public', 'private')";

test("every table has row level security, and none is exempt from it by an attribute", async () => {
  const query = `select oid::regclass::text as found from pg_class
    where relnamespace::regnamespace::text in ${ours} and relkind in ('r', 'p') and not relrowsecurity`;
  expect(await find(query)).toEqual([]);
});

test("nothing is granted to anon or to everybody, be it a table, a column, a function or a sequence", async () => {
  const acl = (kind: string, column: string, owner: string) => `
    cross join lateral aclexplode(coalesce(${column}, acldefault('${kind}', ${owner}))) a
    where a.grantee in (0, 'anon'::regrole) and`;
  const query = `
    select c.oid::regclass::text || ' ' || a.privilege_type as found from pg_class c ${acl("r", "c.relacl", "c.relowner")}
      c.relnamespace::regnamespace::text in ${ours} and c.relkind in ('r', 'p', 'v', 'm')
    union all select c.oid::regclass::text || ' ' || a.privilege_type from pg_class c ${acl("s", "c.relacl", "c.relowner")}
      c.relnamespace::regnamespace::text in ${ours} and c.relkind = 'S'
    union all select t.attrelid::regclass::text || '.' || t.attname from pg_attribute t join pg_class c on c.oid = t.attrelid
      cross join lateral aclexplode(t.attacl) a
      where a.grantee in (0, 'anon'::regrole) and c.relnamespace::regnamespace::text in ${ours}
    union all select p.oid::regprocedure::text from pg_proc p ${acl("f", "p.proacl", "p.proowner")}
      p.pronamespace::regnamespace::text in ${ours} and p.prorettype <> 'trigger'::regtype`;
  expect(await find(query)).toEqual([]);
});

test("policies name their role, and none is for everybody", async () => {
  const query = `select polrelid::regclass || ': ' || polname as found from pg_policy where 0 = any (polroles)`;
  expect(await find(query)).toEqual([]);
});

test("every table that members may read or write has a policy for it", async () => {
  const query = `
    select format('%s %s for %s', p.verb, c.oid::regclass, r.role) as found
    from pg_class c
    cross join (values ('select', 'r'), ('insert', 'a'), ('update', 'w'), ('delete', 'd')) as p (verb, cmd)
    cross join (values ('authenticated'), ('sluice_member')) as r (role)
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and has_table_privilege(r.role, c.oid, p.verb)
      and not exists (select from pg_policy y where y.polrelid = c.oid and y.polcmd::text in (p.cmd, '*') and r.role::regrole = any (y.polroles))`;
  expect(await find(query)).toEqual([]);
});

test("policies ask who calls once per query and not once per row", async () => {
  // Postgres writes a call that runs once as a sub-select: ( SELECT private.member_workspaces() AS ...).
  const query = `
    select format('%s: %s', polrelid::regclass, polname) as found
    from pg_policy, lateral (select coalesce(pg_get_expr(polqual, polrelid), '') || ' ' || coalesce(pg_get_expr(polwithcheck, polrelid), '')) as e (text)
    where regexp_replace(e.text, 'SELECT (private|auth)\\.\\w+\\(', '', 'g') ~ '(private|auth)\\.\\w+\\('`;
  expect(await find(query)).toEqual([]);
});

test("functions that run with their owner's rights have an empty search path", async () => {
  const query = `select oid::regprocedure::text as found from pg_proc
    where pronamespace::regnamespace::text in ${ours} and prosecdef and not coalesce('search_path=""' = any (proconfig), false)`;
  expect(await find(query)).toEqual([]);
});

test("views bind the caller by policies or by a condition of their own", async () => {
  const query = `select oid::regclass::text as found from pg_class
    where relnamespace::regnamespace::text in ${ours} and relkind = 'v' and not coalesce('security_invoker=true' = any (reloptions), false)`;
  // member_contacts, member_messages and member_received repeat the policy as their condition, because an index on the text searched cannot be
  // used behind a policy. The others show what the policies of contacts and flows hide: what lies in the bin.
  expect(await find(query)).toEqual([
    "private.contact_names",
    "private.editor_bin",
    "private.editor_flows",
    "private.flow_names",
    "private.member_bin",
    "private.member_contacts",
    "private.member_flow_bin",
    "private.member_messages",
    "private.member_received",
  ]);
  const condition = async (view: string) => {
    const { rows } = await sql<{ text: string }>`select pg_get_viewdef(${view}::regclass) as text`.execute(db.owner);
    return rows[0]?.text.replace(/\s+/g, " ").split(" WHERE ")[1];
  };
  const readable = /workspace_id = ANY \(ARRAY\( SELECT private\.member_workspaces\(\)/;
  expect(await condition("private.contact_names")).toMatch(readable);
  // Policies do not bind the engine, which reads the names of all flows.
  expect(await condition("private.flow_names")).toMatch(
    new RegExp(`${readable.source}.* OR \\(NOT row_security_active\\('public\\.flows'::text\\)\\)`),
  );
  expect(await condition("private.member_flow_bin")).toMatch(new RegExp(`deleted_at IS NOT NULL\\) AND .*${readable.source}`));
  expect(await condition("private.editor_flows")).toMatch(/^\(workspace_id = ANY \(ARRAY\( SELECT private\.member_workspaces_as\('editor'/);
  for (const view of ["private.member_messages", "private.member_received"]) {
    expect(await condition(view), view).toMatch(/^\(\(workspace_id \|\| ''::text\) = ANY \(ARRAY\( SELECT private\.member_workspaces\(\)/);
  }
  expect(await condition("private.member_contacts")).toMatch(new RegExp(`deleted_at IS NULL\\) AND .*${readable.source}`));
  expect(await condition("private.member_bin")).toMatch(new RegExp(`deleted_at IS NOT NULL\\) AND .*${readable.source}`));
  expect(await condition("private.editor_bin")).toMatch(
    /deleted_at IS NOT NULL\) AND .*workspace_id = ANY \(ARRAY\( SELECT private\.member_workspaces_as\('editor'/,
  );
});

test("a foreign key can be followed back by an index on what it adds to the workspace", async () => {
  const query = `
    select format('%s (%s)', k.conrelid::regclass, string_agg(a.attname, ', ' order by a.attname)) as found
    from pg_constraint k
    cross join lateral unnest(k.conkey) as n (attnum)
    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = n.attnum
    where k.contype = 'f' and k.connamespace::regnamespace::text in ${ours}
      and not exists (
        select from pg_index i where i.indrelid = k.conrelid and i.indkey[0] = any (k.conkey)
          and (array_length(k.conkey, 1) = 1 or i.indkey[0] <> (
            select w.attnum from pg_attribute w where w.attrelid = k.conrelid and w.attname = 'workspace_id')
            or i.indkey[1] = any (k.conkey)))
    group by k.oid, k.conrelid`;
  // Small tables, looked through as a whole when a workspace goes.
  expect(await find(query)).toEqual(["private.alerts (workspace_id)"]);
});
