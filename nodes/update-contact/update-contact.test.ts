import { describe, expect, test } from "vitest";
import type { ContactFields } from "#engine/flow/node-executor.ts";
import { nodeContext } from "#test/node-context.ts";
import type { TestField } from "../node-panel.tsx";
import { changedField, changeFields, operationsFor, withChangedField, withOperation } from "./change-fields.tsx";
import { updateContact } from "./definition.ts";
import { executeUpdateContact } from "./executor.ts";

function run(changes: Record<string, unknown>[], contact: Partial<ContactFields> = {}, trigger: Record<string, unknown> = {}) {
  const context = nodeContext({ config: updateContact.config.parse({ changes }), contact, trigger });
  const outcome = executeUpdateContact(context);
  if (outcome.type !== "change") throw new Error(`It said ${outcome.type}`);
  return outcome.decide(context);
}

const set = (field: string, value: unknown, more: Record<string, unknown> = {}) => ({ field, operation: "set", value, ...more });

test("refuses fields a flow may not write, operations that do not suit them, and missing or needless values", () => {
  for (const change of [
    set("id", "x"),
    set("workspace_id", "x"),
    set("dnc", true),
    set("sms_opted_out_at", "x"),
    set("phone_e164", "+1"),
    set("metadata.__proto__", "x"),
    set("metadata.constructor", "x"),
    set("metadata.a.b", "x"),
    set("metadata.tags", "x"),
    set("tags", "x"),
    set("firstname", undefined),
    set("firstname", " "),
    set("firstname", "{{ nope"),
    { field: "firstname", operation: "add", value: 1 },
    { field: "firstname", operation: "add_tag", value: "x" },
    { field: "firstname", operation: "clear", value: "x" },
    { field: "metadata.a", operation: "multiply", value: 2 },
  ]) {
    expect(updateContact.config.safeParse({ changes: [change] }).success, JSON.stringify(change)).toBe(false);
  }
  expect(updateContact.config.safeParse({ changes: [] }).success).toBe(false);
  expect(updateContact.config.safeParse({ changes: Array(21).fill(set("name", "x")) }).success).toBe(false);
});

test.each([
  [set("email", "nobody at example"), "bad_value"],
  [set("phone", "12"), "bad_value"],
  [set("time_zone", "Mars/Olympus"), "bad_value"],
  [set("lead_status", "x".repeat(101)), "bad_value"],
  [set("metadata.n", "many", { as: "number" }), "bad_value"],
  [{ field: "metadata.points", operation: "add", value: "{{ firstname }}" }, "bad_value"],
  [{ field: "metadata.plan", operation: "add", value: 1 }, "bad_value"],
  [{ field: "metadata.yes", operation: "subtract", value: 1 }, "bad_value"],
  [{ field: "metadata.deep", operation: "append", value: "x" }, "bad_value"],
  [{ field: "tags", operation: "add_tag", value: "{{ trigger.long }}" }, "bad_value"],
  [set("name", "{{ trigger.nothing }}"), "template_missing_value"],
])("fails with all of its changes at %j", (change, reason) => {
  const metadata = { plan: "gold", yes: true, deep: { a: 1 } };
  const decided = run([set("firstname", "Eve"), change], { metadata }, { long: "x".repeat(51) });
  expect(decided).toMatchObject({ reason, output: { change: 2, field: change.field } });
  expect(decided.patch).toBeUndefined();
});

test("writes an address with a domain in another script as mail servers and replies have it", () => {
  expect(run([set("email", "Max@Bücher.de")]).patch).toEqual({ email: "Max@xn--bcher-kva.de" });
});

test("writes columns clean: a number as the network knows it, an empty name as empty, the rest as nothing", () => {
  const decided = run([
    set("phone", "(201) 555-0123"),
    set("email", " eve@example.test "),
    { field: "firstname", operation: "clear" },
    { field: "lead_status", operation: "clear" },
  ]);
  expect(decided.patch).toEqual({
    phone: { typed: "(201) 555-0123", e164: "+12015550123" },
    email: "eve@example.test",
    firstname: "",
    lead_status: null,
  });
  expect(decided.output).toMatchObject({
    changes: { lead_status: { before: "Customer", after: null }, phone: { before: "+1 555 100 2000" } },
  });
});

