import { describe, expect, test } from "vitest";
import { z } from "zod";
import { sayIssue, sayIssueToCaller } from "./issue-words.ts";

const say = (schema: z.ZodType, value: unknown, error = sayIssueToCaller) =>
  schema.safeParse(value, { error }).error?.issues.map(({ path, message }) => [path.join("."), message].filter(Boolean).join(": "));

const variant = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ids"), ids: z.array(z.uuid()).min(1) }),
  z.object({ type: z.literal("filter"), filter: z.object({}) }),
]);

describe("a value that is missing is needed, in whatever way it is missing", () => {
  test.each<[string, z.ZodType]>([
    ["a text", z.string()],
    ["a number", z.number()],
    ["yes or no", z.boolean()],
    ["one of some", z.enum(["a", "b"])],
    ["an object", z.object({})],
    ["one of several forms", z.union([z.string(), z.number()])],
    ["a form with a type", variant],
  ])("%s", (_, schema) => {
    expect(say(z.object({ at: schema }), {})).toEqual(["at: Needed"]);
    expect(say(z.object({ at: schema }), { at: null })).toEqual(["at: Needed"]);
  });

  test("a list", () => {
    expect(say(z.object({ ids: z.array(z.string()) }), {})).toEqual(["ids: Choose at least one"]);
  });
});

describe("a value that is there and wrong is told what it is to be", () => {
  test.each<[z.ZodType, unknown, string]>([
    [z.string(), 1, "This is to be a text"],
    [z.number(), "1", "This is to be a number"],
    [z.int(), 1.5, "This is to be a whole number"],
    [z.int(), "x", "This is to be a number"],
    [z.boolean(), "yes", "This is to be true or false"],
    [z.array(z.string()), "a", "This is to be a list"],
    [z.object({}), "a", "This is to be an object"],
    [z.record(z.string(), z.string()), [], "This is to be an object"],
    [z.enum(["sms", "email"]), "fax", "Choose one of: sms, email"],
    [z.literal("sms"), "fax", "This is to be: sms"],
    [z.enum(Array.from({ length: 30 }, (_, index) => `v${index}`)), "x", "Choose one of those that are offered"],
    [variant, { type: "all" }, "type: Choose one of: ids, filter"],
    [z.undefined(), {}, "This is to be left out"],
    [z.uuid(), "1", "This is not an id"],
    [z.iso.datetime(), "tomorrow", "This is not a date with its time, such as 2027-01-31T09:00:00Z"],
    [z.iso.date(), "tomorrow", "This is not a date, such as 2027-01-31"],
    [z.url(), "x", "This is not a web address"],
    [z.email(), "x", "This is not an e-mail address"],
    [z.string().min(8), "x", "At least 8 characters"],
    [z.string().max(2), "xyz", "At most 2 characters"],
    [z.number().min(3), 1, "At least 3"],
    [z.number().gt(3), 3, "More than 3"],
    [z.number().lt(3), 3, "Less than 3"],
    [z.array(z.string()).min(2), ["a"], "At least 2 of them"],
    [z.array(z.string()).max(1), ["a", "b"], "At most 1 of them"],
    [z.number().multipleOf(5), 3, "This is to be a multiple of 5"],
    [z.union([z.string(), z.number()]), true, "This has a form that is not known here"],
  ])("%#: %s", (schema, value, words) => {
    expect(say(schema, value)).toEqual([words]);
  });

  test("where a form asks, without the codes among which one chooses", () => {
    expect(say(z.enum(["sms", "email"]), "fax", sayIssue)).toEqual(["Choose one of those that are offered"]);
    expect(say(variant, { type: "all" }, sayIssue)).toEqual(["type: Choose one of those that are offered"]);
  });

  test("unless the contract has words of its own", () => {
    expect(say(z.string().max(2, "Two letters, as in AT"), "xyz")).toEqual(["Two letters, as in AT"]);
  });
});
