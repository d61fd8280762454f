import { describe, expect, test } from "vitest";
import { isLandline, numberOfWriter, readPhone } from "./phone.ts";

describe("readPhone", () => {
  test.each([
    ["+1234567890", "US", "is not a valid number"],
    ["555-0123", "US", "is not a valid number in US; for another country begin with + and its code"],
    ["(415) 555-2671 ext 5", "US", "has an extension, which cannot receive messages"],
    ["+14155552671x5", "US", "has an extension, which cannot receive messages"],
    ["+1 900 555 0123", "US", "is a premium-rate number"],
    ["+881 6 1234 5678", "US", "belongs to no country (satellite or global service)"],
    ["call me", "US", "is not a phone number"],
    ["Home: 415 555 0132", "US", "is not a phone number"],
    ["415 555 0132, 415 555 0133", "US", "is not a phone number"],
    ["9".repeat(10_000), "US", "is not a phone number"],
    ["\0", "US", "is not a phone number"],
    ["4.36641E+11", "AT", "was shortened by a spreadsheet, and its last digits are lost"],
    ["6,64123E+09", "AT", "was shortened by a spreadsheet, and its last digits are lost"],
    ["6.64123456E9", "AT", "was shortened by a spreadsheet, and its last digits are lost"],
    ["6.6412345678E9", "AT", "was shortened by a spreadsheet, and its last digits are lost"],
    ["6641234567E-1", "AT", "was shortened by a spreadsheet, and its last digits are lost"],
    ["+52 1 55 1234 567", "US", "is not a valid number"],
    ["4915112345678", "DE", "can be read as +494915112345678 or as +4915112345678; write it with + and the country code"],
    ["491511234567.0", "DE", "can be read as +49491511234567 or as +491511234567; write it with + and the country code"],
    ["6641234567.5", "AT", "has decimals, which no phone number has"],
  ])("%s in %s cannot be used: it %s", (typed, country, problem) => {
    expect(readPhone(typed, country)).toEqual({ e164: null, problem });
  });

  test.each([null, undefined, "", "   "])("nothing typed (%j) is nothing", (typed) => {
    expect(readPhone(typed, "US")).toBeNull();
  });

  test.each([
    ["(415) 555-2671", "US", "+14155552671"],
    ["07911 123456", "GB", "+447911123456"],
    ["+44 (0)7911 123456", "US", "+447911123456"],
    ["004915123456789", "US", "+4915123456789"],
    ["004915123456789", "DE", "+4915123456789"],
    ["tel:+1-415-555-2671", "DE", "+14155552671"],
    ["٠١٠٠ ٠٠٠ ٠١٢٣", "EG", "+201000000123"],
    ["+1 415 555 2671", "XX", "+14155552671"],
    ["6641234567.0", "AT", "+436641234567"],
    ["436641234567.0", "AT", "+436641234567"],
    ["6.641234567E9", "AT", "+436641234567"],
    ["6,641234567e+09", "AT", "+436641234567"],
    ["6.641234560E9", "AT", "+436641234560"],
    ["6.6412345670E9", "AT", "+436641234567"],
    ["+4.36641234567E+11", "US", "+436641234567"],
    ["+52 1 55 1234 5678", "US", "+525512345678"],
    ["0052 1 (55) 1234-5678", "DE", "+525512345678"],
    ["5215512345678", "MX", "+525512345678"],
    ["044 55 1234 5678", "MX", "+525512345678"],
    ["045 55 1234 5678", "MX", "+525512345678"],
    ["01 55 1234 5678", "MX", "+525512345678"],
    ["+52 55 1234 5678", "US", "+525512345678"],
    ["+54 9 11 4321-5678", "US", "+5491143215678"],
    ["+54 11 4321-5678", "US", "+5491143215678"],
    ["0054 9 11 4321-5678", "DE", "+5491143215678"],
    ["+54 9 11 15 4321-5678", "US", "+5491143215678"],
    ["+54 9 351 15 421-5678", "US", "+5493514215678"],
    ["011 15 4321-5678", "AR", "+5491143215678"],
    ["11 4321-5678", "AR", "+5491143215678"],
    ["9 11 4321-5678", "AR", "+5491143215678"],
    ["0351 15 421-5678", "AR", "+5493514215678"],
    ["0351 421-5678", "AR", "+5493514215678"],
    ["14155552671", "US", "+14155552671"],
    ["+436641234567.00", "US", "+436641234567"],
    ["\u202A+43 664 1234567\u202C", "US", "+436641234567"],
    ["\u200E0664\uFE0D 1234567\u200F", "AT", "+436641234567"],
    ['="0664 1234561"', "AT", "+436641234561"],
    ["'06641234562", "AT", "+436641234562"],
    ["'tel:06641234562", "AT", "+436641234562"],
  ])("%s in %s is %s", (typed, country, e164) => {
    expect(readPhone(typed, country)).toEqual({ e164, problem: null });
  });
});

test("a number of a fixed line is told from a mobile one, where the country tells them apart", () => {
  expect(["+4312345678", "0664 1234567", "+14155552671"].map((typed) => isLandline(typed, "AT"))).toEqual([true, false, false]);
  expect(["011 4321-5678", "011 15 4321-5678", "+5491143215678"].map((typed) => isLandline(typed, "AR"))).toEqual([true, false, false]);
});

test.each([
  ["+5215512345678", "+525512345678"],
  ["+541143215678", "+5491143215678"],
  ["541143215678", "+5491143215678"],
  ["+5491143215678", "+5491143215678"],
  ["+543514215678", "+5493514215678"],
  // Tests below say what is no other form of a number.
  ["+551187654321", "+5511987654321"],
  ["+22997123456", "+2290197123456"],
  ["+14155550100", "+14155550100"],
  ["14155550100", "+14155550100"],
  ["72345", "72345"],
  ["SALON", "SALON"],
  ["", ""],
])("who wrote from %j is known as %j", (party, known) => expect(numberOfWriter(party)).toBe(known));

test.each([
  ["a trunked radio of Brazil that begins with 7, whose digits behind a 9 may be somebody else's", "+551177654321"],
  ["a fixed line of Brazil", "+551133334444"],
  ["a number without charge of Argentina", "+548001234567"],
  ["a number of Palestine under the code of Israel, whose network tells them apart", "+972561234567"],
  ["the number of Mexico that begins with a 1 and is too short for the former prefix", "+52155123456"],
])("%s is left as it is", (_, party) => expect(numberOfWriter(party)).toBe(party));

test("a number typed as people of Brazil had it before 2016 is not guessed at: it may be somebody else's by now", () => {
  expect(readPhone("(11) 8765-4321", "BR")?.e164).toBeNull();
});
