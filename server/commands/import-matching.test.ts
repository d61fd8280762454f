import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { listImportLines } from "#db/queries/contact-import-changes.ts";
import type { TargetsByHeader } from "#test/import-columns.ts";
import { asEditor, contactsOf, db, newWorkspace, run, setUpImports } from "#test/import-fixture.ts";
import { undoImport } from "./undo-import.ts";

setUpImports();

const linesOf = async (workspaceId: string, importId: string) =>
  (await asEditor((tx) => listImportLines(tx, { workspaceId, importId, limit: 100 }))).items;

/** Both ways in which two rows can meet: in one file, and in two files one after the other. */
const meetings = {
  "in one file": (workspaceId: string, header: string, rows: string[]) => run(workspaceId, [header, ...rows, ""].join("\n")),
  "in files of their own": async (workspaceId: string, header: string, rows: string[]) => {
    let last = await run(workspaceId, `${header}\n${rows[0]}\n`);
    for (const row of rows.slice(1)) last = await run(workspaceId, `${header}\n${row}\n`);
    return last;
  },
};

describe.each(Object.entries(meetings))("two people stay two, %s", (_, meet) => {
  test.each<[string, string, string[]]>([
    [
      "three names and three addresses on one number",
      "First name,Email,Phone",
      ["Ann,ann@x.org,4155550101", "Bob,bob@x.org,4155550101", "Cy,cy@x.org,4155550101"],
    ],
    ["another name on a known number", "Name,Phone", ["Ann Smith,4155550101", "Bob Smith,(415) 555-0101"]],
    ["another first name on a known number", "First name,Phone", ["Ann,4155550101", "Bob,4155550101"]],
    ["a shared address with different numbers", "Email,Phone", ["home@x.org,4155550101", "home@x.org,4155550102"]],
    ["a shared address with different first names", "First name,Last name,Email", ["Ann,Smith,home@x.org", "Bob,Smith,HOME@x.org"]],
    ["an address against a number", "Email,Phone", ["ann@x.org,4155550101", "bob@x.org,4155550101"]],
  ])("%s", async (__, header, rows) => {
    const workspaceId = await newWorkspace();
    await meet(workspaceId, header, rows);
    expect(await contactsOf(workspaceId)).toHaveLength(rows.length);
    // The same again finds everybody, and doubles nobody.
    const again = await run(workspaceId, [header, ...rows, ""].join("\n"));
    expect(again).toMatchObject({ created: 0, updated: rows.length, keptApart: 0, overwritten: 0 });
  });

  test("the refusal of one does not land on the other", async () => {
    const workspaceId = await newWorkspace();
    const header = "First name,Email,Phone,SMS opted out";
    await meet(workspaceId, header, ["Ann,ann@x.org,4155550101,", "Bob,bob@x.org,4155550101,yes"]);
    const contacts = await contactsOf(workspaceId);
    expect(contacts.map(({ firstname, sms_opted_out_at }) => [firstname, sms_opted_out_at !== null])).toEqual([
      ["Ann", false],
      ["Bob", true],
    ]);
  });

  test("where number and address belong to two contacts, a row with both is a third person", async () => {
    const workspaceId = await newWorkspace();
    await meet(workspaceId, "Name,Email,Phone", ["Ann,ann@x.org,4155550101", "Bob,bob@x.org,4155550102", "Ann,bob@x.org,4155550101"]);
    expect(await contactsOf(workspaceId)).toHaveLength(3);
  });

  test("of several with one number the one with the same address is meant, else the oldest that fits", async () => {
    const workspaceId = await newWorkspace();
    const rows = ["Ann,ann@x.org,4155550101,", "Ann,anne@x.org,4155550101,", "Ann,,4155550101,Hot", ",anne@x.org,4155550101,Cold"];
    await meet(workspaceId, "First name,Email,Phone,Lead status", rows);
    expect((await contactsOf(workspaceId)).map(({ email, lead_status }) => [email, lead_status])).toEqual([
      ["ann@x.org", "Hot"],
      ["anne@x.org", "Cold"],
    ]);
  });

  test("an id of the other system decides alone, whatever else the row says", async () => {
    const workspaceId = await newWorkspace();
    const rows = ["1,Ann,ann@x.org,4155550101", "2,Ann,ann@x.org,4155550101", "1,Anna Maria,anna@y.org,4155550102"];
    const header = "Record ID,Name,Email,Phone";
    const mapping: TargetsByHeader = { "Record ID": "source_id", Name: "name", Email: "email", Phone: "phone_number" };
    for (const part of meet === meetings["in one file"] ? [rows] : rows.map((row) => [row])) {
      await run(workspaceId, [header, ...part].join("\n"), { mapping, source: "HubSpot" });
    }
    expect(await contactsOf(workspaceId)).toMatchObject([
      { source: "HubSpot", source_id: "1", name: "Anna Maria", email: "anna@y.org", phone_e164: "+14155550102" },
      { source: "HubSpot", source_id: "2", name: "Ann", email: "ann@x.org" },
    ]);
  });
});

