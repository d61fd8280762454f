import { expect, test } from "vitest";
import { safeReturn } from "./safe-return.ts";

test.each(["//evil.example/x", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "contacts", ""])(
  "signing in never leads to %o",
  (from) => expect(safeReturn(from)).toBe("/contacts"),
);

test("signing in leads back to a page of ours, whole", () => {
  expect(safeReturn("/inbox?channel=sms#x")).toBe("/inbox?channel=sms#x");
  expect(safeReturn(undefined)).toBe("/contacts");
});