test("counts, appends and takes away in metadata, each change seeing the ones before it", () => {
  const metadata = { points: "2", log: "a", list: ["x"] };
  const decided = run(
    [
      { field: "metadata.points", operation: "add", value: 0.1 },
      { field: "metadata.points", operation: "add", value: "0.2" },
      { field: "metadata.fresh", operation: "subtract", value: 3 },
      { field: "metadata.log", operation: "append", value: "; {{ firstname }}" },
      { field: "metadata.list", operation: "append", value: "y" },
      set("metadata.flag", true),
      set("metadata.amount", "{{ trigger.amount }}", { as: "number" }),
      { field: "metadata.gone", operation: "clear" },
    ],
    { metadata },
    { amount: "7" },
  );
  expect(decided.patch).toEqual({
    metadata: { points: 2.3, fresh: -3, log: "a; Ada", list: ["x", "y"], flag: true, amount: 7, gone: null },
  });
});

test("counts to the last digit, and refuses what has more digits than a number holds", () => {
  const added = (points: unknown, value: number) => run([{ field: "metadata.points", operation: "add", value }], { metadata: { points } });
  expect(added(1_234_567_890_123_456, 1).patch).toEqual({ metadata: { points: 1_234_567_890_123_457 } });
  expect(added("0.1", 0.2).patch).toEqual({ metadata: { points: 0.3 } });
  expect(added(5.5, -5.5).patch).toEqual({ metadata: { points: 0 } });
  for (const points of [Number.MAX_SAFE_INTEGER, 1_234_567_890_123_456]) {
    expect(added(points, 1.01)).toMatchObject({ reason: "bad_value" });
  }
});

test("fills a field only where it is empty, if told so", () => {
  const decided = run([set("lead_status", "Lead", { onlyIfEmpty: true }), set("name", "Ada L.", { onlyIfEmpty: true })]);
  expect(decided.patch).toEqual({ name: "Ada L." });
});

test("keeps tags as a list in metadata, each once whatever its case, also where an import left one text", () => {
  const add = (value: string) => ({ field: "tags", operation: "add_tag", value });
  const remove = (value: string) => ({ field: "tags", operation: "remove_tag", value });
  expect(run([add("New"), add("new"), add("Old")]).patch).toEqual({ metadata: { tags: ["New", "Old"] } });
  expect(run([add("b"), remove("A")], { metadata: { tags: "a, c" } }).patch).toEqual({ metadata: { tags: ["c", "b"] } });
  expect(run([remove("a")], { metadata: { tags: ["a"] } }).patch).toEqual({ metadata: { tags: null } });
});

describe("the panel", () => {
  const fields: TestField[] = [
    { path: "firstname", label: "First name", group: "Contact", kind: "text" },
    { path: "created_at", label: "Added", group: "Contact", kind: "date" },
    { path: "dnc", label: "Do not contact", group: "Consent", kind: "boolean" },
    { path: "custom.age", label: "Age", group: "Custom fields", kind: "number" },
    { path: "custom.member", label: "Member", group: "Custom fields", kind: "boolean" },
    { path: "custom.tags", label: "tags", group: "Custom fields", kind: "data", choices: ["vip"] },
    { path: "trigger.code", label: "code", group: "This send", kind: "text" },
  ];
  const operations = (path: string) => operationsFor(changedField(path, changeFields(fields)), undefined).map(({ value }) => value);

  test("offers the fields that a flow may write and no others", () => {
    expect(changeFields(fields).map(({ path }) => path)).toEqual(["firstname", "tags", "custom.age", "custom.member"]);
  });

  test("offers for each field what can be done to it, all of which the schema takes", () => {
    expect(operations("firstname")).toEqual(["set", "append", "clear"]);
    expect(operations("custom.age")).toEqual(["set", "add", "subtract", "clear"]);
    expect(operations("custom.member")).toEqual(["set", "clear"]);
    expect(operations("tags")).toEqual(["add_tag", "remove_tag", "clear"]);
    for (const { path } of changeFields(fields)) {
      for (const operation of operations(path)) {
        const value = operation === "clear" ? undefined : operation === "add" || operation === "subtract" ? 1 : "x";
        const change = { field: path, operation, ...(value !== undefined && { value }) };
        expect(updateContact.config.safeParse({ changes: [change] }), `${operation} ${path}`).toMatchObject({ success: true });
      }
    }
  });

  test("keeps of a change what means something of the other field", () => {
    const [text, , age, member] = changeFields(fields) as [TestField, TestField, TestField, TestField];
    const change = { field: "firstname", operation: "append", value: "x", onlyIfEmpty: true };
    expect(withChangedField(change, text)).toEqual({ field: "firstname", operation: "append", value: "", onlyIfEmpty: true });
    expect(withChangedField(change, age)).toEqual({ field: "custom.age", operation: "set", value: "", as: "number", onlyIfEmpty: true });
    expect(withChangedField(change, member)).toMatchObject({ operation: "set", value: true, as: "boolean" });
    expect(withOperation({ ...change, as: "number" }, "clear", text)).toEqual({
      field: "firstname",
      operation: "clear",
      onlyIfEmpty: true,
    });
  });
});
