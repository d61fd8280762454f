import { sql } from "kysely";
import examples from "libphonenumber-js/examples.mobile.json" with { type: "json" };
import { type CountryCode, getCountries, getExampleNumber, parsePhoneNumberFromString } from "libphonenumber-js/max";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDb, type TestDb } from "#test/db.ts";
import { phoneCountryBody } from "../../scripts/phone-countries.ts";

let db: TestDb;
beforeAll(async () => {
  db = await createTestDb();
});
afterAll(() => db.drop());

/** Where the function and the library differ, and how many numbers the library knows the country of. */
async function compare(numbers: readonly string[]): Promise<{ differing: string[]; known: number }> {
  const { rows } = await sql<{ number: string; country: string | null }>`
    select number, private.phone_country(number) as country from unnest(${numbers}::text[]) as n(number)`.execute(db.owner);
  const told = rows.flatMap(({ number, country }) => {
    const parsed = parsePhoneNumberFromString(number);
    return parsed?.number === number && parsed.isValid() && parsed.country ? [{ number, country, wanted: parsed.country }] : [];
  });
  const differing = told.flatMap(({ number, country, wanted }) => (country === wanted ? [] : `${number} is ${wanted}, not ${country}`));
  return { differing, known: told.length };
}

/** Digits that are the same in every run. */
function digits(count: number, seed: number): string {
  let state = seed * 2_654_435_761;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 16) % 10;
  }).join("");
}

test("the function in the database is the one of the library that reads numbers", async () => {
  const { rows } = await sql<{
    body: string;
  }>`select prosrc as body from pg_proc where oid = 'private.phone_country(text)'::regprocedure`.execute(db.owner);
  expect(rows[0]?.body, "write it anew into a migration: node scripts/phone-countries.ts").toBe(phoneCountryBody());
});

test("an example number of every country has its country", async () => {
  const numbers = getCountries().map((country: CountryCode) => getExampleNumber(country, examples)?.number ?? "");
  const { differing, known } = await compare(numbers);
  expect(differing).toEqual([]);
  expect(known).toBe(numbers.length);
});

test("every area of +1 has its country, of which the United States are one among many", async () => {
  const areas = Array.from({ length: 800 }, (_, index) => 200 + index);
  const numbers = areas.flatMap((area) => ["2345678", "9876543", "4602345", "8091234"].map((rest) => `+1${area}${rest}`));
  const { differing, known } = await compare(numbers);
  expect(differing).toEqual([]);
  expect(known).toBeGreaterThan(1_500);
});

test.each(["7", "39", "44", "47", "61", "212", "262", "290", "358", "590", "599"])(
  "countries that share +%s are told apart",
  async (code) => {
    const numbers = Array.from({ length: 6_000 }, (_, index) => {
      // Half of them are near what the smaller countries have.
      const start = ["", ...(starts[code] ?? [])][index % ((starts[code]?.length ?? 0) + 1)] ?? "";
      const length = (lengths[code] ?? [9])[index % (lengths[code] ?? [9]).length] as number;
      return `+${code}${(start + digits(length, index + 1)).slice(0, length)}`;
    });
    const { differing, known } = await compare(numbers);
    expect(differing).toEqual([]);
    expect(known).toBeGreaterThan(50);
  },
);

const lengths: Record<string, number[]> = {
  7: [10],
  39: [9, 10, 11],
  44: [10],
  47: [8],
  61: [9],
  212: [9],
  262: [9],
  290: [4, 5],
  358: [8, 9, 10],
  590: [9],
  599: [7, 8],
};
const starts: Record<string, string[]> = {
  7: ["7", "71", "77", "9", "80"],
  39: ["06698", "3", "06", "02"],
  44: ["1534", "1481", "1624", "7797", "7781", "7624", "7911", "7457", "70", "76", "80", "845"],
  47: ["79", "78", "4", "9"],
  61: ["89162", "89164", "4", "145", "18", "190"],
  212: ["5288", "5289", "6", "5"],
  262: ["269", "639", "692", "262", "80", "97"],
  290: ["8", "2", "5"],
  358: ["18", "4", "5", "1"],
  590: ["590", "690", "691", "69", "59027", "59029"],
  599: ["7", "9", "3", "4"],
};

test("what belongs to none of the countries of its code counts as the first, and a number of no country has none", async () => {
  const { rows } = await sql<{ country: string | null }>`
    select private.phone_country(number) as country
    from unnest(array['+15550100100', '+80012345678', '+999123456789', '12', '', null]) as n(number)`.execute(db.owner);
  expect(rows.map(({ country }) => country)).toEqual(["US", null, null, null, null, null]);
});
