import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { guessMapping } from "#contract/import-mapping.ts";
import { type ImportMapping, importLimits } from "#contract/imports.ts";
import { asMember, type Tx } from "#db/client.ts";
import { findImport } from "#db/queries/contact-imports.ts";
import { createTestDb, type TestDb } from "#test/db.ts";
import { type ImportContacts, importContacts } from "./import-contacts.ts";

const userId = randomUUID();
let db: TestDb;

beforeAll(async () => {
  db = await createTestDb();
});
afterAll(() => db.drop());

async function newWorkspace(): Promise<string> {
  const workspaceId = randomUUID();
  await db.owner.insertInto("workspaces").values({ id: workspaceId, name: "Import" }).execute();
  await db.owner.insertInto("workspace_members").values({ workspace_id: workspaceId, user_id: userId, role: "editor" }).execute();
  return workspaceId;
}

const asEditor = <T>(fn: (tx: Tx) => Promise<T>) => asMember(db.api, { userId, write: true }, fn);

interface Given extends Partial<ImportContacts> {
  importId?: string;
  mapping?: ImportMapping;
  defaultCountry?: string;
}

async function run(workspaceId: string, file: string | Buffer | Readable, given: Given = {}) {
  const header = typeof file === "string" ? (file.split(/\r?\n/)[0] ?? "").split(",") : [];
  const query = {
    importId: given.importId ?? randomUUID(),
    mapping: given.mapping ?? guessMapping(header),
    ...(given.defaultCountry ? { defaultCountry: given.defaultCountry } : {}),
  };
  const body = file instanceof Readable ? file : Readable.from([Buffer.from(file)]);
  const outcome = await importContacts({ workspaceId, userId, query, country: "US", body, inTransaction: asEditor });
  if (!outcome) throw new Error("The id is taken.");
  return { ...outcome.result, repeated: outcome.repeated, refusal: outcome.refusal };
}

const contactsOf = (workspaceId: string) =>
  db.owner.selectFrom("contacts").selectAll().where("workspace_id", "=", workspaceId).orderBy("id").execute();

