import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sortableFields } from "#contract/contact-fields.ts";
import { asMember, type Tx } from "#db/client.ts";
import { createTestDb, type TestDb } from "#test/db.ts";
import { createContact, updateContact } from "./contact-writes.ts";
import { changeLeadStatus, contactFacets, countContacts, findContact, listContacts } from "./contacts.ts";
import { BadCursor, writeCursor } from "./page-cursor.ts";

const ours = "ours";
const theirs = "theirs";
const users = { editor: randomUUID(), viewer: randomUUID(), stranger: randomUUID() };
let db: TestDb;
let theirContact: string;

const as = <T>(user: keyof typeof users, fn: (tx: Tx) => Promise<T>, write = false) => asMember(db.api, { userId: users[user], write }, fn);
const read = <T>(fn: (tx: Tx) => Promise<T>) => as("viewer", fn);
const change = <T>(fn: (tx: Tx) => Promise<T>) => as("editor", fn, true);

beforeAll(async () => {
  db = await createTestDb();
  await db.owner
    .insertInto("workspaces")
    .values([ours, theirs].map((id) => ({ id, name: id })))
    .execute();
  const members = [
    { workspace_id: ours, user_id: users.editor, role: "editor" },
    { workspace_id: ours, user_id: users.viewer, role: "viewer" },
    { workspace_id: theirs, user_id: users.stranger, role: "owner" },
  ];
  await db.owner.insertInto("workspace_members").values(members).execute();
  // Few different values, many of them missing: every sort has ties and blanks, also among times to the microsecond.
  await sql`
    insert into contacts (workspace_id, firstname, lastname, email, phone_e164, phone_number, lead_status, created_at, updated_at)
    select case when i % 7 = 0 then ${theirs} else ${ours} end,
      case when i % 5 = 0 then '' else (array['Ann', 'bob', 'Çem', '王'])[1 + i % 4] end, '',
      case when i % 3 = 0 then null else 'p' || (i % 11) || '@example.com' end,
      case when i % 4 = 0 then null else '+1202555' || lpad((i % 13)::text, 4, '0') end, null,
      (array['New', 'new', 'Old', null])[1 + i % 4],
      timestamptz '2026-01-01' + (i % 9) * interval '1 microsecond', timestamptz '2026-01-01' + (i % 2) * interval '1 day'
    from generate_series(1, 233) i`.execute(db.owner);
  const { id } = await db.owner.selectFrom("contacts").select("id").where("workspace_id", "=", theirs).limit(1).executeTakeFirstOrThrow();
  theirContact = id;
});
afterAll(() => db.drop());

const idsOf = async (workspaceId: string) => {
  const rows = await db.owner.selectFrom("contacts").select("id").where("workspace_id", "=", workspaceId).execute();
  return rows.map(({ id }) => id).sort();
};

