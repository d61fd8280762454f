import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FilterTest } from "#contract/contacts.ts";
import { ContactFilter } from "#contract/contacts.ts";
import { isSendableEmail } from "#contract/email-address.ts";
import type { TestDb } from "#test/db.ts";
import { createTestDb } from "#test/db.ts";
import { matchesFilter, matchesSelection } from "./contact-filter.ts";

const workspaceId = "filter-tests";
let db: TestDb;

interface Row {
  key: string;
  name?: string | null;
  firstname?: string;
  lastname?: string;
  email?: string | null;
  phone_number?: string | null;
  phone_e164?: string | null;
  lead_status?: string | null;
  sms_opted_out_at?: Date | null;
  email_opted_out_at?: Date | null;
  dnc?: boolean;
  created_at?: Date;
}

const day = 24 * 3600 * 1000;
const rows: Row[] = [
  { key: "john", firstname: "John", lastname: "Doe", email: "John@Email.com", phone_number: "(415) 555-2671", phone_e164: "+14155552671" },
  { key: "jane", name: "Jane Smith", firstname: "", lastname: "", email: "jane@example", phone_number: "12345", lead_status: "New" },
  {
    key: "josé",
    firstname: "José",
    lastname: "Ñandú",
    email: null,
    phone_number: "+44 7911 123456",
    phone_e164: "+447911123456",
    dnc: true,
  },
  { key: "wang", firstname: "小明", lastname: "王", lead_status: "", email: "", phone_number: "", email_opted_out_at: new Date() },
  { key: "odd", firstname: "100%", lastname: "a_b\\c", email: "x@y.org", lead_status: "new", sms_opted_out_at: new Date() },
  { key: "nobody", name: "  ", firstname: "", lastname: "", email: null, phone_number: null, created_at: new Date(Date.now() - 10 * day) },
  {
    key: "ölbaum",
    firstname: "ÖLBAUM",
    lastname: "GmbH",
    email: "o'hara+tag@mail.example.org",
    phone_number: "٠٣٠ ١٢٣٤٥٦٧",
    lead_status: "Customer",
  },
];

beforeAll(async () => {
  db = await createTestDb();
  await db.owner.insertInto("workspaces").values({ id: workspaceId, name: "Tests" }).execute();
  for (const { key, ...row } of rows) {
    await db.owner
      .insertInto("contacts")
      .values({ workspace_id: workspaceId, firstname: "", lastname: "", ...row, metadata: JSON.stringify({ key }) })
      .execute();
  }
});
afterAll(() => db.drop());

async function found(filter: ContactFilter): Promise<string[]> {
  const matching = await db.owner
    .selectFrom("contacts")
    .select(sql<string>`metadata ->> 'key'`.as("key"))
    .where("workspace_id", "=", workspaceId)
    .where(matchesFilter(filter))
    .execute();
  return matching.map(({ key }) => key).sort();
}
const search = (text: string) => found({ search: text, tests: [] });
const where = (field: FilterTest["field"], operator: FilterTest["operator"], value?: FilterTest["value"]) =>
  found(ContactFilter.parse({ tests: [{ field, operator, ...(value === undefined ? {} : { value }) }] }));
const keys = rows.map(({ key }) => key).sort();
const allBut = (...without: string[]) => keys.filter((key) => !without.includes(key));