describe("files that are refused", () => {
  test.each<[string, string | Buffer, RegExp]>([
    ["nothing", "", /empty/],
    ["an Excel workbook", Buffer.from("PK\u0003\u0004 rest of a zip"), /Excel workbook/],
    ["a picture", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]), /not a CSV file/],
    ["more columns than can be read", Array.from({ length: 101 }, (_, index) => `c${index}`).join(","), /do not fit together/],
  ])("%s", async (_, file, message) => {
    const workspaceId = await newWorkspace();
    const { state, errorMessage, refusal } = await run(workspaceId, file, { mapping: { Email: "email" } });
    expect(refusal?.message).toMatch(message);
    expect({ state, errorMessage }).toEqual({ state: "failed", errorMessage: refusal?.message });
    expect(errorMessage).toMatch(/Nothing was written\.$/);
    expect(await contactsOf(workspaceId)).toEqual([]);
  });

  test("a mapping that does not fit the file is told everything that is wrong with it", async () => {
    const { refusal } = await run(await newWorkspace(), "__proto__,Company\nx,y\n", {
      mapping: Object.fromEntries([
        ["__proto__", "metadata"],
        ["Nope", "email"],
        ["Company", "metadata"],
      ]) as ImportMapping,
    });
    expect(refusal?.problems).toEqual([
      { path: "mapping.__proto__", message: "A field of metadata cannot have this name" },
      { path: "mapping.Nope", message: "The file has no column of this name" },
    ]);
    const unnamed = await run(await newWorkspace(), "Company\ny\n", { mapping: { Company: "metadata" } });
    expect(unnamed.refusal?.problems).toEqual([
      { path: "mapping", message: "At least one column must become a name, a phone number or an e-mail address" },
    ]);
  });

  test("a quotation mark that is never closed ends the import where it stands, and says what stays", async () => {
    const workspaceId = await newWorkspace();
    const rows = Array.from({ length: 600 }, (_, index) => `p${index}@example.com,Ann\n`).join("");
    const { state, errorMessage } = await run(workspaceId, `Email,First name\n${rows}"open,Bob\nc@example.com,Cy\n`);
    expect(state).toBe("failed");
    expect(errorMessage).toBe(
      "A quotation mark that is opened near line 602 is never closed. What follows could not be read. The 600 rows up to line 601 were imported and stay.",
    );
    expect(await contactsOf(workspaceId)).toHaveLength(600);
  });

  test("a record that never ends is stopped early", async () => {
    const { refusal } = await run(await newWorkspace(), `Email,First name\na@example.com,"${"x,y\n".repeat(30_000)}`);
    expect(refusal?.message).toMatch(/begins near line 2 is longer than 64 KiB/);
  });

  test("more rows than an import may have: those before stay, and the line to go on from is named", async () => {
    const workspaceId = await newWorkspace();
    function* file() {
      yield Buffer.from("Email\n");
      for (let row = 0; row < importLimits.rows + 10; row += 1) yield Buffer.from(`p${row}@example.com\n`);
    }
    const { rowsRead, created, errorMessage } = await run(workspaceId, Readable.from(file()), { mapping: { Email: "email" } });
    expect({ rowsRead, created }).toEqual({ rowsRead: importLimits.rows, created: importLimits.rows });
    expect(errorMessage).toMatch(/more than 50,000 rows: import the rest from line 50002 on/);
  }, 60_000);

  test("an endless upload is refused at its size, with little memory", async () => {
    const chunk = Buffer.from(`${"x".repeat(900)}@example.com,${"y".repeat(100)}\n`.repeat(64));
    let sent = 0;
    const endless = Readable.from(
      (function* () {
        yield Buffer.from("Email,Name\n");
        for (; sent < 1024 ** 3; sent += chunk.length) yield chunk;
      })(),
    );
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    let peak = before;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
    }, 5);
    const { refusal } = await run(await newWorkspace(), endless, { mapping: { Email: "email", Name: "name" } });
    clearInterval(watch);
    expect(refusal?.message).toMatch(/^The file is larger than 10 MiB/);
    expect(sent).toBeLessThan(4 * importLimits.bytes);
    expect((peak - before) / 1024 ** 2).toBeLessThan(80);
  }, 60_000);

  test("an upload that breaks off is failed and says what stays", async () => {
    const workspaceId = await newWorkspace();
    const rows = Array.from({ length: 1200 }, (_, index) => `p${index}.${"x".repeat(60)}@example.com\n`).join("");
    const body = new Readable({ read() {} });
    body.push(`Email\n${rows}`);
    setTimeout(() => body.destroy(new Error("aborted")), 1500);
    const { state, errorMessage } = await run(workspaceId, body, { mapping: { Email: "email" } });
    expect(state).toBe("failed");
    expect(errorMessage).toBe(
      "The upload broke off before all of the file had arrived. The 1,000 rows up to line 1001 were imported and stay.",
    );
    expect(await contactsOf(workspaceId)).toHaveLength(1000);
  });
});

