/**
 * The queries by which the dump reads the catalog, one per kind of object. Each returns one statement per row in its final
 * order. $1 is the list of schemas. Objects of an extension are left out, because the extension creates them.
 */
const notOfAnExtension = (oid: string) => `not exists (select from pg_depend d where d.objid = ${oid} and d.deptype = 'e')`;

const acl = (kind: string, column: string, owner: string) => `
  cross join lateral (
    select case when a.grantee = 0 then 'public' else a.grantee::regrole::text end as grantee,
      string_agg(lower(a.privilege_type), ', ' order by a.privilege_type) as privileges
    from aclexplode(coalesce(${column}, acldefault('${kind}', ${owner}))) a
    where a.grantee <> ${owner}
    group by a.grantee
  ) g`;

export const schemas = `
  select 'create schema ' || nspname || ';' as statement
  from pg_namespace where nspname = any ($1) and nspname <> 'public'
  union all
  select format('grant %s on schema %I to %s;', g.privileges, n.nspname, g.grantee)
  from pg_namespace n ${acl("n", "n.nspacl", "n.nspowner")}
  where nspname = any ($1)
  order by 1`;

/** The roles that the migrations make. A server makes the login of its worker when it starts, and roles are of the whole cluster. */
export const roles = `
  select format('create role %I%s%s%s%s;', rolname,
    case when rolcanlogin then ' login' else ' nologin' end,
    case when rolinherit then '' else ' noinherit' end,
    case when rolbypassrls then ' bypassrls' else '' end,
    coalesce(' in role ' || (select string_agg(m.roleid::regrole::text, ', ' order by m.roleid::regrole::text)
      from pg_auth_members m where m.member = r.oid), '')) as statement
  from pg_roles r where rolname in ('sluice_api', 'sluice_member', 'sluice_reader') order by rolname`;

export const types = `
  select format('create type %s as enum (%s);', t.oid::regtype,
    (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid)) as statement
  from pg_type t
  where t.typnamespace::regnamespace::text = any ($1) and t.typtype = 'e' and ${notOfAnExtension("t.oid")}
  order by 1`;

export const functions = `
  select pg_get_functiondef(p.oid) || ';' ||
    coalesce(E'\\n' || string_agg(format('grant %s on function %s to %s;', g.privileges, p.oid::regprocedure, g.grantee),
      E'\\n' order by g.grantee), '') as statement
  from pg_proc p left ${acl("f", "p.proacl", "p.proowner").trim().replace("cross join", "join")} on true
  where p.pronamespace::regnamespace::text = any ($1) and p.prokind in ('f', 'p') and ${notOfAnExtension("p.oid")}
  group by p.oid
  order by p.oid::regprocedure::text`;

/** Tables with their columns and constraints; views with their text. */
export const relations = `
  select c.oid::regclass::text as name, c.relkind,
    case when c.relkind in ('v', 'm')
      then format('create %sview %s%s as%s%s', case c.relkind when 'm' then 'materialized ' else '' end, c.oid::regclass,
        coalesce(' with (' || array_to_string(c.reloptions, ', ') || ')', ''), E'\\n', pg_get_viewdef(c.oid))
      else format(E'create table %s (\\n%s\\n)%s%s;', c.oid::regclass,
        (select string_agg('  ' || line, E',\\n' order by kind, position, line) from (
          select 1 as kind, a.attnum as position, format('%I %s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
            case when a.attidentity <> '' then ' generated ' || case a.attidentity when 'a' then 'always' else 'by default' end || ' as identity' else '' end,
            case when d.adbin is null then '' when a.attgenerated <> '' then format(' generated always as (%s) %s',
              pg_get_expr(d.adbin, d.adrelid), case a.attgenerated when 's' then 'stored' else 'virtual' end)
              else ' default ' || pg_get_expr(d.adbin, d.adrelid) end,
            case when a.attnotnull then ' not null' else '' end) as line
          from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
          where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
          union all
          select 2, 0, format('constraint %I %s', k.conname, pg_get_constraintdef(k.oid))
          from pg_constraint k where k.conrelid = c.oid and k.contype in ('p', 'u', 'c', 'f', 'x')
        ) lines),
        coalesce(' partition by ' || pg_get_partkeydef(c.oid), ''),
        coalesce(' with (' || array_to_string(c.reloptions, ', ') || ')', ''))
    end as statement
  from pg_class c
  where c.relnamespace::regnamespace::text = any ($1) and c.relkind in ('r', 'p', 'v', 'm') and ${notOfAnExtension("c.oid")}
  order by 1`;

/** The parts of a table: indexes, row level security, policies, triggers, grants. */
export const attachments = `
  select c.oid::regclass::text as name, 1 as kind, pg_get_indexdef(i.indexrelid) || ';' as statement
  from pg_index i join pg_class c on c.oid = i.indrelid
  where c.relnamespace::regnamespace::text = any ($1)
    and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
  union all
  select c.oid::regclass::text, 2, format('alter table %s %s row level security;', c.oid::regclass,
    case when c.relforcerowsecurity then 'force' else 'enable' end)
  from pg_class c where c.relnamespace::regnamespace::text = any ($1) and c.relrowsecurity
  union all
  select p.polrelid::regclass::text, 3, format('create policy %I on %s%s for %s to %s%s%s;', p.polname, p.polrelid::regclass,
    case when p.polpermissive then '' else ' as restrictive' end,
    case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
    (select string_agg(case when r = 0 then 'public' else r::regrole::text end, ', ' order by r::regrole::text) from unnest(p.polroles) r),
    coalesce(E'\\n  using (' || pg_get_expr(p.polqual, p.polrelid) || ')', ''),
    coalesce(E'\\n  with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', ''))
  from pg_policy p join pg_class c on c.oid = p.polrelid
  where c.relnamespace::regnamespace::text = any ($1)
  union all
  select t.tgrelid::regclass::text, 4, pg_get_triggerdef(t.oid) || ';'
  from pg_trigger t join pg_class c on c.oid = t.tgrelid
  where c.relnamespace::regnamespace::text = any ($1) and not t.tgisinternal
  union all
  select c.oid::regclass::text, 5, format('grant %s on %s to %s;', g.privileges, c.oid::regclass, g.grantee)
  from pg_class c ${acl("r", "c.relacl", "c.relowner")}
  where c.relnamespace::regnamespace::text = any ($1) and c.relkind in ('r', 'p', 'v', 'm')
  union all
  select c.oid::regclass::text, 6, format('grant %s (%I) on %s to %s;', g.privileges, a.attname, c.oid::regclass, g.grantee)
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attacl is not null ${acl("c", "a.attacl", "c.relowner")}
  where c.relnamespace::regnamespace::text = any ($1)
  order by 1, 2, 3`;