describe("another workspace", () => {
  test("is seen by nobody but its members, whatever is asked", async () => {
    expect(await read((tx) => findContact(tx, { workspaceId: theirs, id: theirContact }))).toBeUndefined();
    expect(await read((tx) => findContact(tx, { workspaceId: ours, id: theirContact }))).toBeUndefined();
    expect(await read((tx) => countContacts(tx, { workspaceId: theirs }))).toBe(0);
    expect((await read((tx) => listContacts(tx, { workspaceId: theirs, sort: "name", direction: "asc", limit: 200 }))).items).toEqual([]);
    expect(await read((tx) => contactFacets(tx, { workspaceId: theirs }))).toEqual({
      leadStatuses: [],
      conversationStatuses: [],
      timeZones: [],
    });
  });

  test("the searchable view shows no more than the policy, even without asking for a workspace", async () => {
    const { rows } = await read((tx) =>
      sql<{ workspace_id: string }>`select distinct workspace_id from private.member_contacts`.execute(tx),
    );
    expect(rows).toEqual([{ workspace_id: ours }]);
    expect((await sql`select 1 from private.member_contacts`.execute(db.owner)).rows).toEqual([]);
  });

  test("is changed by nobody but its members: a foreign id is one that is not there", async () => {
    const fields = { firstname: "Taken" };
    expect(await change((tx) => updateContact(tx, { workspaceId: theirs, id: theirContact, fields }))).toBeUndefined();
    expect(await change((tx) => updateContact(tx, { workspaceId: ours, id: theirContact, fields }))).toBeUndefined();
    const selection = { type: "ids" as const, ids: [theirContact] };
    expect(await change((tx) => changeLeadStatus(tx, { workspaceId: ours, selection, leadStatus: "Taken" }))).toEqual({
      matched: 0,
      changed: 0,
    });
    await expect(change((tx) => createContact(tx, { workspaceId: theirs, fields }))).rejects.toThrow(/row-level security/);
  });

  test("a viewer changes nothing, not even in their own", async () => {
    const [id = ""] = await idsOf(ours);
    const asViewer = <T>(fn: (tx: Tx) => Promise<T>) => as("viewer", fn, true);
    expect(await asViewer((tx) => updateContact(tx, { workspaceId: ours, id, fields: { firstname: "Taken" } }))).toBeUndefined();
    await expect(asViewer((tx) => createContact(tx, { workspaceId: ours, fields: { firstname: "New" } }))).rejects.toThrow(
      /row-level security/,
    );
    expect(await db.owner.selectFrom("contacts").select("id").where("firstname", "=", "Taken").execute()).toEqual([]);
  });
});

describe("cursors", () => {
  test("one that is not of this list is refused, whatever it holds", async () => {
    const id = randomUUID();
    const bad = [
      "",
      "nonsense",
      "💥",
      writeCursor([]),
      writeCursor(["name", "asc", "x"]),
      writeCursor(["name", "asc", "x", "not an id"]),
      writeCursor(["email", "asc", "x", id]),
      writeCursor(["name", "desc", "x", id]),
      writeCursor(["name", "asc", 5, id]),
      writeCursor(["name", "asc", "\0", id]),
      writeCursor(["name", "asc", "\ud800", id]),
      Buffer.from('{"0":"name"}').toString("base64url"),
    ];
    for (const cursor of bad) {
      await expect(
        read((tx) => listContacts(tx, { workspaceId: ours, sort: "name", direction: "asc", limit: 5, cursor })),
        cursor,
      ).rejects.toThrow(BadCursor);
    }
    const moments = [
      writeCursor(["created_at", "asc", "yesterday", id]),
      writeCursor(["created_at", "asc", 1e300, id]),
      writeCursor(["created_at", "asc", null, id]),
    ];
    for (const cursor of moments) {
      await expect(
        read((tx) => listContacts(tx, { workspaceId: ours, sort: "created_at", direction: "asc", limit: 5, cursor })),
      ).rejects.toThrow(BadCursor);
    }
  });

  test("one that holds hostile text is only a place in the list", async () => {
    const cursor = writeCursor(["name", "asc", "'; drop table contacts; --", randomUUID()]);
    const { items } = await read((tx) => listContacts(tx, { workspaceId: ours, sort: "name", direction: "asc", limit: 200, cursor }));
    expect(items).toHaveLength(200);
  });
});

