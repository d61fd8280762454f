import { expect, test } from "vitest";
import { splitStatements } from "./statements.ts";

test.each([
  ["a semicolon in a string", "select ';', 'it''s; fine'"],
  ["an escape string", "select e'\\';', 1"],
  ["a quoted name", 'select 1 as "a;""b;"'],
  ["a line comment", "select 1 -- one; two\n + 1"],
  ["a nested block comment", "select /* a; /* b; */ c; */ 1"],
  ["a dollar-quoted body", "do $$ begin perform 1; end $$"],
  ["a tagged body with another inside", "do $a$ begin execute $b$ select 1; $b$; end $a$"],
  ["a parameter that is no dollar quote", "prepare p as select $1; "],
  ["an SQL-standard body", "create function f() returns int begin atomic; select case when true then 1 end; end"],
])("%s does not end a statement", (_, statement) => {
  const trimmed = statement.replace(/;\s*$/, "");
  expect(splitStatements(`${statement};\nselect 2;`)).toEqual([trimmed, "select 2"]);
});

test("comments stay with the statement they precede, and comments alone are no statement", () => {
  expect(splitStatements("-- why\nselect 1;\n\n/* the end */\n-- really;\n;;")).toEqual(["-- why\nselect 1"]);
});

test("a transaction's begin is not taken for a body's", () => {
  expect(splitStatements("begin; select 1; end;")).toEqual(["begin", "select 1", "end"]);
});
