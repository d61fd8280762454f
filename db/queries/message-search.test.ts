import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { asMember, type Tx } from "#db/client.ts";
import { createTestDb, type TestDb } from "#test/db.ts";
import { listMessages } from "./messages.ts";

const ours = "ours";
const theirs = "theirs";
const users = { viewer: randomUUID(), stranger: randomUUID() };
let db: TestDb;

const as = <T>(user: keyof typeof users, fn: (tx: Tx) => Promise<T>) => asMember(db.api, { userId: users[user], write: false }, fn);

beforeAll(async () => {
  db = await createTestDb();
  await db.owner
    .insertInto("workspaces")
    .values([ours, theirs].map((id) => ({ id, name: id })))
    .execute();
  const members = [
    { workspace_id: ours, user_id: users.viewer, role: "viewer" },
    { workspace_id: theirs, user_id: users.stranger, role: "owner" },
  ];
  await db.owner.insertInto("workspace_members").values(members).execute();
});
afterAll(() => db.drop());

interface Person {
  firstname?: string;
  lastname?: string;
  name?: string;
  email?: string;
  phone_number?: string;
  phone_e164?: string;
}

async function person(given: Person, workspaceId = ours): Promise<string> {
  const values = { workspace_id: workspaceId, firstname: "", lastname: "", ...given };
  return (await db.owner.insertInto("contacts").values(values).returning("id").executeTakeFirstOrThrow()).id;
}

let minute = 0;
interface Sent {
  contactId?: string | null;
  channel?: "sms" | "email";
  to?: string | null;
  subject?: string | null;
  body?: string | null;
}
async function message({ contactId = null, channel = "sms", to = null, subject = null, body = null }: Sent, workspaceId = ours) {
  minute += 1;
  const created = new Date(Date.UTC(2026, 0, 1, 0, minute));
  const values = { workspace_id: workspaceId, contact_id: contactId, channel, provider: "capture", status: "sent", created_at: created };
  const row = { ...values, to_address: to, subject, body };
  return (await db.owner.insertInto("messages").values(row).returning("id").executeTakeFirstOrThrow()).id;
}

const page = (search: string, more: Partial<Parameters<typeof listMessages>[1]> = {}, user: keyof typeof users = "viewer") =>
  as(user, (tx) => listMessages(tx, { workspaceId: user === "viewer" ? ours : theirs, limit: 50, search, ...more }));
const idsOf = async (search: string, more = {}) => (await page(search, more)).items.map(({ id }) => id);

