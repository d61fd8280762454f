import { expect, test } from "vitest";
import { passwordRule, roleCovers, roles } from "./people.ts";

test("a role covers itself and every role below it, and none above", () => {
  const covered = roles.map((role) => roles.filter((least) => roleCovers(role, least)));
  expect(covered).toEqual([["viewer"], ["viewer", "editor"], ["viewer", "editor", "admin"], ["viewer", "editor", "admin", "owner"]]);
});

test("a password has 12 to 128 characters", () => {
  const accepted = [11, 12, 128, 129].map((length) => passwordRule.safeParse("x".repeat(length)).success);
  expect(accepted).toEqual([false, true, true, false]);
});
