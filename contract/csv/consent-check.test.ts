import { describe, expect, test } from "vitest";
import type { ImportColumn } from "../import-settings.ts";
import { ConsentCheck } from "./consent-check.ts";

const column = (header: string, target: string, notConsent?: true) => ({ header, target, notConsent }) as unknown as ImportColumn;

/** The headers that the import asks about after these rows. */
function questions(columns: ImportColumn[], ...rows: string[][]): string[] {
  const check = new ConsentCheck(columns);
  for (const row of rows) check.see(row);
  return check.questions().map((at) => columns[at]?.header ?? "");
}

describe("an import asks", () => {
  test("about a header that speaks of refusal, as soon as one row has a value there", () => {
    const columns = [column("Email", "email"), column("Do Not Contact", "custom")];
    expect(questions(columns, ["a@example.com", ""])).toEqual([]);
    expect(questions(columns, ["a@example.com", ""], ["b@example.com", "1"])).toEqual(["Do Not Contact"]);
  });

  test("about values that sound like a refusal under a header that says nothing", () => {
    expect(questions([column("Status", "custom")], ["active"], ["Unsubscribed"])).toEqual(["Status"]);
  });

  test("about a column that would be left out, because a refusal would be lost with it", () => {
    expect(questions([column("Email opt out", "ignore")], ["yes"])).toEqual(["Email opt out"]);
  });
});

describe("an import does not ask", () => {
  test("about a column that is taken as consent", () => {
    expect(questions([column("Do Not Contact", "dnc")], ["yes"])).toEqual([]);
  });

  test("about a column of which a person said that it is no consent", () => {
    expect(questions([column("Status", "custom", true)], ["Unsubscribed"])).toEqual([]);
  });

  test("about a name or an address that happens to hold the word", () => {
    expect(questions([column("Last name", "lastname"), column("Email", "email")], ["Stop", "unsubscribe@example.com"])).toEqual([]);
  });
});