test("a contact without an id takes that of the row that means it; the same id of another system is another id", async () => {
  const workspaceId = await newWorkspace();
  await run(workspaceId, "Name,Email\nAnn,ann@x.org\n");
  const mapping: TargetsByHeader = { ID: "source_id", Name: "name", Email: "email" };
  await run(workspaceId, "ID,Name,Email\n7,Ann,ann@x.org\n", { mapping, source: "HubSpot" });
  await run(workspaceId, "ID,Name,Email\n7,Bob,bob@x.org\n", { mapping, source: "Brevo" });
  expect(await contactsOf(workspaceId)).toMatchObject([
    { name: "Ann", source: "HubSpot", source_id: "7" },
    { name: "Bob", source: "Brevo", source_id: "7" },
  ]);
});

test("our own id decides where the contact is here, and tells people apart where it is not", async () => {
  const [ours, theirs] = [await newWorkspace(), await newWorkspace()];
  await run(ours, "First name,Phone\nAnn,4155550101\n");
  const [ann] = await contactsOf(ours);
  const file = `id,First name,Phone\n${ann?.id},Anna,4155550199\n${randomUUID()},Anna,4155550199\n`;
  const mapping: TargetsByHeader = { id: "contact_id", "First name": "firstname", Phone: "phone_number" };
  expect(await run(ours, file, { mapping })).toMatchObject({ created: 1, updated: 1 });
  expect(await run(theirs, file, { mapping })).toMatchObject({ created: 2, updated: 0 });
  expect(await run(theirs, file, { mapping })).toMatchObject({ created: 0, updated: 2 });
});

describe("what the result says", () => {
  test("who was kept apart from whom, on which line and why", async () => {
    const workspaceId = await newWorkspace();
    await run(workspaceId, "Name,Email,Phone\nAnn Smith,ann@x.org,4155550101\n");
    const result = await run(
      workspaceId,
      "Name,Email,Phone\nAnn Smith,other@x.org,4155550101\nBob Smith,,4155550101\nAnn Smith,ann@x.org,4155550102\nCy,,4155550103\n",
    );
    expect(result).toMatchObject({ rowsRead: 4, created: 4, updated: 0, keptApart: 3, refused: 0 });
    const lines = await linesOf(workspaceId, result.id);
    expect(lines.map(({ line, displayName, apart }) => [line, displayName, apart?.reason, apart?.fromName])).toEqual([
      [2, "Ann Smith", "other_email", "Ann Smith"],
      [3, "Bob Smith", "other_name", "Ann Smith"],
      [4, "Ann Smith", "other_phone", "Ann Smith"],
    ]);
  });

  test("which values were replaced, in which line, and what was there before", async () => {
    const workspaceId = await newWorkspace();
    await run(workspaceId, "First name,Last name,Email,Lead status,Plan\nAnn,Smith,ann@x.org,Cold,Basic\n");
    const result = await run(
      workspaceId,
      "First name,Last name,Email,Lead status,Plan\nAnn,Miller,ANN@x.org,Cold,Pro\n,,ann@x.org,Hot,\n,,ann@x.org,Hotter,\n",
    );
    expect(result).toMatchObject({ created: 0, updated: 3, overwritten: 4 });
    const [line] = await linesOf(workspaceId, result.id);
    expect(line?.overwrites).toEqual([
      { line: 2, field: "lastname", from: "Smith", to: "Miller" },
      { line: 2, field: "metadata.Plan", from: "Basic", to: "Pro" },
      { line: 3, field: "lead_status", from: "Cold", to: "Hot" },
      { line: 4, field: "lead_status", from: "Hot", to: "Hotter" },
    ]);
  });

  test("a row that brings nothing new does not touch the contact", async () => {
    const workspaceId = await newWorkspace();
    const file = "First name,Email,Phone,Plan\nAnn,ann@x.org,(415) 555-0101,Basic\n";
    await run(workspaceId, file);
    const before = await contactsOf(workspaceId);
    await run(workspaceId, file.replace("(415) 555-0101", "+14155550101"));
    expect(await contactsOf(workspaceId)).toEqual(before);
  });
});

