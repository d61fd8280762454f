import { expect, test } from "vitest";
import { confirmationProblem } from "./bulk-confirmation.ts";

test.each([
  ["delete", 101, {}],
  ["delete", 101, { confirm: 100 }],
  ["delete", 101, { expectedTotal: 102 }],
  ["delete", 101, { confirm: 101, expectedTotal: 99 }],
  ["delete", 3, { confirm: 2 }],
  ["delete", 0, { confirm: 2 }],
  ["change_status", 3, { confirm: 2 }],
])("to %s %i contacts with %j asks for the number", (action, total, given) => {
  expect(confirmationProblem(action, given, total)).toContain(`"confirm": ${total}`);
});

test.each([
  ["delete", 100, {}],
  ["delete", 100, { expectedTotal: 99 }],
  ["delete", 101, { confirm: 101 }],
  ["delete", 101, { expectedTotal: 101 }],
  ["delete", 3, { confirm: 3 }],
  ["change_status", 1_000, {}],
  ["change_status", 1_000, { confirm: 1_000, expectedTotal: 990 }],
])("to %s %i contacts with %j needs nothing more", (action, total, given) => {
  expect(confirmationProblem(action, given, total)).toBeUndefined();
});