describe("pages", () => {
  const orders = sortableFields.flatMap((sort) => (["asc", "desc"] as const).map((direction) => ({ sort, direction })));

  async function allPages(order: (typeof orders)[number], limit: number) {
    const items = [];
    let cursor: string | undefined;
    do {
      const page = await read((tx) => listContacts(tx, { workspaceId: ours, ...order, limit, cursor }));
      expect(page.items.length).toBeLessThanOrEqual(limit);
      items.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return items;
  }

  test.each(orders)("by $sort $direction, each contact comes exactly once, in one order whatever the page size", async (order) => {
    const whole = await allPages(order, 200);
    expect(whole.map(({ id }) => id).sort()).toEqual(await idsOf(ours));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), async (limit) => {
        expect((await allPages(order, limit)).map(({ id }) => id)).toEqual(whole.map(({ id }) => id));
      }),
      { numRuns: 4 },
    );
  });

  test.each([
    ["name", (contact: { displayName: string }) => (contact.displayName === "No name" ? null : contact.displayName.toLowerCase())],
    ["email", (contact: { email: string | null }) => contact.email],
    ["phone", (contact: { phoneE164: string | null }) => contact.phoneE164],
    ["lead_status", (contact: { leadStatus: string | null }) => contact.leadStatus?.toLowerCase() ?? null],
  ] as const)("by %s, blanks come last in both directions, and case does not matter", async (sort, keyOf) => {
    for (const direction of ["asc", "desc"] as const) {
      const keys = (await allPages({ sort, direction }, 50)).map((contact) => keyOf(contact as never));
      const filled = keys.filter((key) => key !== null);
      expect(keys.slice(filled.length).every((key) => key === null)).toBe(true);
      expect(filled.length).toBeLessThan(keys.length);
      const sorted = [...filled].sort((a, b) => (Buffer.compare(Buffer.from(a), Buffer.from(b)) || 0) * (direction === "asc" ? 1 : -1));
      expect(filled).toEqual(sorted);
    }
  });

  test("a contact that arrives between two pages shifts nothing", async () => {
    const order = { sort: "created_at", direction: "desc" } as const;
    const before = await allPages(order, 200);
    const first = await read((tx) => listContacts(tx, { workspaceId: ours, ...order, limit: 50 }));
    const late = await change((tx) => createContact(tx, { workspaceId: ours, fields: { firstname: "Late" } }));
    const second = await read((tx) => listContacts(tx, { workspaceId: ours, ...order, limit: 50, cursor: first.nextCursor ?? "" }));
    expect(second.items.map(({ id }) => id)).toEqual(before.slice(50, 100).map(({ id }) => id));
    await db.owner.deleteFrom("contacts").where("id", "=", late.id).execute();
  });

  test("hold all that a search matches, once and in order, though it stands behind thousands that do not", async () => {
    const crowd = "crowd";
    await db.owner.insertInto("workspaces").values({ id: crowd, name: crowd }).execute();
    await db.owner.insertInto("workspace_members").values({ workspace_id: crowd, user_id: users.viewer, role: "viewer" }).execute();
    // Both words are common among the newest, and nobody there has both.
    await sql`
      insert into contacts (workspace_id, firstname, lastname, created_at)
      select ${crowd}, case when i <= 70 or i % 2 = 0 then 'Gracile' else 'Ada' end, case when i <= 70 or i % 2 = 1 then 'Novakova' else 'Kim' end,
        timestamptz '2026-01-01' + (i / 3) * interval '1 minute'
      from generate_series(1, 4600) i`.execute(db.owner);
    const filter = { search: "gracile novakova", tests: [] };
    for (const sort of ["created_at", "name"] as const) {
      for (const direction of ["asc", "desc"] as const) {
        const seen: { id: string; createdAt: string }[] = [];
        let cursor: string | undefined;
        do {
          const page = await read((tx) => listContacts(tx, { workspaceId: crowd, sort, direction, limit: 30, filter, cursor }));
          seen.push(...page.items);
          cursor = page.nextCursor ?? undefined;
        } while (cursor);
        expect(new Set(seen.map(({ id }) => id)).size, `${sort} ${direction}`).toBe(70);
        expect(seen).toHaveLength(70);
        const times = seen.map(({ createdAt }) => createdAt);
        if (sort === "created_at") expect(times).toEqual(direction === "asc" ? times.toSorted() : times.toSorted().toReversed());
      }
    }
  });

  test("the last page has no cursor, also when it is full to the brim", async () => {
    const total = await read((tx) => countContacts(tx, { workspaceId: ours }));
    const page = await read((tx) =>
      listContacts(tx, { workspaceId: ours, filter: { tests: [] }, sort: "email", direction: "asc", limit: total }),
    );
    expect(page.items).toHaveLength(total);
    expect(page.nextCursor).toBeNull();
  });
});