describe("a contact in the bin", () => {
  const header = "First name,Email,Phone,Lead status";
  const bin = (workspaceId: string, firstname: string) =>
    db.owner
      .updateTable("contacts")
      .set({ deleted_at: new Date(), deleted_by_name: "Somebody" })
      .where("workspace_id", "=", workspaceId)
      .where("firstname", "=", firstname)
      .execute();

  test("of another workspace is nobody to an import", async () => {
    const [ours, theirs] = [await newWorkspace(), await newWorkspace()];
    await run(theirs, `${header}\nAnn,ann@x.org,4155550101,Cold\n`);
    await bin(theirs, "Ann");
    expect(await run(ours, `${header}\nAnn,ann@x.org,4155550101,Hot\n`)).toMatchObject({ created: 1, fromBin: 0 });
    expect(await contactsOf(theirs)).toMatchObject([{ lead_status: "Cold", deleted_at: expect.any(Date) }]);
  });

  test("whom a row contradicts stays there, and nobody is kept apart from it", async () => {
    const workspaceId = await newWorkspace();
    await run(workspaceId, `${header}\nAnn,ann@x.org,4155550101,\n`);
    await bin(workspaceId, "Ann");
    expect(await run(workspaceId, `${header}\nBob,bob@x.org,4155550101,\n`)).toMatchObject({ created: 1, keptApart: 0, fromBin: 0 });
    expect(await contactsOf(workspaceId)).toMatchObject([{ deleted_at: expect.any(Date) }, { firstname: "Bob", deleted_at: null }]);
  });

  test("is passed over where somebody who is here is meant as well", async () => {
    const workspaceId = await newWorkspace();
    await run(workspaceId, `${header}\nAnn,,4155550101,\n`);
    await bin(workspaceId, "Ann");
    await run(workspaceId, "Phone,City\n4155550199,Rome\n");
    await db.owner.updateTable("contacts").set({ phone_e164: "+14155550101" }).where("workspace_id", "=", workspaceId).execute();
    expect(await run(workspaceId, "Phone,City\n4155550101,Bonn\n")).toMatchObject({ created: 0, updated: 1, fromBin: 0 });
    expect(await contactsOf(workspaceId)).toMatchObject([{ deleted_at: expect.any(Date) }, { metadata: { City: "Bonn" } }]);
  });

  test.each([
    ["address", "Email,Lead status\nann@x.org,Hot\n"],
    ["number", "Phone,Lead status\n(415) 555-0101,Hot\n"],
  ])("that a row means by its %s is restored with its consent, and the import says so", async (_, file) => {
    const workspaceId = await newWorkspace();
    await run(workspaceId, `${header},SMS opted out\nAnn,ann@x.org,4155550101,Cold,yes\n`);
    await bin(workspaceId, "Ann");
    const result = await run(workspaceId, file);
    expect(result).toMatchObject({ rowsRead: 1, created: 0, updated: 1, refused: 0, fromBin: 1 });
    const contacts = await contactsOf(workspaceId);
    expect(contacts).toMatchObject([
      { firstname: "Ann", lead_status: "Hot", deleted_at: null, deleted_by_name: null, sms_opted_out_at: expect.any(Date) },
    ]);
    expect(await linesOf(workspaceId, result.id)).toMatchObject([{ line: 2, displayName: "Ann", fromBin: true, apart: null }]);
  });

  test("that our own export or the other system's id names is restored also where nothing else changes", async () => {
    const workspaceId = await newWorkspace();
    await run(workspaceId, "First name,CRM id\nAnn,7\n", { mapping: { "First name": "firstname", "CRM id": "source_id" }, source: "crm" });
    await bin(workspaceId, "Ann");
    const again = await run(workspaceId, "First name,CRM id\nAnn,7\n", {
      mapping: { "First name": "firstname", "CRM id": "source_id" },
      source: "crm",
    });
    expect(again).toMatchObject({ created: 0, updated: 1, fromBin: 1 });
    const [ann] = await contactsOf(workspaceId);
    await bin(workspaceId, "Ann");
    expect(
      await run(workspaceId, `id,First name\n${ann?.id},Ann\n`, { mapping: { id: "contact_id", "First name": "firstname" } }),
    ).toMatchObject({ fromBin: 1 });
    expect(await contactsOf(workspaceId)).toMatchObject([{ id: ann?.id, deleted_at: null }]);
  });

  test("goes back there with its values when the import is undone, unless somebody changed it since", async () => {
    const workspaceId = await newWorkspace();
    await run(workspaceId, `${header}\nAnn,ann@x.org,,Cold\nBob,bob@x.org,,Cold\nCy,cy@x.org,,Cold\n`);
    for (const name of ["Ann", "Bob", "Cy"]) await bin(workspaceId, name);
    const { id } = await run(workspaceId, `${header}\nAnn,ann@x.org,,Hot\nBob,bob@x.org,,Cold\nCy,cy@x.org,,Hot\n`);
    await db.owner
      .updateTable("contacts")
      .set({ lead_status: "Won" })
      .where("workspace_id", "=", workspaceId)
      .where("firstname", "=", "Cy")
      .execute();
    const toBin: string[] = [];
    const undone = await asEditor((tx) =>
      undoImport({ db: tx, workspaceId, id, deleteContacts: async () => 0, binAfterCommit: (ids) => void toBin.push(...ids) }),
    );
    const [ann, bob, cy] = await contactsOf(workspaceId);
    expect(toBin.sort()).toEqual([ann?.id, bob?.id].sort());
    expect([ann?.lead_status, bob?.lead_status, cy?.lead_status]).toEqual(["Cold", "Cold", "Won"]);
    expect(undone?.undone).toMatchObject({ removed: 2, restored: 0, changedSince: 1 });
  });
});

