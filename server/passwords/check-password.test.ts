import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { slowdown } from "#test/processor-time.ts";
import { passwordProblem } from "./check-password.ts";

const about = { email: "ana.lopes@hotel-bellevue.example", name: "Ana Lopes", workspaceNames: ["Bellevue Group"] };
const problem = (password: string) => passwordProblem(password, about);

test("the list holds 10,000 passwords and more, each once", () => {
  const lines = readFileSync(join(import.meta.dirname, "most-used-passwords.txt"), "utf8")
    .trimEnd()
    .split("\n");
  expect(lines.length).toBeGreaterThanOrEqual(10_000);
  expect(new Set(lines).size).toBe(lines.length);
});

describe("refused, because it is common", () => {
  test.each([
    ...["password1234", "PassWord1234", "123456789012", "qwertyuiop12", "1q2w3e4r5t6y", "passwordpassword", "administrator"],
    ...["Iloveyou1234", "dragon-2024-!!", "!!! monkey !!!", "p a s s w o r d", "letmeinletmein", "Sunshine20262026"],
    ...["000000000000", "31415926535897", "............", "aaaaaaaaaaaaaaa", "abababababab", "ａｄｍｉｎｉｓｔｒａｔｏｒ"],
  ])("%s", (password) => expect(problem(password)).toBeDefined());
});

describe("refused, because it is one's own", () => {
  test.each([
    ...["ana.lopes@hotel-bellevue.example", "AnaLopes2026!", "lopes-ana-lopes", "hotelbellevue1", "Hotel-Bellevue!!", "bellevue group 1"],
    ...["bellevuegroup99", "SluiceSluice1", "ana123456789!"],
  ])("%s", (password) => expect(problem(password)).toContain("easy to guess"));
});

describe("taken", () => {
  test.each([
    ...["correct horse battery", "a long passphrase", "Ana has 7 green llamas", "bellevue at midnight, rain", "kR7#vq!pLz0w"],
    ...["schöne grüne Wiesen", "три зелёных попугая"],
  ])("%s", (password) => expect(problem(password)).toBeUndefined());
});

test("looking at the longest password takes no time that grows with its square", () => {
  const look = (length: number) => () => void problem("ab".repeat(length / 2));
  expect(slowdown(look(16), look(128), 20)).toBeLessThan(8 * 4);
});
