import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type ImportColumn, type ImportSettings, importLimits } from "#contract/import-settings.ts";
import { findImport } from "#db/queries/contact-imports.ts";
import { asEditor, contactsOf, db, newWorkspace, run, setUpImports, userId } from "#test/import-fixture.ts";
import { importContacts } from "./import-contacts.ts";

setUpImports();

describe("files that are refused", () => {
  test.each<[string, string | Buffer, RegExp]>([
    ["nothing", "", /empty/],
    ["an Excel workbook", Buffer.from("PK\u0003\u0004 rest of a zip"), /Excel workbook/],
    ["a picture", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]), /not a CSV file/],
    ["more columns than can be read", `Email,${Array.from({ length: 500 }, (_, index) => `c${index}`).join(",")}`, /do not fit together/],
    ["a workbook of an old Excel", Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), /old Excel/],
  ])("%s", async (_, file, message) => {
    const workspaceId = await newWorkspace();
    const { state, errorMessage, refusal } = await run(workspaceId, file, { mapping: { Email: "email" } });
    expect(refusal?.message).toMatch(message);
    expect({ state, errorMessage }).toEqual({ state: "failed", errorMessage: refusal?.message });
    expect(errorMessage).toMatch(/Nothing was written\.$/);
    expect(await contactsOf(workspaceId)).toEqual([]);
  });

  test("settings that do not fit the file are told everything that is wrong with them", async () => {
    const columns: ImportColumn[] = [
      { header: "Prenom", target: "firstname" },
      { header: "Company", target: "metadata" },
      { header: "More", target: "ignore" },
    ];
    const { refusal } = await run(await newWorkspace(), "Prénom,Company\nx,y\n", { columns });
    expect(refusal?.problems).toEqual([
      { path: "columns.0.header", message: "Column 1 of the file is called “Prénom”" },
      { path: "columns.2", message: "The file has only 2 columns" },
    ]);
    const unnamed = await run(await newWorkspace(), "Company\ny\n", { mapping: { Company: "metadata" } });
    expect(unnamed.refusal?.problems).toEqual([
      { path: "columns", message: "At least one column must become a name, a phone number or an e-mail address" },
    ]);
  });

  test("a first line that is one of a person is not taken for the names of the columns, unless somebody says so", async () => {
    const file = "Carla,carla@rossi.example\nDora,dora@rossi.example\n";
    const named: ImportColumn[] = [
      { header: "Carla", target: "name" },
      { header: "carla@rossi.example", target: "email" },
    ];
    const workspaceId = await newWorkspace();
    const { refusal } = await run(workspaceId, file, { columns: named });
    expect(refusal?.problems).toEqual([{ path: "headerRow", message: "Say which line names the columns" }]);
    expect(await contactsOf(workspaceId)).toEqual([]);
    const unnamed = named.map((column) => ({ ...column, header: "" }));
    expect(await run(workspaceId, file, { columns: unnamed, headerRow: 0 })).toMatchObject({ state: "done", rowsRead: 2, created: 2 });
    expect((await contactsOf(workspaceId)).map(({ email }) => email).sort()).toEqual(["carla@rossi.example", "dora@rossi.example"]);
    expect(await run(await newWorkspace(), file, { columns: named, headerRow: 1 })).toMatchObject({ state: "done", created: 1 });
  });

  test("lines above the names of the columns are passed over, and refused rows keep their line", async () => {
    const workspaceId = await newWorkspace();
    const columns: ImportColumn[] = [
      { header: "Name", target: "name" },
      { header: "Email", target: "email" },
    ];
    const file = "Customers as of today,\n,\nName,Email\nAnn,ann@example.com\n,\nBob,nobody\n";
    const { created, problems } = await run(workspaceId, file, { columns, headerRow: 2 });
    expect((await contactsOf(workspaceId)).map(({ email }) => email)).toContain("ann@example.com");
    expect([created, problems[0]?.line]).toEqual([2, 6]);
  });

  test("a quotation mark that is never closed is told by its line before anything is written", async () => {
    const workspaceId = await newWorkspace();
    const rows = Array.from({ length: 600 }, (_, index) => `p${index}@example.com,Ann\n`).join("");
    const { state, errorMessage } = await run(workspaceId, `Email,First name\n${rows}"open,Bob\nc@example.com,Cy\n`);
    expect(state).toBe("failed");
    expect(errorMessage).toBe(
      "A quotation mark that is opened near line 602 is never closed. Close it and import the file again. Nothing was written.",
    );
    expect(await contactsOf(workspaceId)).toHaveLength(0);
  });

  test("more rows than an import may have are told with their number before anything is written", async () => {
    const file = `Email\n${Array.from({ length: importLimits.rows + 10 }, (_, row) => `p${row}@example.com\n`).join("")}`;
    const { rowsRead, errorMessage } = await run(await newWorkspace(), file);
    expect(rowsRead).toBe(0);
    expect(errorMessage).toBe(
      "The file has 50,010 rows; at most 50,000 can be imported at once. Split it into several files. Nothing was written.",
    );
  });
});

