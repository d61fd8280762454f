import { randomBytes, randomUUID } from "node:crypto";
import pino from "pino";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { defineProvider } from "#channels/provider-definition.ts";
import type { Secrets } from "#channels/provider-secrets.ts";
import type { ProviderRegistry } from "#channels/providers-server.ts";
import { asMember } from "#db/client.ts";
import { createTestDb, type TestDb } from "#test/db.ts";
import { fakeProvider } from "#test/fake-provider.ts";
import { createProviderDirectory, type ProviderDirectory } from "../compose/provider-directory.ts";
import { checkProvider, readProviderInput, setProvider } from "./set-provider.ts";

/** A provider of text messages as most of them are: an account, a key that can be replaced, and the secret of its callbacks. */
const carrier = defineProvider({
  label: "Carrier",
  description: "Text messages through a carrier.",
  staysHere: false,
  way: "the carrier",
  settings: z.strictObject({ account: z.string().min(1) }),
  secrets: z.strictObject({ apiKey: z.string().optional(), apiSecret: z.string().optional(), callbackToken: z.string().optional() }),
  usesSecrets: () => true,
  secretProblems: ({ settings, secrets, stored }) => {
    const before = z.object({ account: z.string() }).safeParse(stored.settings).data;
    const kept = before?.account === settings.account ? stored.secrets : [];
    return (["apiKey", "apiSecret"] as const)
      .filter((name) => secrets[name] === "" || (secrets[name] === undefined && !kept.includes(name)))
      .map((path) => ({ path, message: "This account needs it" }));
  },
});

const opened: Secrets[] = [];
const send = {
  open: (account: { secrets: Secrets }) => {
    opened.push(account.secrets);
    return fakeProvider("sms");
  },
};
const registry = {
  definitions: { sms: { carrier }, email: {} },
  servers: { sms: { carrier: { send } }, email: {} },
} as unknown as ProviderRegistry;

const userId = randomUUID();
const masterKey = randomBytes(32);
let db: TestDb;
let directory: ProviderDirectory;
let workspaceId: string;
beforeAll(async () => {
  db = await createTestDb();
  directory = createProviderDirectory({ db: db.owner, masterKey, log: pino({ level: "silent" }), freshFor: 0, registry });
});
afterAll(() => db.drop());
beforeEach(async () => {
  workspaceId = randomUUID();
  await db.owner.insertInto("workspaces").values({ id: workspaceId, name: "Secrets" }).execute();
  await db.owner.insertInto("workspace_members").values({ workspace_id: workspaceId, user_id: userId, role: "admin" }).execute();
});

const set = (secrets: Secrets, account = "a1", check = false) =>
  asMember(db.api, { userId, write: true }, async (tx) => {
    const input = { provider: "carrier", settings: { account }, ...secrets };
    const given = { directory, masterKey, workspaceId, userId, channel: "sms" as const, input };
    if (check) await checkProvider({ ...given, typed: await readProviderInput(tx, given) });
    return setProvider(tx, given);
  });
const inUse = async () => {
  await directory.providerFor(workspaceId, "sms", { lookNow: true });
  return opened.at(-1);
};
const all = { apiKey: "k1", apiSecret: "s1", callbackToken: "t1" };

test("of several secrets the one that is typed is replaced, and those that are not stay", async () => {
  await set(all);
  expect(await inUse()).toEqual(all);
  await set({ apiSecret: "s2" });
  expect(await inUse()).toEqual({ ...all, apiSecret: "s2" });
  await set({ apiKey: "k2", callbackToken: "t2" });
  expect(await inUse()).toEqual({ apiKey: "k2", apiSecret: "s2", callbackToken: "t2" });
});

test("none stays where none is typed, an empty one is forgotten, and the provider that is tried has what would be stored", async () => {
  await set(all);
  await set({});
  expect(await inUse()).toEqual(all);
  await set({ callbackToken: "" });
  expect(await inUse()).toEqual({ apiKey: "k1", apiSecret: "s1" });
  opened.length = 0;
  await set({ apiKey: "k3" }, "a1", true);
  expect(opened[0]).toEqual({ apiKey: "k3", apiSecret: "s1" });
});

test("one that is needed and neither typed nor stored is asked for, and so are all for another account", async () => {
  const asked = (change: Promise<unknown>) =>
    change.then(
      () => [],
      (error) => error.problems.map(({ path }: { path: string }) => path),
    );
  expect(await asked(set({ apiKey: "k1" }))).toEqual(["apiSecret"]);
  await set(all);
  expect(await asked(set({ apiKey: "" }))).toEqual(["apiKey"]);
  // A stored secret cannot be read. Using it for an account of the caller's choice would come near to it.
  expect(await asked(set({ apiKey: "k9" }, "a2"))).toEqual(["apiSecret"]);
  expect(await inUse()).toEqual(all);
});
