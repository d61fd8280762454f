import fc from "fast-check";
import { expect, test } from "vitest";
import { findNearest, findVariant } from "./nearest-name.ts";

const known = ["firstname", "birth_date", "Größe", "plan", "visit_count"];

test.each([["xyz"], ["pl"], ["first_names_of_all"], ["visitors_count"], [""], ["constructor"]])("nothing is near %j", (name) =>
  expect(findNearest(name, known)).toBeUndefined(),
);

test.each([
  ["FirstName", "firstname"],
  ["Birth Date", "birth_date"],
  ["grosse", "Größe"],
])("%s is %s in another spelling", (name, meant) => expect(findVariant(name, known)).toBe(meant));

test.each([
  ["fristname", "firstname"],
  ["firstnme", "firstname"],
  ["birth_dat", "birth_date"],
  ["brith_datte", "birth_date"],
  ["pln", "plan"],
  ["visit_conut", "visit_count"],
])("%s is mistyped for %s", (name, meant) => expect(findNearest(name, known)).toBe(meant));

/** Every way to change one word into the other, counted in full. */
function errorsBetween(from: string, to: string): number {
  const rows = Array.from({ length: from.length + 1 }, (_, i) =>
    Array.from({ length: to.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)),
  );
  const at = (i: number, j: number) => rows[i]?.[j] as number;
  for (let i = 1; i <= from.length; i += 1) {
    for (let j = 1; j <= to.length; j += 1) {
      const changed = at(i - 1, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1] ? at(i - 2, j - 2) + 1 : changed;
      (rows[i] as number[])[j] = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, changed, swapped);
    }
  }
  return at(from.length, to.length);
}

test("a name is near exactly where one error in a short word, or two in a long one, lead to it", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 3, maxLength: 12 });
  fc.assert(
    fc.property(word, word, (name, other) => {
      const allowed = name.length < 8 ? 1 : 2;
      expect(findNearest(name, [other])).toBe(errorsBetween(name, other) <= allowed ? other : undefined);
    }),
    { numRuns: 3_000 },
  );
});

test("a list is gone through once to be known, however many names are asked for", () => {
  let readings = 0;
  class Counted extends Set<string> {
    override [Symbol.iterator]() {
      readings += 1;
      return super[Symbol.iterator]();
    }
  }
  const list = new Counted(known);
  readings = 0;
  for (let n = 0; n < 1_000; n += 1) findNearest(`name ${n}`, list);
  expect(readings).toBeLessThanOrEqual(2);
});
