import { expect, test } from "vitest";
import { hasMoved, needsApproval, readApprovalRules, returnWords } from "./approvals.ts";

const by = { contacts: 10, lately: 0, isAdmin: false, isTest: false };

test.each([
  ["nothing is set", { above: null, editors: false }, by, false],
  ["just the number", { above: 10, editors: false }, by, false],
  ["one more than the number, an admin too", { above: 9, editors: false }, { ...by, isAdmin: true }, true],
  ["one more than the number together with what was sent lately", { above: 10, editors: false }, { ...by, lately: 1 }, true],
  ["an editor's, one contact", { above: null, editors: true }, { ...by, contacts: 1 }, true],
  ["an admin's where editors ask", { above: null, editors: true }, { ...by, isAdmin: true }, false],
  ["a test", { above: 1, editors: true }, { ...by, isTest: true }, false],
])("whether a send waits: %s", (_, rules, send, waits) => {
  expect(needsApproval(rules, send)).toBe(waits);
});

test.each([
  [100, 105, false],
  [100, 106, true],
  [100, 95, false],
  [100, 94, true],
  [1, 0, true],
  [19, 20, true],
  [20, 21, false],
])("an audience of %i that is %i now has moved: %s", (before, now, moved) => {
  expect(hasMoved(before, now)).toBe(moved);
});

test("nothing waits where nothing was set, and the sends of editors where the rules cannot be read", () => {
  expect(readApprovalRules({})).toEqual({ above: null, editors: false, allFlows: false });
  for (const stored of [null, { above: "many" }, []])
    expect(readApprovalRules(stored)).toEqual({ above: null, editors: true, allFlows: false });
});

test("one contact is said as one", () => {
  expect(returnWords("audience_moved", { before: 1, now: 1200 })).toBe(
    "The audience has moved from 1 contact to 1,200 contacts, more than 5 %.",
  );
});