describe("rows", () => {
  test("a refused row is told by line and reason, and takes no other row with it", async () => {
    const workspaceId = await newWorkspace();
    const file = [
      "First name,Email,Phone,SMS opted out,Company",
      "Ann,ann@example.com,,,",
      ",,,,Nobody Ltd",
      "Bob,bob@example.com,,,Smith, Jones & Co",
      'Cy,cy@example.com,,,"Two',
      'lines"',
      "Di,di@example.com,,perhaps,",
      "Ed,ed@example.com,,,",
    ].join("\n");
    const { problems, ...counts } = await run(workspaceId, file);
    expect(counts).toMatchObject({ state: "done", rowsRead: 6, created: 3, updated: 0, refused: 3 });
    expect(problems).toEqual([
      { line: 3, column: null, message: "The row has no name, no phone number and no e-mail address" },
      { line: 4, column: null, message: expect.stringMatching(/^The row has 6 values and the header 5/) },
      { line: 7, column: "SMS opted out", message: expect.stringMatching(/^"perhaps" is neither yes, no nor a date/) },
    ]);
    expect((await contactsOf(workspaceId)).map(({ firstname, metadata }) => [firstname, metadata])).toEqual([
      ["Ann", {}],
      ["Cy", { Company: "Two\nlines" }],
      ["Ed", {}],
    ]);
  });

  test("an unusable number or address is kept, marked and told; it is not a reason to lose the contact", async () => {
    const workspaceId = await newWorkspace();
    const { problems, created } = await run(
      workspaceId,
      "Name,Phone,Email\nAnn,+1234567890,ann@home\nBob,(415) 555-2671,Bob@Example.com\n",
    );
    expect(created).toBe(2);
    expect(problems).toEqual([
      { line: 2, column: "Phone", message: "The number is not a valid number; it is kept, but cannot be sent to" },
      { line: 2, column: "Email", message: "Not an e-mail address that can be written to; it is kept as it is" },
    ]);
    expect(await contactsOf(workspaceId)).toMatchObject([
      { phone_number: "+1234567890", phone_e164: null, email: "ann@home", email_usable: false },
      { phone_number: "(415) 555-2671", phone_e164: "+14155552671", email: "Bob@Example.com", email_usable: true },
    ]);
  });

  test("the country of the import is taken for numbers without one", async () => {
    const workspaceId = await newWorkspace();
    await run(workspaceId, "Name,Phone\nAnn,07911 123456\n", { defaultCountry: "GB" });
    expect(await contactsOf(workspaceId)).toMatchObject([{ phone_e164: "+447911123456" }]);
  });

  test("consent is only taken from a column that says so, and never taken back", async () => {
    const workspaceId = await newWorkspace();
    await run(workspaceId, "Email,sms_opted_out,email_opted_out\na@example.com,yes,2024-03-05 10:11:12\nb@example.com,no,\n");
    await run(workspaceId, "Email,sms_opted_out,email_opted_out\na@example.com,no,no\nb@example.com,,\n");
    const [first, second] = await contactsOf(workspaceId);
    expect(first?.sms_opted_out_at).toBeInstanceOf(Date);
    expect(first?.email_opted_out_at?.toISOString()).toBe("2024-03-05T10:11:12.000Z");
    expect(first?.opt_out_source).toBe("import");
    expect(second).toMatchObject({ sms_opted_out_at: null, email_opted_out_at: null, opt_out_source: null });
  });

  test("only the first 1,000 problems are kept", async () => {
    const rows = Array.from({ length: 1300 }, (_, index) => `n${index},12\n`).join("");
    const { problems, created } = await run(await newWorkspace(), `Name,Phone\n${rows}`);
    expect(created).toBe(1300);
    expect(problems).toHaveLength(1000);
    expect(problems.at(-1)?.line).toBe(1001);
  });

  test("text that a database cannot hold, and columns named like parts of an object, do no harm", async () => {
    const workspaceId = await newWorkspace();
    const file = 'Name,constructor,metadata,x\nA\u0301nn\ud83d,evil,"{""__proto__"":{""a"":1},""b"":""\\u0000""}",\'=1+1\n';
    const filler = `Filler ${"x".repeat(100)},,,\n`.repeat(700);
    const { state, created } = await run(workspaceId, `${file}${filler}Na\0me,,,\n`);
    expect({ state, created }).toEqual({ state: "done", created: 702 });
    const contacts = await contactsOf(workspaceId);
    expect(contacts[0]).toMatchObject({ name: "Ánn\u{FFFD}", metadata: { x: "=1+1" } });
    expect(Object.keys(contacts[0]?.metadata).sort()).toEqual(["metadata", "x"]);
    expect(contacts.at(-1)?.name).toBe("Name");
    expect(({} as { a?: number }).a).toBeUndefined();
  });
});

