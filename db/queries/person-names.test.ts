import { describe, expect, test } from "vitest";
import { areOtherFirstNames, areOtherNames, nameWords } from "./person-names.ts";

const whole = (name: string) => nameWords({ name, firstname: "", lastname: "" });
const split = (firstname: string, lastname = "") => nameWords({ name: null, firstname, lastname });

describe("names on a shared number", () => {
  test.each([
    ["another first name", split("Ann"), split("Bob")],
    ["another first name of one family", split("Ann", "Smith"), split("Bob", "Smith")],
    ["another family name", split("Ann", "Smith"), split("Ann", "Miller")],
    ["a brother's name that begins alike", split("Paul", "Smith"), split("Paula", "Smith")],
    ["another whole name", whole("Ann Smith"), whole("Bob Smith")],
    ["a whole name against parts", whole("Bob"), split("Ann", "Smith")],
    ["names in another script", whole("Анна"), whole("Борис")],
  ])("%s is another person", (_, a, b) => {
    expect([areOtherNames(a, b), areOtherNames(b, a)]).toEqual([true, true]);
  });

  test.each([
    ["no name", split(""), split("Ann", "Smith")],
    ["the family name alone", split("", "Miller"), split("Ann", "Smith")],
    ["the first name alone", split("Ann"), split("Ann", "Smith")],
    ["case, accents and a title", whole("Dr. ZOË smith"), split("Zoe", "Smith")],
    ["the order of the parts", whole("Smith, Ann"), split("Ann", "Smith")],
    ["an initial", split("A.", "Smith"), split("Ann", "Smith")],
    ["a middle name", whole("Ann Maria Smith"), split("Ann", "Smith")],
    ["a hyphen", split("Anne-Marie"), split("Anne Marie")],
  ])("%s is no contradiction", (_, a, b) => {
    expect([areOtherNames(a, b), areOtherNames(b, a)]).toEqual([false, false]);
  });
});

test("on a shared address a new family name is believed, and another first name is another person", () => {
  expect(areOtherFirstNames(split("Ann", "Smith"), split("Ann", "Miller"))).toBe(false);
  expect(areOtherFirstNames(whole("Ann Smith"), whole("Ann Miller"))).toBe(false);
  expect(areOtherFirstNames(whole("John Smith"), whole("Jane Smith"))).toBe(true);
  expect(areOtherFirstNames(split("John", "Smith"), split("Jane", "Smith"))).toBe(true);
  expect(areOtherFirstNames(split("", "Smith"), split("Jane", "Miller"))).toBe(false);
});