describe("search", () => {
  test.each(["", " ", "\u0301", " \u0308\u0301 ", "\u20dd", "\u0345"])(
    "of a text of which nothing is left (%j) finds nobody",
    async (text) => {
      expect(await search(text)).toEqual([]);
    },
  );

  test("without text everybody is found", async () => {
    expect(await found({ tests: [] })).toEqual(keys);
  });

  test.each([
    ["zzz", []],
    ["john jane", []],
    ["doe john", ["john"]],
    ["JOHN@EMAIL", ["john"]],
    ["josé", ["josé"]],
    ["jose\u0301", ["josé"]],
    ["ÑANDÚ", ["josé"]],
    ["ölbaum", ["ölbaum"]],
    ["王", ["wang"]],
    ["小明", ["wang"]],
    ["%", ["odd"]],
    ["_", ["odd"]],
    ["\\", ["odd"]],
    ["a_b\\c", ["odd"]],
    ["a%b", []],
    ["'", ["ölbaum"]],
    ["jo", ["john", "josé"]],
    ["oh", []],
    ["j", ["jane", "john", "josé"]],
    ["ñ", ["josé"]],
    ["明", ["wang"]],
    ["@e", ["jane", "john"]],
  ])("%s finds %j", async (text, expected) => {
    expect(await search(text)).toEqual([...expected].sort());
  });

  test.each([
    "(415) 555-2671",
    "+1 415 555 2671",
    "415.555.2671",
    "14155552671",
    "4155552671",
    "555-2671",
    "(415)",
    "٤١٥٥٥٥٢٦٧١",
    "doe 415-555",
  ])("a number is found as %s", async (text) => {
    expect(await search(text)).toEqual(["john"]);
  });

  test.each(["07911 123456", "+44 (0)7911 123456", "0044 7911 123456", "7911123456"])("a British number is found as %s", async (text) => {
    expect(await search(text)).toEqual(["josé"]);
  });

  test("the parts of a number in another order are another number", async () => {
    expect(await search("555 415 2671")).toEqual([]);
  });
});

describe("tests on text", () => {
  test.each<[FilterTest["operator"], string | undefined, string[]]>([
    ["is", "john doe", ["john"]],
    ["is_not", "JOHN DOE", allBut("john")],
    ["contains", "a_b", ["odd"]],
    ["not_contains", "OH", allBut("john")],
    ["starts_with", "100%", ["odd"]],
    ["starts_with", "1%", []],
    ["ends_with", "Ñandú", ["josé"]],
    ["is_empty", undefined, ["nobody"]],
    ["is_not_empty", undefined, allBut("nobody")],
  ])("name %s %s", async (operator, value, expected) => {
    expect(await where("name", operator, value)).toEqual(expected);
  });

  test("a contact without an address is one whose address is not this one and does not contain that", async () => {
    expect(await where("email", "is_not", "john@email.com")).toEqual(allBut("john"));
    expect(await where("email", "not_contains", "@")).toEqual(["josé", "nobody", "wang"].sort());
    expect(await where("email", "is_empty")).toEqual(["josé", "nobody", "wang"].sort());
  });

  test("first and last name are tested apart", async () => {
    expect(await where("firstname", "is", "josé")).toEqual(["josé"]);
    expect(await where("lastname", "is", "josé")).toEqual([]);
  });
});

describe("tests on phone", () => {
  test.each<[FilterTest["operator"], string | undefined, string[]]>([
    ["is", "+1 (415) 555-2671", ["john"]],
    ["is", "415 555 2671", ["john"]],
    ["is", "2671", []],
    ["is_not", "4155552671", allBut("john")],
    ["contains", "555-26", ["john"]],
    ["not_contains", "7911", allBut("josé")],
    ["starts_with", "+44", ["josé"]],
    ["starts_with", "(415)", ["john"]],
    ["ends_with", "3456", ["josé"]],
    ["contains", "%", []],
    ["starts_with", "_", []],
    ["not_contains", "_", allBut()],
    ["is_empty", undefined, ["nobody", "odd", "wang"]],
    ["is_not_empty", undefined, allBut("nobody", "odd", "wang")],
  ])("%s %s", async (operator, value, expected) => {
    expect(await where("phone", operator, value)).toEqual([...expected].sort());
  });
});

describe("tests on choices", () => {
  test("case does not matter, and no value is a value", async () => {
    expect(await where("lead_status", "is", "NEW")).toEqual(["jane", "odd"]);
    expect(await where("lead_status", "is_not", "new")).toEqual(allBut("jane", "odd"));
    expect(await where("lead_status", "in", ["customer", "nonsense"])).toEqual(["ölbaum"]);
    expect(await where("lead_status", "not_in", ["customer", "New"])).toEqual(allBut("jane", "odd", "ölbaum"));
    expect(await where("lead_status", "is_empty")).toEqual(allBut("jane", "odd", "ölbaum"));
    expect(await where("lead_status", "is_not_empty")).toEqual(["jane", "odd", "ölbaum"]);
    expect(await where("conversation_status", "is", "new")).toEqual(keys);
  });
});

