import { expect, test } from "vitest";
import { sentencesOf } from "./import-lines.tsx";

const line = {
  line: 3,
  contactId: "019a0000-0000-7000-8000-000000000001",
  displayName: "Bob Smith",
  apart: null,
  overwrites: [],
  fromBin: false,
};

test("a contact that was kept apart is told with the other one and the reason", () => {
  const apart = { reason: "other_name" as const, fromId: line.contactId, fromName: "Ann Smith" };
  expect(sentencesOf({ ...line, apart }).map(({ line: at, sentence }) => [at, sentence])).toEqual([
    [3, "Kept apart from Ann Smith: the number or address is the same, but the name is another."],
  ]);
  const gone = sentencesOf({ ...line, apart: { ...apart, fromId: null, fromName: null } });
  expect(gone[0]?.sentence).toMatch(/^Kept apart from a contact that was deleted since:/);
});

test("every replaced value is a line of its own, under the name that a person knows", () => {
  const overwrites = [
    { line: 3, field: "lead_status", from: "Cold", to: "Hot" },
    { line: 9, field: "phone_number", from: "1", to: "2" },
    { line: 9, field: "metadata.Plan", from: "Basic", to: "Pro" },
  ];
  const told = sentencesOf({ ...line, overwrites });
  expect(told.map(({ line: at, sentence }) => [at, sentence])).toEqual([
    [3, "Lead status: “Cold” was replaced by “Hot”."],
    [9, "Phone: “1” was replaced by “2”."],
    [9, "Plan: “Basic” was replaced by “Pro”."],
  ]);
  expect(new Set(told.map(({ key }) => key)).size).toBe(3);
});

test("a contact that was in the bin is told as restored, before its values", () => {
  const overwrites = [{ line: 3, field: "lead_status", from: "Cold", to: "Hot" }];
  expect(sentencesOf({ ...line, fromBin: true, overwrites }).map(({ sentence }) => sentence)).toEqual([
    "Was in the bin and is restored.",
    "Lead status: “Cold” was replaced by “Hot”.",
  ]);
});