describe("undo", () => {
  const undo = (workspaceId: string, id: string) =>
    asEditor((tx) =>
      undoImport({
        db: tx,
        workspaceId,
        id,
        deleteContacts: async (ids) => {
          const result = await db.owner.deleteFrom("contacts").where("id", "in", ids).executeTakeFirst();
          return Number(result.numDeletedRows);
        },
        binAfterCommit: () => expect.unreachable(),
      }),
    );
  const plain = (contacts: Awaited<ReturnType<typeof contactsOf>>) => contacts.map(({ updated_at, ...values }) => values);

  test("leaves everything as it was before", async () => {
    const workspaceId = await newWorkspace();
    await run(workspaceId, "First name,Email,Phone,Lead status,Plan\nAnn,ann@x.org,,Cold,Basic\nBob,bob@x.org,,,\n");
    const before = await contactsOf(workspaceId);
    const filler = Array.from({ length: 600 }, (_, index) => `F${index},f${index}@x.org,,,,\n`).join("");
    const result = await run(
      workspaceId,
      `First name,Email,Phone,Lead status,Plan,City\nAnn,ann@x.org,4155550101,Hot,Pro,Rome\nCy,cy@x.org,,,,\n${filler}Ann,ann@x.org,,Hotter,Max,\nBob,bob@x.org,,,,Bonn\n`,
    );
    expect(await contactsOf(workspaceId)).toHaveLength(603);
    const undone = await undo(workspaceId, result.id);
    expect(undone?.undone).toMatchObject({ removed: 601, restored: 2, changedSince: 0 });
    expect(plain(await contactsOf(workspaceId))).toEqual(plain(before));
    expect(await undo(workspaceId, result.id)).toEqual(undone);
    expect(undone?.undoUntil).toBeNull();
  });

  test("keeps what somebody changed since, and counts it", async () => {
    const workspaceId = await newWorkspace();
    await run(workspaceId, "First name,Email,Lead status,Plan\nAnn,ann@x.org,Cold,Basic\n");
    const result = await run(workspaceId, "First name,Email,Lead status,Plan\nAnn,ann@x.org,Hot,Pro\nBob,bob@x.org,,\nCy,cy@x.org,,\n");
    await db.owner
      .updateTable("contacts")
      .set({ lead_status: "Won" })
      .where("workspace_id", "=", workspaceId)
      .where("firstname", "in", ["Ann", "Bob"])
      .execute();
    const undone = await undo(workspaceId, result.id);
    expect(undone?.undone).toMatchObject({ removed: 1, restored: 0, changedSince: 2 });
    expect(await contactsOf(workspaceId)).toMatchObject([
      { firstname: "Ann", lead_status: "Won", metadata: { Plan: "Basic" } },
      { firstname: "Bob", lead_status: "Won" },
    ]);
  });

  test("never loosens consent", async () => {
    const workspaceId = await newWorkspace();
    await run(workspaceId, "First name,Email\nAnn,ann@x.org\n");
    const result = await run(workspaceId, "First name,Email,Email opted out\nAnn,ann@x.org,yes\n");
    const undone = await undo(workspaceId, result.id);
    expect(undone?.undone, "nothing of the contact was put back").toMatchObject({ removed: 0, restored: 0, changedSince: 0 });
    expect((await contactsOf(workspaceId))[0]?.email_opted_out_at).toBeInstanceOf(Date);
  });

  test("is refused after 30 days, and while the import runs", async () => {
    const workspaceId = await newWorkspace();
    const { id } = await run(workspaceId, "Name\nAnn\n");
    const at = (days: number) => new Date(Date.now() - days * 86_400_000);
    await db.owner
      .updateTable("contact_imports")
      .set({ created_at: at(31) })
      .where("id", "=", id)
      .execute();
    await expect(undo(workspaceId, id)).rejects.toThrow(/30 days/);
    await db.owner.updateTable("contact_imports").set({ created_at: new Date(), state: "running" }).where("id", "=", id).execute();
    await expect(undo(workspaceId, id)).rejects.toThrow(/still running/);
  });
});

test("a column of numbers: the mobile one is written to, and the other is kept", async () => {
  const workspaceId = await newWorkspace();
  const mapping: TargetsByHeader = { Name: "name", Phone: "phone_number", Mobile: "phone_number" };
  await run(workspaceId, "Name,Phone,Mobile\nAnn,+43 1 2345678,+43 664 1234567\nBob,+43 664 1234568,\nCy,+43 1 2345679,\n", { mapping });
  expect((await contactsOf(workspaceId)).map(({ phone_e164, metadata }) => [phone_e164, metadata])).toEqual([
    ["+436641234567", { Phone: "+43 1 2345678" }],
    ["+436641234568", {}],
    ["+4312345679", {}],
  ]);
});

test("many rows that share a few numbers are merged in a bounded time", async () => {
  const workspaceId = await newWorkspace();
  const rows = Array.from({ length: 5000 }, (_, index) => `P${index},p${index}@x.org,415555010${index % 10}`);
  const result = await run(workspaceId, ["First name,Email,Phone", ...rows].join("\n"));
  expect(result).toMatchObject({ created: 5000, updated: 0, keptApart: 4990 });
});