describe("yes or no", () => {
  test.each<[FilterTest["field"], string[]]>([
    ["sms_opted_out", ["odd"]],
    ["email_opted_out", ["wang"]],
    ["dnc", ["josé"]],
    ["can_receive_sms", ["john"]],
    ["can_receive_email", ["john", "odd", "ölbaum"]],
  ])("%s", async (field, expected) => {
    expect(await where(field, "is", true)).toEqual([...expected].sort());
    expect(await where(field, "is", false)).toEqual(allBut(...expected));
  });

  test("the database and the program agree on which address can be written to", async () => {
    const local = "a".repeat(64);
    const addresses = [
      ..."a@b.co A.b-c_d@x-y.museum o'hara+tag@mail.example.org a@xn--mller-kva.de".split(" "),
      ..."plain @b.co a@ a@b a@b. a@.co a@-b.co a@b-.co .a@b.co a.@b.co a..b@c.de a@b..co a@1.2.3.4 a@b.c a@[1.2.3.4]".split(" "),
      ...[
        "a b@c.de",
        'a"b@c.de',
        "a@b.co(x)",
        "a@b.co\n",
        "a@b.co\nBcc: x@y.de",
        "<a@b.co>",
        "a@b.co,c@d.co",
        "a@b@c.de",
        "ä@b.co",
        "a@bü.de",
      ],
      ...[
        `${local}@b.co`,
        `${local}a@b.co`,
        `a@${"b.".repeat(125)}co`,
        `a@${"b.".repeat(126)}co`,
        "",
        " ",
        "a\u0000@b.co".replace("\0", "\u0001"),
      ],
    ];
    await db.owner.insertInto("workspaces").values({ id: "addresses", name: "Addresses" }).execute();
    const contacts = addresses.map((email) => ({ workspace_id: "addresses", firstname: "", lastname: "", email }));
    const answers = await db.owner.insertInto("contacts").values(contacts).returning(["email", "email_usable as yes"]).execute();
    expect(answers).toHaveLength(addresses.length);
    expect(answers.filter(({ email, yes }) => yes !== isSendableEmail(email))).toEqual([]);
    expect(answers.filter(({ yes }) => yes)).toHaveLength(6);
  });
});

describe("dates", () => {
  const iso = (time: number) => new Date(time).toISOString();
  test.each<[FilterTest["operator"], string | number, string[]]>([
    ["in_last_days", 5, allBut("nobody")],
    ["not_in_last_days", 5, ["nobody"]],
    ["in_last_days", 10.5, keys],
    ["before", iso(Date.now() - 5 * day), ["nobody"]],
    ["after", iso(Date.now() - 5 * day), allBut("nobody")],
    ["before", iso(Date.now() + 2 * day).slice(0, 10), keys],
    ["after", iso(Date.now() + 2 * day).slice(0, 10), []],
    ["after", iso(Date.now() - 10 * day).slice(0, 10), allBut("nobody")],
    ["after", "-271821-04-20", keys],
    ["before", "+275760-09-13", keys],
  ])("added %s %s", async (operator, value, expected) => {
    expect(await where("created_at", operator, value)).toEqual(expected);
  });
});

describe("selections", () => {
  const select = async (selection: Parameters<typeof matchesSelection>[0]) => {
    const { rows: ids } = await sql<{ id: string }>`
      select contacts.id from contacts where workspace_id = ${workspaceId} and ${matchesSelection(selection)}`.execute(db.owner);
    return ids.map(({ id }) => id);
  };

  test("ids name contacts; a filter takes all that match, without those taken out", async () => {
    const everybody = await select({ type: "filter", filter: { tests: [] }, excluded: [] });
    expect(everybody).toHaveLength(rows.length);
    const [first, second] = everybody as [string, string];
    expect(await select({ type: "ids", ids: [second, first] })).toEqual(expect.arrayContaining([first, second]));
    expect(await select({ type: "filter", filter: { tests: [] }, excluded: [first] })).toEqual(everybody.slice(1));
  });
});
