import { expect, test } from "vitest";
import { browserCountry, countryOptions } from "./countries.ts";

test("the browser's language names the country, where it names one", () => {
  expect(browserCountry(["de-AT", "en-US"])).toBe("AT");
  expect(browserCountry(["de", "en-GB"])).toBe("GB");
  expect(browserCountry(["de"])).toBe("");
  expect(browserCountry([])).toBe("");
});

test("every country of today is there once, by its name", () => {
  const codes = countryOptions().map(({ value }) => value);
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes).toEqual(expect.arrayContaining(["AT", "US", "GB", "NP"]));
  expect(codes).not.toContain("UK");
});
