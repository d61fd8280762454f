import { join } from "node:path";
import { expect, test } from "vitest";
import { contractMark, readMigrations } from "./files.ts";
import { splitStatements } from "./statements.ts";

/** The last migration from before the marks. Every version that reads marks knows it. */
const lastUnmarked = "20261128232148";

const name = String.raw`(?:if (?:not )?exists )?(?:only )?([\w."]+)`;
const made = new RegExp(`^create (?:unlogged )?(?:table|view|materialized view) ${name}`);
const columnMade = /\badd (?:column )?(?:if not exists )?"?(?!constraint\b|check\b|primary\b|foreign\b|unique\b)(\w+)"?/g;

/** What takes something away from code that knows the schema as it was, or refuses what that code writes. */
const kinds = [
  /^drop (?:table|view|materialized view|function|procedure|type|schema|sequence|trigger|rule|index|policy|role)\b/,
  /^alter .*\bdrop (?:column |expression |default |constraint )?(?!not null\b)/,
  /^alter .*\brename\b/,
  /^alter .*\bset (?:schema|not null)\b/,
  /^alter .*\b(?:alter column \S+ )?(?:set data )?type \S/,
  /^alter .*\badd (?:constraint|check|primary key|foreign key|unique|exclude)\b/,
  /^alter .*\badd (?:column )?[^,]*\bnot null\b(?![^,]*\b(?:default|generated)\b)/,
  /^create unique index\b/,
  /^create (?:constraint )?trigger\b.*\bbefore\b/,
  /^create policy\b.*\bas restrictive\b/,
  /^alter policy\b/,
  /^alter table .* (?:enable|force) row level security/,
  /^revoke\b/,
];

/**
 * The statements after which earlier code may not find what it uses, or is refused what it wrote so far. What is made in the
 * same file is not known to earlier code, so nothing that is done to it counts.
 */
function takenAway(source: string): string[] {
  const statements = splitStatements(source).map((statement) =>
    statement.replaceAll(/--.*$/gm, "").replaceAll(/\s+/g, " ").trim().toLowerCase(),
  );
  const plain = (text: string) => text.replaceAll('"', "").replace(/^public\./, "");
  const own = new Set(statements.flatMap((statement) => plain(made.exec(statement)?.[1] ?? "") || []));
  const functions = new Set(
    statements.flatMap((statement) => plain(/^create (?:or replace )?(?:function|procedure) ([\w.]+)/.exec(statement)?.[1] ?? "") || []),
  );
  const columns = new Set(statements.flatMap((statement) => [...statement.matchAll(columnMade)].map((match) => match[1] as string)));
  return statements.filter((statement) => {
    if (!kinds.some((kind) => kind.test(statement))) return false;
    const target = plain(
      new RegExp(`^(?:alter (?:table|view)|drop (?:table|view)) ${name}| on (?:only )?([\\w."]+)`)
        .exec(statement)
        ?.slice(1)
        .find(Boolean) ?? "",
    );
    if (own.has(target)) return false;
    if (/^revoke\b.* on function\b/.test(statement)) return !functions.has(plain(/ on function ([\w.]+)/.exec(statement)?.[1] ?? ""));
    if (/^alter table .*\badd (?:constraint|check)\b/.test(statement) && !/\bdrop\b/.test(statement))
      return ![...columns].some((column) => new RegExp(`\\b${column}\\b`).test(statement));
    return true;
  });
}

test.each([
  ["a column that goes", "alter table contacts drop column name;"],
  ["a table that goes", "drop table if exists contacts;"],
  ["another name", "alter table public.contacts rename column name to called;"],
  ["a column that must be filled", "alter table contacts alter column name set not null;"],
  ["a new column that earlier code does not fill", "alter table contacts add column kind text not null;"],
  ["another type", "alter table contacts alter column name type integer using 0;"],
  ["a condition on what is there", "alter table contacts add constraint named check (name <> '');"],
  ["values that may occur once", "create unique index one_name on contacts (name);"],
  [
    "a condition that takes the place of another",
    "alter table contacts add column kind text; alter table contacts drop constraint kinds, add constraint kinds check (kind = 'a');",
  ],
  ["a right that is taken", "revoke select on contacts from authenticated;"],
  ["a policy", "alter policy contacts_read on contacts using (false);"],
  ["a function that goes", "drop function private.uuid_v7();"],
])("the lint notices %s", (_what, source) => {
  expect(takenAway(`-- A comment.\n${source}`)).toHaveLength(1);
});

test.each([
  [
    "a new table with its rights",
    "create table private.x (id int not null); alter table private.x enable row level security; revoke all on private.x from public; create unique index x_id on private.x (id); alter table private.x add unique (id);",
  ],
  [
    "new columns",
    "alter table public.contacts add column a text, add column b integer not null default 1, add column c text not null generated always as ('x') stored;",
  ],
  [
    "a condition on a new column",
    "alter table contacts add column kind text; alter table contacts add constraint kinds check (kind in ('a'));",
  ],
  [
    "a new function",
    "create function private.f() returns int language sql as $$ select 1 $$; revoke all on function private.f() from public;",
  ],
  ["what becomes looser", "alter table contacts alter column name drop not null;"],
  [
    "an index, a right and rows",
    "create index names on contacts (name); grant select on contacts to authenticated; update contacts set name = '';",
  ],
])("the lint lets %s be", (_what, source) => {
  expect(takenAway(source)).toEqual([]);
});

test(`a migration that takes something away from earlier code begins with "${contractMark}", or says in a line "-- expand: …" why it does not`, () => {
  const unmarked = readMigrations(join(import.meta.dirname, "..", "..", "supabase", "migrations"))
    .filter(({ version, endsEarlierCode, sql }) => version > lastUnmarked && !endsEarlierCode && !/^-- expand: \S.{20,}/m.test(sql))
    .flatMap(({ fileName, sql }) => takenAway(sql).map((statement) => `${fileName}: ${statement.slice(0, 120)}`));
  expect(unmarked).toEqual([]);
});
