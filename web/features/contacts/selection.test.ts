import { describe, expect, it } from "vitest";
import { Selection } from "#contract/contacts.ts";
import {
  isSelected,
  mostPicked,
  namesOf,
  nothing,
  selectedCount,
  selectMatching,
  setSelected,
  toRequest,
  underFilter,
  without,
  withTotal,
} from "./selection.ts";

const uuid = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const contact = (n: number) => ({ id: uuid(n), displayName: `Contact ${n}` });
const contacts = (count: number) => Array.from({ length: count }, (_, n) => contact(n));
const everybody = { tests: [] };
const leads = { tests: [{ field: "lead_status" as const, operator: "is" as const, value: "New" }] };

describe("ticked contacts", () => {
  it("are nobody at first, and nobody cannot be sent to", () => {
    expect(selectedCount(nothing)).toBe(0);
    expect(toRequest(nothing)).toBeNull();
  });

  it("travel as ids that the API accepts, in the order they were ticked", () => {
    const selection = setSelected(setSelected(nothing, [contact(2)], true), [contact(1), contact(2)], true);
    expect(toRequest(selection)).toEqual({ type: "ids", ids: [uuid(2), uuid(1)] });
    expect(Selection.safeParse(toRequest(selection)).success).toBe(true);
    expect(namesOf(selection)).toEqual(["Contact 2", "Contact 1"]);
  });

  it("stay ticked when the filter changes", () => {
    const selection = setSelected(nothing, [contact(1)], true);
    expect(underFilter(selection, leads)).toEqual({ selection, reset: false });
  });

  it("stop at the most that one request may name", () => {
    const selection = setSelected(nothing, contacts(mostPicked + 5), true);
    expect(selectedCount(selection)).toBe(mostPicked);
    expect(Selection.safeParse(toRequest(selection)).success).toBe(true);
  });

  it("are forgotten when they are deleted", () => {
    const selection = without(setSelected(nothing, contacts(3), true), [uuid(0), uuid(2)]);
    expect(toRequest(selection)).toEqual({ type: "ids", ids: [uuid(1)] });
  });

  it("does not change the selection it was made from", () => {
    const before = setSelected(nothing, [contact(1)], true);
    setSelected(before, [contact(1)], false);
    expect(isSelected(before, uuid(1))).toBe(true);
  });
});

describe("all that match", () => {
  const all = selectMatching(leads, 10_000, contacts(50));

  it("travels as the filter, never as ids, whatever the number", () => {
    expect(toRequest(all)).toEqual({ type: "filter", filter: leads, excluded: [] });
    expect(Selection.safeParse(toRequest(all)).success).toBe(true);
  });

  it("includes contacts that were never loaded", () => {
    expect(isSelected(all, uuid(9_999))).toBe(true);
    expect(selectedCount(all)).toBe(10_000);
  });

  it("minus those unticked, and they can be ticked again", () => {
    const fewer = setSelected(all, [contact(3), contact(4)], false);
    expect(selectedCount(fewer)).toBe(9_998);
    expect(toRequest(fewer)).toEqual({ type: "filter", filter: leads, excluded: [uuid(3), uuid(4)] });
    expect(selectedCount(setSelected(fewer, [contact(3)], true))).toBe(9_999);
  });

  it("is nobody once everybody has been unticked", () => {
    const three = selectMatching(leads, 3, contacts(3));
    expect(setSelected(three, contacts(3), false)).toBe(nothing);
  });

  it("ends when the filter changes, and says so", () => {
    expect(underFilter(all, everybody)).toEqual({ selection: nothing, reset: true });
    expect(underFilter(all, { ...leads, search: "ada" }).reset).toBe(true);
  });

  it("survives the same filter read again from the address", () => {
    expect(underFilter(all, { search: undefined, tests: structuredClone(leads.tests) }).reset).toBe(false);
    expect(underFilter(all, { ...structuredClone(leads), search: "" })).toEqual({ selection: all, reset: false });
  });

  it("follows the count when it is read again", () => {
    expect(selectedCount(withTotal(all, 10_002))).toBe(10_002);
    expect(withTotal(all, 10_000)).toBe(all);
  });

  it("shows at most three by name", () => {
    expect(namesOf(all)).toEqual(["Contact 0", "Contact 1", "Contact 2"]);
  });
});