describe("a search of the sent messages", () => {
  test("finds nothing of another workspace, be it by name, address or text", async () => {
    const contactId = await person({ firstname: "Zebedee", email: "zebedee@quarry.test" }, theirs);
    const id = await message({ contactId, to: "zebedee@quarry.test", channel: "email", body: "a zymurgical matter" }, theirs);
    for (const search of ["zebedee", "zebedee@quarry.test", "zymurgical"]) {
      expect(await idsOf(search), search).toEqual([]);
      expect((await page(search, {}, "stranger")).items.map((found) => found.id)).toEqual([id]);
      expect((await page(search, { workspaceId: theirs })).items, "asked for by who is no member").toEqual([]);
    }
  });

  test("finds nothing that nobody wrote, and says that there is no next page", async () => {
    expect(await page("quixotic")).toEqual({ items: [], nextCursor: null });
  });

  test("finds a message by the contact's name, in any case and with or without accents", async () => {
    const jose = await message({ contactId: await person({ firstname: "José", lastname: "Núñez" }), body: "x" });
    const plain = await message({ contactId: await person({ name: "JOSE NUNEZ" }), body: "x" });
    const lukasz = await message({ contactId: await person({ firstname: "Łukasz", lastname: "Żółty" }), body: "x" });
    const decomposed = "jose\u0301 nu\u0301n\u0303ez";
    for (const search of ["jose nunez", "JOSÉ NÚÑEZ", decomposed, "nun jos"]) expect(await idsOf(search), search).toEqual([plain, jose]);
    for (const search of ["lukasz", "zolty", "Łukasz"]) expect(await idsOf(search), search).toEqual([lukasz]);
  });

  test("finds a message by the name of now, and no longer by the name of before", async () => {
    const contactId = await person({ firstname: "Maiden", lastname: "Formerly" });
    const id = await message({ contactId, body: "hello" });
    await db.owner.updateTable("contacts").set({ lastname: "Wedded" }).where("id", "=", contactId).execute();
    expect(await idsOf("formerly")).toEqual([]);
    expect(await idsOf("wedded")).toEqual([id]);
  });

  test("finds nothing by the name of a contact that was deleted", async () => {
    const contactId = await person({ firstname: "Vanisher" });
    const id = await message({ contactId, body: null });
    expect(await idsOf("vanisher")).toEqual([id]);
    await db.owner.deleteFrom("contacts").where("id", "=", contactId).execute();
    expect(await idsOf("vanisher")).toEqual([]);
  });

  test("finds nothing by the name of a contact in the bin, not even in what was written, until the contact is restored", async () => {
    const contactId = await person({ firstname: "Binnedname" });
    const id = await message({ contactId, body: "Hello Binnedname" });
    const put = (moment: Date | null) => db.owner.updateTable("contacts").set({ deleted_at: moment }).where("id", "=", contactId).execute();
    await put(new Date());
    expect(await idsOf("binnedname")).toEqual([]);
    await put(null);
    expect(await idsOf("binnedname")).toEqual([id]);
  });

  test("finds a phone number in every way of writing it, also one the contact no longer has", async () => {
    const id = await message({ to: "+436641234561", body: "x" });
    for (const search of ["+43 664 1234561", "0664 1234561", "0043 664 1234561", "0664/12 34 561", "+436641", "(0664) 1234561"]) {
      expect(await idsOf(search), search).toEqual([id]);
    }
    expect(await idsOf("0664 1234562")).toEqual([]);
  });

  test("finds a piece of a phone number, with or without a space in it: of the contact's, and at the end of where it went", async () => {
    const toContact = await message({
      contactId: await person({ phone_number: "+43 660 0152 6641", phone_e164: "+4366001526641" }),
      body: "x",
    });
    const gone = await message({ to: "+43660777052664", body: "x" });
    const words = await message({ body: "Order 52 of 664" });
    expect(await idsOf("52 664")).toEqual([words, gone, toContact]);
    expect(await idsOf("52664")).toEqual([gone, toContact]);
    expect(await idsOf("52 665")).toEqual([]);
  });

  test("finds an e-mail address as a whole, by its beginning and by its domain, and no text that only has its parts", async () => {
    const id = await message({ channel: "email", to: "Ann.O'Brien+new@mail.corp.test", body: "x" });
    await message({ body: "ann obrien likes mail and corp and test" });
    for (const search of ["ann.o'brien+new@mail.corp.test", "ANN.O'BRIEN+NEW@mail", "@mail.corp.test", "@mail"]) {
      expect(await idsOf(search), search).toEqual([id]);
    }
    expect(await idsOf("nobody@mail.corp.test")).toEqual([]);
  });

  test("finds words of subject and text by their beginning, all of them, without accents", async () => {
    const id = await message({
      channel: "email",
      subject: "Übergabe am Müggelsee",
      body: "Die Schlüssel liegen bereit: 12:30, Straße 7, don't be late.",
    });
    for (const search of ["ubergabe", "muggel schluss", "strasse", "12:30", "don't", "(Schlüssel)", "„bereit“"]) {
      expect(await idsOf(search), search).toEqual([id]);
    }
    for (const search of ["berga", "schlussel niemals", "12:31", "30:12"]) expect(await idsOf(search), search).toEqual([]);
  });

  test("finds characters of scripts without spaces anywhere", async () => {
    const id = await message({ body: "您的预约已确认" });
    for (const search of ["预约", "确", "已确认"]) expect(await idsOf(search), search).toEqual([id]);
    expect(await idsOf("约预")).toEqual([]);
  });

  test("finds nothing by punctuation, signs of a pattern or quotes of a query, and never fails", async () => {
    await message({ body: "100% sure_thing 'quoted' \\ backslash & | ! :* <->" });
    for (const search of ["%%", "__", "'", "\\", "&", "| !", ":*", "<->", "''", "!!!"]) expect(await idsOf(search), search).toEqual([]);
    expect(await idsOf("'quoted' \\")).toEqual([]);
    expect(await idsOf("100% sure_thing")).toHaveLength(1);
  });

  test("keeps to the channel and the provider that are chosen", async () => {
    const sms = await message({ body: "orchestra" });
    const email = await message({ channel: "email", body: "orchestra" });
    expect(await idsOf("orchestra")).toEqual([email, sms]);
    expect(await idsOf("orchestra", { channel: "sms" })).toEqual([sms]);
    expect(await idsOf("orchestra", { providers: ["smtp"] })).toEqual([]);
  });

  test("a text of any length can be stored, and its beginning be found", async () => {
    const long = `needle ${"long".repeat(100_000)} ${Array.from({ length: 60_000 }, (_, i) => `w${i}`).join(" ")}`;
    const id = await message({ channel: "email", subject: "s".repeat(5000), body: long, to: `${"a".repeat(5000)}@x.test` });
    expect(await idsOf("needle")).toEqual([id]);
  });

  test("whatever word a message has, the word finds it", async () => {
    const letter = fc.constantFrom(..."aZé Ł ßœ-_.'\"@/\\%+0719李ก가İςΣ\u00a0\u200b🎉٣");
    const text = fc.array(letter, { minLength: 1, maxLength: 14 }).map((letters) => letters.join(""));
    await fc.assert(
      fc.asyncProperty(text, async (body) => {
        const id = await message({ body });
        for (const word of body.split(/[^\p{L}\p{N}]+/u).filter((piece) => piece !== "")) {
          expect(await idsOf(word), JSON.stringify([body, word])).toContain(id);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe("the pages of a search", () => {
  const many = 9_000;
  const list = "paged";

  beforeAll(async () => {
    await db.owner.insertInto("workspaces").values({ id: list, name: list }).execute();
    await db.owner.insertInto("workspace_members").values({ workspace_id: list, user_id: users.viewer, role: "viewer" }).execute();
    // Many messages share a moment. The oldest 120 have a word that no other has, and every third is to Ann.
    await sql`
      with people as (insert into contacts (workspace_id, firstname, lastname) values (${list}, 'Ann', ''), (${list}, 'Bob', '') returning id, firstname)
      insert into messages (workspace_id, contact_id, channel, provider, status, body, created_at)
      select ${list}, (select id from people where firstname = case when i % 3 = 0 then 'Ann' else 'Bob' end), 'sms', 'capture', 'sent',
        case when i <= 120 then 'ancient words' else 'modern words' end, timestamptz '2026-01-01' + (i / 7) * interval '1 second'
      from generate_series(1, ${many}::int) i`.execute(db.owner);
  });

  async function walk(search: string, between: () => Promise<unknown> = async () => {}) {
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const next = await as("viewer", (tx) => listMessages(tx, { workspaceId: list, limit: 50, search, cursor }));
      found.push(...next.items.map(({ id }) => id));
      cursor = next.nextCursor ?? undefined;
      await between();
    } while (cursor);
    return found;
  }

  const matching = async (condition: ReturnType<typeof sql>) =>
    (
      await sql<{ id: string }>`select m.id from messages m join contacts c on c.id = m.contact_id
        where m.workspace_id = ${list} and ${condition} order by m.created_at desc, m.id desc`.execute(db.owner)
    ).rows.map(({ id }) => id);

  test("of few matches, all of them old, have each of them once, newest first", async () => {
    expect(await walk("ancient")).toEqual(await matching(sql`m.body like 'ancient%'`));
  });

  test("of very many matches have each of them once, newest first", async () => {
    expect(await walk("ann")).toEqual(await matching(sql`c.firstname = 'Ann'`));
  });

  test("miss nothing and repeat nothing while messages arrive", async () => {
    const before = await matching(sql`m.body like 'ancient%'`);
    const arrive = () =>
      sql`insert into messages (workspace_id, channel, provider, status, body, created_at)
        select ${list}, 'sms', 'capture', 'sent', 'ancient again', timestamptz '2027-01-01' from generate_series(1, 30)`.execute(db.owner);
    const found = await walk("ancient", arrive);
    expect(new Set(found).size).toBe(found.length);
    expect(found.filter((id) => before.includes(id))).toEqual(before);
    await sql`delete from messages where workspace_id = ${list} and body = 'ancient again'`.execute(db.owner);
  });

  test("are the same however often one asks", async () => {
    const ask = () => as("viewer", (tx) => listMessages(tx, { workspaceId: list, limit: 50, search: "ancient" }));
    const first = await ask();
    for (let again = 0; again < 5; again += 1) expect(await ask()).toEqual(first);
  });

  test("go back over years, whatever lies between", async () => {
    const moments = ["1999-12-31", "2011-05-01", "2011-05-01", "2025-12-31T23:59:59.999999Z", "2026-01-01", "2031-07-07"];
    await sql`insert into messages (workspace_id, channel, provider, status, body, created_at)
      select ${list}, 'sms', 'capture', 'sent', 'sesquipedalian', unnest(${moments}::timestamptz[])`.execute(db.owner);
    const limit = 2;
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const next = await as("viewer", (tx) => listMessages(tx, { workspaceId: list, limit, search: "sesquipedal", cursor }));
      expect(next.items).toHaveLength(limit);
      found.push(...next.items.map(({ createdAt }) => createdAt.slice(0, 10)));
      cursor = next.nextCursor ?? undefined;
    } while (cursor);
    expect(found).toEqual(["2031-07-07", "2026-01-01", "2025-12-31", "2011-05-01", "2011-05-01", "1999-12-31"]);
    await sql`delete from messages where workspace_id = ${list} and body = 'sesquipedalian'`.execute(db.owner);
  });

  test("of a channel that nothing was sent by end, and do not stop before", async () => {
    const cursor = await as("viewer", (tx) => listMessages(tx, { workspaceId: list, limit: 50, channel: "email" }));
    expect(cursor).toEqual({ items: [], nextCursor: null });
  });
});