describe("consent", () => {
  test("a column that seems to be about it and is not taken as such is asked about before anything is written", async () => {
    const workspaceId = await newWorkspace();
    const rows = Array.from({ length: 1500 }, (_, index) => `p${index}@example.com,Active\n`).join("");
    const file = `Email,Status\n${rows}z@example.com,Unsubscribed\n`;
    const { refusal, errorMessage } = await run(workspaceId, file);
    expect(refusal).toMatchObject({
      code: "consent_unclear",
      problems: [{ path: "columns.1", message: expect.stringContaining("“Status”") }],
    });
    expect(errorMessage).toMatch(/Nothing was written\.$/);
    expect(await contactsOf(workspaceId)).toEqual([]);

    const answered = await run(workspaceId, file, { mapping: { Email: "email", Status: "email_allowed" } });
    expect(answered).toMatchObject({ state: "done", created: 1501 });
    const refusing = (await contactsOf(workspaceId)).filter(({ email_opted_out_at }) => email_opted_out_at !== null);
    expect(refusing).toMatchObject([{ email: "z@example.com", opt_out_source: "import" }]);
  });

  test("a person who says that a column is not about it is believed", async () => {
    const workspaceId = await newWorkspace();
    const columns: ImportColumn[] = [
      { header: "Email", target: "email" },
      { header: "Opt out", target: "metadata", notConsent: true },
    ];
    await run(workspaceId, "Email,Opt out\na@example.com,of the maze\n", { columns });
    expect(await contactsOf(workspaceId)).toMatchObject([{ metadata: { "Opt out": "of the maze" }, dnc: false }]);
  });

  test.each([
    ["DND", "true"],
    ["Do Not Contact", "yes"],
    ["Opt out", "1"],
    ["Opted Out", "x"],
    ["dnc", "yes"],
    ["subscribed", "false"],
    ["HasOptedOutOfEmail", "true"],
    ["EMAIL_BLACKLISTED", "1"],
    ["DoNotCall", "TRUE"],
  ])("%s=%s refuses, and an import never takes it back", async (header, value) => {
    const workspaceId = await newWorkspace();
    await run(workspaceId, `Name,Email,${header}\nAnn,ann@example.com,${value}\n`);
    const [refused] = await contactsOf(workspaceId);
    expect(refused?.dnc || refused?.sms_opted_out_at !== null || refused?.email_opted_out_at !== null).toBe(true);
    expect(refused?.metadata).toEqual({});
    const opposite = value === "false" ? "true" : "no";
    await run(workspaceId, `Name,Email,${header}\nAnn,ann@example.com,${opposite}\n`);
    const { dnc, sms_opted_out_at, email_opted_out_at } = (await contactsOf(workspaceId))[0] ?? {};
    expect({ dnc, sms_opted_out_at, email_opted_out_at }).toEqual({
      dnc: refused?.dnc,
      sms_opted_out_at: refused?.sms_opted_out_at,
      email_opted_out_at: refused?.email_opted_out_at,
    });
  });

  test("of several columns that refuse, the earliest moment counts", async () => {
    const workspaceId = await newWorkspace();
    await run(
      workspaceId,
      "Email,Opted out of email: News,Opted out of email: Offers\na@example.com,2024-05-01,2024-03-01\nb@example.com,yes,2024-03-01\n",
    );
    expect((await contactsOf(workspaceId)).map(({ email_opted_out_at }) => email_opted_out_at?.toISOString())).toEqual([
      "2024-03-01T00:00:00.000Z",
      "2024-03-01T00:00:00.000Z",
    ]);
  });
});

