import { randomUUID } from "node:crypto";
import { afterAll, beforeAll } from "vitest";
import type { ImportColumn, ImportSettings } from "#contract/import-settings.ts";
import { asMember, type Tx } from "#db/client.ts";
import { importContacts } from "#server/commands/import-contacts.ts";
import { createTestDb, type TestDb } from "./db.ts";
import { importColumnsOf, type TargetsByHeader } from "./import-columns.ts";

// The set-up that tests of imports begin with. `db` is a live binding: the hook sets it before the first test.

/** The database of this test file. */
export let db: TestDb;
/** An editor of every workspace that `newWorkspace` makes. */
export const userId = randomUUID();

export function setUpImports(): void {
  beforeAll(async () => {
    db = await createTestDb();
  });
  afterAll(() => db.drop());
}

export async function newWorkspace(): Promise<string> {
  const workspaceId = randomUUID();
  await db.owner.insertInto("workspaces").values({ id: workspaceId, name: "Import" }).execute();
  await db.owner.insertInto("workspace_members").values({ workspace_id: workspaceId, user_id: userId, role: "editor" }).execute();
  return workspaceId;
}

export const asEditor = <T>(fn: (tx: Tx) => Promise<T>) => asMember(db.api, { userId, write: true }, fn);

interface Given extends Partial<Omit<ImportSettings, "columns">> {
  /** The targets of columns by their headers; the others are left out. Without it the columns are guessed as the page does. */
  mapping?: TargetsByHeader;
  columns?: ImportColumn[];
}

/** Imports the file as the editor, and answers what the import says of itself. */
export async function run(workspaceId: string, file: string | Buffer, { mapping, columns, ...given }: Given = {}) {
  const bytes = new Uint8Array(Buffer.from(file));
  const settings = { importId: randomUUID(), ...given, columns: columns ?? importColumnsOf(bytes, mapping, given.encoding) };
  const outcome = await importContacts({ workspaceId, userId, settings, country: "US", file: bytes, inTransaction: asEditor });
  if (!outcome) throw new Error("The id is taken.");
  return { ...outcome.result, repeated: outcome.repeated, refusal: outcome.refusal };
}

export const contactsOf = (workspaceId: string) =>
  db.owner.selectFrom("contacts").selectAll().where("workspace_id", "=", workspaceId).orderBy("id").execute();
