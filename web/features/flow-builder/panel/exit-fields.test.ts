import { expect, test } from "vitest";
import { node, sms } from "#test/graphs.ts";
import { exitFields } from "./exit-fields.ts";

const keyed = (one: ReturnType<typeof node>, key: string) => ({ ...one, data: { ...one.data, key } });
const tests = [{ field: "email", operator: "is_not_empty" }];
const condition = node("condition", { branches: [{ id: "b1", label: "Has an address", tests }] });

test("the exit of a step without a data key cannot be read, and a step with one exit has nothing to tell", () => {
  expect(exitFields([sms(), keyed(node("start"), "begin")])).toEqual([]);
});

test("an exit is chosen by its name and tested by its id", () => {
  const label = "Condition: exit";
  const choiceNames = { b1: "Has an address", otherwise: "Otherwise" };
  expect(exitFields([keyed(condition, "has")])).toEqual([
    { path: "steps.has.exit", label, group: expect.any(String), kind: "choice", choices: ["b1", "otherwise"], choiceNames },
  ]);
});