describe("merging", () => {
  test("by number first, then by address in any case; an empty cell overwrites nothing", async () => {
    const workspaceId = await newWorkspace();
    await run(
      workspaceId,
      "First name,Last name,Email,Phone,Lead status\nAnn,Ax,ann@example.com,4155550101,New\nBob,Box,bob@example.com,4155550102,Old\n",
    );
    const { created, updated, rowsRead } = await run(
      workspaceId,
      "First name,Last name,Email,Phone,Lead status\nAnn,,,(415) 555-0101,\n,,BOB@example.com,,Customer\nCy,,cy@example.com,,\n",
    );
    expect({ created, updated, rowsRead }).toEqual({ created: 1, updated: 2, rowsRead: 3 });
    expect(await contactsOf(workspaceId)).toMatchObject([
      { firstname: "Ann", lastname: "Ax", email: "ann@example.com", phone_e164: "+14155550101", lead_status: "New" },
      { firstname: "Bob", lastname: "Box", email: "BOB@example.com", phone_e164: "+14155550102", lead_status: "Customer" },
      { firstname: "Cy" },
    ]);
  });

  test("an unusable number or address does not replace a usable one, and is no reason to merge", async () => {
    const workspaceId = await newWorkspace();
    await run(workspaceId, "Name,Email,Phone\nAnn,ann@example.com,4155550101\n");
    await run(workspaceId, "Name,Email,Phone\nAnn,ann@example.com,12\nAnn,n/a,4155550101\nBob,n/a,12\nCy,n/a,12\n");
    expect(await contactsOf(workspaceId)).toMatchObject([
      { name: "Ann", email: "ann@example.com", phone_number: "4155550101", phone_e164: "+14155550101" },
      { name: "Bob", email: "n/a", phone_number: "12" },
      { name: "Cy", email: "n/a", phone_number: "12" },
    ]);
  });

  test("rows of one file merge with each other, near and far", async () => {
    const workspaceId = await newWorkspace();
    const rows = ["Ann,,ann@example.com,4155550101", "ANN,Ax,,4155550101", ",Axt,ANN@example.com,"];
    const filler = Array.from({ length: 600 }, (_, index) => `F${index},,f${index}@example.com,`);
    const { created, updated } = await run(
      workspaceId,
      ["First name,Last name,Email,Phone", ...rows, ...filler, ",Last,ann@example.com,"].join("\n"),
    );
    expect({ created, updated }).toEqual({ created: 601, updated: 3 });
    expect((await contactsOf(workspaceId))[0]).toMatchObject({ firstname: "ANN", lastname: "Last", email: "ann@example.com" });
  });

  test("two imports at once make one contact of one person", async () => {
    const workspaceId = await newWorkspace();
    const rows = Array.from({ length: 300 }, (_, index) => `p${index}@example.com\n`).join("");
    await Promise.all([run(workspaceId, `Email\n${rows}`), run(workspaceId, `Email\n${rows}`), run(workspaceId, `Email\n${rows}`)]);
    expect(await contactsOf(workspaceId)).toHaveLength(300);
  });

  test("contacts of another workspace are never touched", async () => {
    const [ours, theirs] = [await newWorkspace(), await newWorkspace()];
    await run(theirs, "Name,Email\nTheirs,same@example.com\n");
    const { created } = await run(ours, "Name,Email\nOurs,same@example.com\n");
    expect(created).toBe(1);
    expect((await contactsOf(theirs)).map(({ name }) => name)).toEqual(["Theirs"]);
  });
});

