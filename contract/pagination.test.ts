import { expect, test } from "vitest";
import { z } from "zod";
import { PageQuery, pageOf, Timestamp } from "./pagination.ts";

test.each([{ limit: "0" }, { limit: "201" }, { limit: "1.5" }, { limit: "many" }, { cursor: "x".repeat(1_001) }])(
  "a page is refused with %o",
  (query) => expect(PageQuery.safeParse(query).success).toBe(false),
);

test("a page has 50 rows unless the query says how many", () => {
  expect(PageQuery.parse({})).toEqual({ limit: 50 });
  expect(PageQuery.parse({ limit: "200", cursor: "abc" })).toEqual({ limit: 200, cursor: "abc" });
});

test("a page without a word about the next one is refused", () => {
  const Page = pageOf(z.object({ id: z.string() }));
  expect(Page.safeParse({ items: [] }).success).toBe(false);
  expect(Page.parse({ items: [{ id: "a" }], nextCursor: null })).toEqual({ items: [{ id: "a" }], nextCursor: null });
});

test("a time needs a zone or an offset", () => {
  const accepted = ["2026-12-01T09:00:00", "2026-12-01T09:00:00Z", "2026-12-01T09:00:00+02:00"].map(
    (text) => Timestamp.safeParse(text).success,
  );
  expect(accepted).toEqual([false, true, true]);
});
