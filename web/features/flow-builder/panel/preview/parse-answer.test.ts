import { expect, test } from "vitest";
import { nameFor, parseAnswer } from "./parse-answer.ts";

test("an answer that is no JSON has no values to keep, and long integers stay exact", () => {
  expect(parseAnswer("")).toBeUndefined();
  expect(parseAnswer("<p>")).toBeUndefined();
  expect(parseAnswer('{"id":7615917337495251231}')).toEqual({ value: { id: "7615917337495251231" } });
  expect(parseAnswer("null")).toEqual({ value: null });
});

test("a kept value is called by the end of its path, and never like another", () => {
  expect(nameFor("data.order.id", [])).toBe("id");
  expect(nameFor("data.orderNumber", [])).toBe("order_number");
  expect(nameFor("items.0", [])).toBe("items");
  expect(nameFor("Größe (cm)", ["gr_e_cm"])).toBe("gr_e_cm_2");
  expect(nameFor("0", [])).toBe("value");
  expect(nameFor("order.status", ["status", "attempts"])).toBe("status_2");
});
