import { describe, expect, test } from "vitest";
import { readPhone } from "./phone.ts";

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
  ])("%s in %s is %s", (typed, country, e164) => {
    expect(readPhone(typed, country)).toEqual({ e164, problem: null });
  });
});