describe("large and strange columns", () => {
  test("a cell of 70 KB in a column that is left out costs no row", async () => {
    const workspaceId = await newWorkspace();
    const file = `Email,Log\na@example.com,"${"x,y\n".repeat(20_000)}"\nb@example.com,\n`;
    expect(await run(workspaceId, file, { mapping: { Email: "email" } })).toMatchObject({ state: "done", created: 2, refused: 0 });
  });

  test("two columns of one name keep both values, and 500 columns can be read", async () => {
    const workspaceId = await newWorkspace();
    await run(workspaceId, "Name,Notes,Notes,,Email\nAnn,one,two,three,ann@example.com\n");
    expect(await contactsOf(workspaceId)).toMatchObject([{ metadata: { Notes: "one", "Notes (2)": "two", "Column 4": "three" } }]);
    const wide = Array.from({ length: 499 }, (_, index) => `field ${index}`);
    const { created } = await run(workspaceId, `Email,${wide.join(",")}\nb@example.com,${wide.join(",")}\n`);
    expect(created).toBe(1);
    expect(Object.keys((await contactsOf(workspaceId))[1]?.metadata ?? {})).toHaveLength(499);
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
      "Flo,flo@example.com,,no,",
      "Ed,ed@example.com,,,",
    ].join("\n");
    const { problems, ...counts } = await run(workspaceId, file);
    expect(counts).toMatchObject({ state: "done", rowsRead: 7, created: 4, updated: 0, refused: 3 });
    expect(problems).toEqual([
      { line: 3, column: null, message: "The row has no name, no phone number and no e-mail address" },
      { line: 4, column: null, message: expect.stringMatching(/^The row has 6 values and the header 5/) },
      { line: 7, column: "SMS opted out", message: expect.stringMatching(/^"perhaps" is neither yes, no, a date nor a channel/) },
    ]);
    expect((await contactsOf(workspaceId)).map(({ firstname, metadata }) => [firstname, metadata])).toEqual([
      ["Ann", {}],
      ["Cy", { Company: "Two\nlines" }],
      ["Flo", {}],
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

  test("columns named like parts of an object and hostile values do no harm", async () => {
    const workspaceId = await newWorkspace();
    const file = 'Name,constructor,metadata,x\nA\u0301nn,evil,"{""__proto__"":{""a"":1},""b"":""\\u0000""}",\'=1+1\n';
    const filler = `Filler ${"x".repeat(100)},,,\n`.repeat(700);
    const { state, created } = await run(workspaceId, `${file}${filler}Na\0me,,,\n`);
    expect({ state, created }).toEqual({ state: "done", created: 702 });
    const contacts = await contactsOf(workspaceId);
    expect(contacts[0]).toMatchObject({ name: "Ánn", metadata: { x: "=1+1", "Column 2": "evil" } });
    expect(Object.keys(contacts[0]?.metadata ?? {}).sort()).toEqual(["Column 2", "metadata", "x"]);
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

  test("the further addresses and numbers of one cell are kept under the name of its column", async () => {
    const workspaceId = await newWorkspace();
    const file = "Name,E-mail 1 - Value,Phone 1 - Value\nAnn,a@x.example ::: b@x.example ::: c@x.example,415 555 0107 ::: 415 555 0108\n";
    await run(workspaceId, file);
    expect(await contactsOf(workspaceId)).toMatchObject([
      {
        email: "a@x.example",
        phone_e164: "+14155550107",
        metadata: { "E-mail 1 - Value": "b@x.example, c@x.example", "Phone 1 - Value": "415 555 0108" },
      },
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
  const mapping = { "First name": "firstname", Email: "email" } as const;
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
    ["with a header of Windows over lines of Unix", "First name,Email\r\nZoë,z@example.com\n"],
    ["with a header of Unix over lines of an old Mac", "First name,Email\nZoë,z@example.com\r"],
    ["with a blank first line and semicolons", "\r\nFirst name;Email\r\nZoë;z@example.com\r\n"],
    ["with a hint for Excel and lines of Windows", "sep=;\r\nFirst name;Email\r\nZoë;z@example.com\r\n"],
    ["in UTF-16 without a mark", Buffer.from("First name,Email\nZoë,z@example.com\n", "utf16le")],
    ["of a Mac", Buffer.from("First name,Email\nZo\x91,z@example.com\n", "latin1")],
  ])("%s", async (_, file) => {
    const workspaceId = await newWorkspace();
    await run(workspaceId, file, { mapping });
    expect(await contactsOf(workspaceId)).toMatchObject(expected);
  });

  test("one bad byte costs one value, is told with its line, and is never stored", async () => {
    const workspaceId = await newWorkspace();
    const good = "José,jose@example.com\n".replace("jose", "p");
    const file = Buffer.concat([
      Buffer.from(`Name,Email\n${good}`),
      Buffer.from("Zoë,z@example.com\n", "latin1"),
      Buffer.from("Ünal,u@example.com\n"),
    ]);
    const { problems, created } = await run(workspaceId, file);
    expect(problems).toEqual([
      {
        line: 3,
        column: "Name",
        message: "Some characters could not be read, so the value was left out: choose another encoding for the file",
      },
    ]);
    expect(created).toBe(3);
    expect((await contactsOf(workspaceId)).map(({ name }) => name)).toEqual(["José", null, "Ünal"]);
  });

  test("the encoding that a person chose is taken", async () => {
    const workspaceId = await newWorkspace();
    await run(workspaceId, Buffer.from("Name\nKova\xe8\n", "latin1"), { encoding: "windows-1250" });
    expect(await contactsOf(workspaceId)).toMatchObject([{ name: "Kovač" }]);
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
    const seen: unknown[] = [];
    const inTransaction: typeof asEditor = async (fn) => {
      seen.push(await asEditor((tx) => findImport(tx, { workspaceId, id: importId })));
      return asEditor(fn);
    };
    const file = new TextEncoder().encode(`Name\n${Array.from({ length: 1510 }, (_, index) => `Ann ${index}\n`).join("")}`);
    const settings: ImportSettings = { importId, columns: [{ header: "Name", target: "name" }] };
    const outcome = await importContacts({ workspaceId, userId, settings, country: "US", file, inTransaction });
    expect(outcome?.result).toMatchObject({ state: "done", rowsRead: 1510 });
    expect(seen.at(-2)).toMatchObject({ state: "running", rowsRead: 1500, created: 1500, updated: 0, refused: 0 });
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