describe("a contact", () => {
  const create = (fields: Parameters<typeof createContact>[1]["fields"]) =>
    change((tx) => createContact(tx, { workspaceId: ours, fields }));
  const update = (id: string, fields: Parameters<typeof createContact>[1]["fields"]) =>
    change((tx) => updateContact(tx, { workspaceId: ours, id, fields }));

  test("is never without something to call it", async () => {
    expect((await create({})).displayName).toBe("No name");
    expect((await create({ name: "  " })).displayName).toBe("No name");
    expect((await create({ lastname: "Doe" })).displayName).toBe("Doe");
    expect((await create({ firstname: "John", lastname: "Doe", name: "Johnny" })).displayName).toBe("Johnny");
  });

  test("an opt-out has a time and a source; the first time counts, and it stays until consent is recorded", async () => {
    const created = await create({ firstname: "Ann", smsOptedOut: true });
    expect(created).toMatchObject({ optOutSource: "manual", emailOptedOutAt: null });
    const again = await update(created.id, { smsOptedOut: true, emailOptedOut: true });
    expect(again?.smsOptedOutAt).toBe(created.smsOptedOutAt);
    expect(again?.emailOptedOutAt).not.toBeNull();
    expect(await update(created.id, { smsOptedOut: false, emailOptedOut: false })).toMatchObject({
      smsOptedOutAt: created.smsOptedOutAt,
      emailOptedOutAt: again?.emailOptedOutAt,
      optOutSource: "manual",
    });
  });

  test("an opt-out by other means keeps its source when it is merely confirmed by hand", async () => {
    const { id } = await create({ firstname: "Ann" });
    await db.owner.updateTable("contacts").set({ sms_opted_out_at: new Date(), opt_out_source: "import" }).where("id", "=", id).execute();
    expect(await update(id, { smsOptedOut: true })).toMatchObject({ optOutSource: "import" });
  });

  test("a change leaves what it does not name", async () => {
    const { id } = await create({ firstname: "Ann", email: "ann@example.com", phone: { typed: "12", e164: null }, metadata: { a: [1] } });
    expect(await update(id, { lastname: "Lee", email: "" })).toMatchObject({
      firstname: "Ann",
      lastname: "Lee",
      email: null,
      phoneNumber: "12",
      phoneE164: null,
      conversationStatus: "New",
      metadata: { a: [1] },
    });
  });
});

describe("bulk changes and choices", () => {
  test("the numbers of a bulk change are exact: who was meant, and who was not so already", async () => {
    const total = await read((tx) => countContacts(tx, { workspaceId: ours }));
    const [first = "", second = ""] = await idsOf(ours);
    await db.owner.updateTable("contacts").set({ lead_status: "Won" }).where("id", "=", first).execute();
    const change2 = await change((tx) =>
      changeLeadStatus(tx, {
        workspaceId: ours,
        leadStatus: "Won",
        selection: { type: "ids", ids: [first, second, theirContact, randomUUID()] },
      }),
    );
    expect(change2).toEqual({ matched: 2, changed: 1 });
    const selection = { type: "filter" as const, filter: { tests: [] }, excluded: [first, second] };
    const all = await change((tx) => changeLeadStatus(tx, { workspaceId: ours, leadStatus: "Lost", selection }));
    expect(all).toEqual({ matched: total - 2, changed: total - 2 });
    const left = await db.owner
      .selectFrom("contacts")
      .select("id")
      .where("workspace_id", "=", ours)
      .where("lead_status", "=", "Won")
      .execute();
    expect(left.map(({ id }) => id).sort()).toEqual([first, second]);
  });

  test("choices are those in use, the most frequent first, each once whatever its spelling; lead statuses begin with the list", async () => {
    await sql`update contacts set time_zone = case when random() < 0.1 then 'Asia/Tokyo' else 'Europe/Paris' end, conversation_status = ' '
      where workspace_id = ${ours}`.execute(db.owner);
    const ids = await idsOf(ours);
    await db.owner.updateTable("contacts").set({ lead_status: "lost" }).where("id", "in", ids.slice(5, 8)).execute();
    expect(await read((tx) => contactFacets(tx, { workspaceId: ours }))).toEqual({
      leadStatuses: ["New", "Contacted", "Qualified", "Proposal sent", "Customer", "Lost", "Won"],
      conversationStatuses: [],
      timeZones: ["Europe/Paris", "Asia/Tokyo"],
    });
  });
});
