import { expect, test } from "vitest";
import { type RouteId, routes } from "#contract/routes.ts";
import { heavyKindOf } from "./heavy-kind.ts";

const named = { type: "ids", ids: ["1"] };
const filter = { tests: [{ field: "email", operator: "is_empty" }] };
const kindOf = (id: RouteId, { query, body }: { query?: object; body?: object }) =>
  heavyKindOf(routes[id] as never, { params: {}, query: query ?? {}, body });

test("who is named by ids is not counted with heavy requests, and who is chosen by a filter is", () => {
  for (const [id, kind] of [
    ["createSend", "act"],
    ["createBulkJob", undefined],
  ] as const) {
    expect(kindOf(id, { body: { selection: named } })).toBe(kind);
    expect(kindOf(id, { body: { selection: { type: "filter", filter: { tests: [] } } } })).toBe("short");
  }
});

test("a list without a filter is read in its order, and one that looks for something may read all", () => {
  expect(kindOf("listContacts", { query: {} })).toBeUndefined();
  expect(kindOf("listContacts", { query: { filter: { tests: [] } } })).toBeUndefined();
  expect(kindOf("listContacts", { query: { filter } })).toBe("short");
  expect(kindOf("listContacts", { query: { filter: { tests: [], search: "ann" } } })).toBe("short");
  expect(kindOf("countContacts", { query: {} })).toBe("short");
});

test("files are long, and what walks contacts through flows is told apart from what only waits", () => {
  expect(kindOf("exportSelection", { body: { selection: named } })).toBe("long");
  expect(kindOf("tryWebhook", { body: {} })).toBe("long");
  for (const id of ["forecastSend", "forecastContact", "planContact", "findCollisions"] as const) expect(kindOf(id, {})).toBe("walk");
  expect(kindOf("getFlow", {})).toBeUndefined();
});
