import { describe, expect, test } from "vitest";
import { guessByValues, guessHeaderRow } from "./import-header.ts";

const rowsOf = (text: string) => text.split("\n").map((line) => line.split(","));

describe("the line that names the columns", () => {
  test.each([
    ["is the first", 1, "Name,Email\nAnn,a@us.com"],
    ["is the first where no name is known", 1, "Foo,Bar\nx,y"],
    ["is none where the first line holds an address", 0, "Carla Rossi,carla@rossi.example,+12025550131\nDora,d@us.com,+12025550132"],
    ["is none where the first line holds a number", 0, "Carla Rossi,(202) 555-0131\nDora,2025550132"],
    ["may have days in it", 1, "Name,Email,2026-11-30,01.12.2026\nAnn,a@us.com,1,2"],
    ["is none where the first line holds a number in parts", 0, "Carla,202.555.0131\nDora,202-555-0132"],
    ["stands below a title", 2, "Customer list as of 1 Dec 2026,,,\nName,Email,Mobile,I do not want to receive SMS\nAnn,a@us.com,,yes"],
    ["stands below a title of one known word", 2, "Customer,,\nName,Email,Mobile\nAnn,a@us.com,"],
    ["stands below a line with the address of the firm", 3, "Firm,\ninfo@us.com,\nName,Email\nAnn,a@us.com"],
    ["may be one word", 1, "Email\na@us.com"],
    ["may name an address within a sentence", 1, "Name,Email,Consent to mail from info@us.com\nAnn,a@us.com,yes"],
  ])("%s", (_, row, text) => expect(guessHeaderRow(rowsOf(text))).toBe(row));
});

test("columns without names are guessed by their values, each target once", () => {
  const columns = guessByValues(rowsOf("Carla,c@us.com,+12025550131,x@us.com,7\nDora,,2025550132,y@us.com,8"));
  expect(columns.map(({ target }) => target)).toEqual(["metadata", "email", "phone_number", "metadata", "metadata"]);
  expect(columns.every(({ header }) => header === "")).toBe(true);
});