describe("how files are written", () => {
  const expected = [{ firstname: "Zoë", email: "z@example.com" }];
  const mapping: ImportMapping = { "First name": "firstname", Email: "email" };
  const utf16 = (text: string) => Buffer.from(`\u{FEFF}${text}`, "utf16le");
  test.each<[string, string | Buffer]>([
    ["with a byte order mark", "\u{FEFF}First name,Email\r\nZoë,z@example.com\r\n"],
    ["with semicolons", "First name;Email\nZoë;z@example.com"],
    ["with tabs", "First name\tEmail\nZoë\tz@example.com\n\n\n"],
    ["with a hint for Excel", "sep=;\nFirst name;Email\nZoë;z@example.com"],
    ["with a delimiter inside quotes in the header", '"First name";"Email";"a,b,c,d"\nZoë;z@example.com;\n'],
    ["with old Mac line ends", "First name,Email\rZoë,z@example.com\r"],
    ["with spaces around the header", " First name , Email \nZoë , z@example.com\n"],
    ["in UTF-16", utf16("First name\tEmail\r\nZoë\tz@example.com\r\n")],
    ["in Windows' old code page", Buffer.from("First name,Email\nZoë,z@example.com\n", "latin1")],
    ["decomposed", "First name,Email\nZoe\u0308,z@example.com\n"],
    ["with empty lines and a quote inside", 'First name,Email,Note\n\n,,\nZoë,z@example.com,5" pipe\n'],
  ])("%s", async (_, file) => {
    const workspaceId = await newWorkspace();
    await run(workspaceId, file, { mapping });
    expect(await contactsOf(workspaceId)).toMatchObject(expected);
  });

  test("a file that is not UTF-8 after all says which rows suffered", async () => {
    const good = `Fine,${"f".repeat(200)}@example.com\n`.repeat(400);
    const file = Buffer.concat([Buffer.from(`Name,Email\n${good}`), Buffer.from("Zoë,z@example.com\n", "latin1")]);
    const { problems } = await run(await newWorkspace(), file, { mapping: { Name: "name", Email: "email" } });
    expect(problems.filter(({ line }) => line === 402)).toEqual([
      { line: 402, column: null, message: "Some characters could not be read: the file is not in UTF-8 throughout" },
    ]);
  });
});

describe("an import as such", () => {
  test("the same id again is the same import, whatever the file", async () => {
    const workspaceId = await newWorkspace();
    const importId = randomUUID();
    const first = await run(workspaceId, "Name\nAnn\n", { importId });
    const again = await run(workspaceId, "Name\nBob\nCy\n", { importId });
    expect(again).toEqual({ ...first, repeated: true });
    expect(await contactsOf(workspaceId)).toHaveLength(1);
  });

  test("an id of a workspace that the caller cannot see is simply taken", async () => {
    const theirs = randomUUID();
    await db.owner.insertInto("workspaces").values({ id: theirs, name: "Theirs" }).execute();
    const importId = randomUUID();
    await db.owner.insertInto("contact_imports").values({ id: importId, workspace_id: theirs }).execute();
    await expect(run(await newWorkspace(), "Name\nAnn\n", { importId })).rejects.toThrow("The id is taken.");
  });

  test("its counts can be followed while it runs, and always add up", async () => {
    const workspaceId = await newWorkspace();
    const importId = randomUUID();
    const body = new Readable({ read() {} });
    body.push(`Name\n${`Ann ${"x".repeat(60)}\n`.repeat(1510)}`);
    const running = run(workspaceId, body, { importId, mapping: { Name: "name" } });
    const progress = () => asEditor((tx) => findImport(tx, { workspaceId, id: importId }));
    await expect.poll(async () => (await progress())?.rowsRead).toBe(1500);
    expect(await progress()).toMatchObject({ state: "running", created: 1500, updated: 0, refused: 0 });
    body.push(null);
    expect(await running).toMatchObject({ state: "done", rowsRead: 1510 });
  });

  test("one that was lost with its process is not running for ever", async () => {
    const workspaceId = await newWorkspace();
    const id = randomUUID();
    const created_at = new Date(Date.now() - 3600_000);
    await db.owner.insertInto("contact_imports").values({ id, workspace_id: workspaceId, created_at }).execute();
    const found = await asEditor((tx) => findImport(tx, { workspaceId, id }));
    expect(found).toMatchObject({ state: "failed", errorMessage: expect.stringMatching(/server stopped/) });
  });
});
