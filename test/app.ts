import { createHash, randomBytes, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Role, Scope } from "#contract/people.ts";
import { addMember } from "#db/queries/members.ts";
import { createPerson } from "#db/queries/people.ts";
import { createWorkspace } from "#db/queries/workspaces.ts";
import { createInlineDriver, type InlineDriver } from "#engine/drivers/inline.ts";
import { createEngine, type EngineResources } from "#engine/engine.ts";
import { createSimulator } from "#engine/simulation/simulate.ts";
import { createOwner } from "#server/commands/claim-instance.ts";
import { type AppOptions, createApp } from "#server/compose/app.ts";
import { openEngineResources } from "#server/compose/engine-resources.ts";
import type { Resources } from "#server/compose/resources.ts";
import { createIdentity, type Identity } from "#server/http/identity.ts";
import type { PasswordHashing } from "#server/http/password-hashing.ts";
import { createSupabaseIdentity, type SupabaseProject } from "#server/http/supabase-identity.ts";
import { linkRuns, readEnv } from "#server/process/env.ts";
import { createLog } from "#server/process/log.ts";
import { createTestDb, type TestDb } from "./db.ts";
import { type Client, createClient } from "./http-client.ts";

export const testPassword = "correct horse battery";

export interface Tenant {
  workspaceId: string;
  ownerId: string;
  /**
   * A signed-in member of this workspace with this role. The person is made on first use and is the same one
   * afterwards.
   */
  as(role: Role): Promise<Client>;
  /** The user id behind `as(role)`. */
  userId(role: Role): Promise<string>;
  /** A caller with a new API key of this workspace. */
  key(scopes: readonly Scope[]): Promise<Client>;
}

export interface TestApp {
  url: string;
  db: TestDb;
  resources: Resources;
  identity: Identity;
  /**
   * Sends are accepted at once, and the work on them is done when a test asks for it: `await
   * app.driver.runUntilIdle()`.
   */
  driver: InlineDriver;
  /**
   * Two workspaces. In most tests `ours` is the one at work, and `theirs` is another one that must see nothing of it.
   */
  ours: Tenant;
  theirs: Tenant;
  /** A caller without a cookie and without a key. */
  nobody: Client;
  /** Everything that was logged, as lines of JSON. */
  logged: string[];
  /** Signs in a new person who is a member of no workspace. */
  signUp(name?: string): Promise<{ client: Client; userId: string; email: string }>;
  /** A caller with the session of a person who has the test password. */
  signIn(email: string): Promise<Client>;
  createTenant(name: string): Promise<Tenant>;
  stop(): Promise<void>;
}

export interface TestAppOptions extends AppOptions {
  publicUrl?: string;
  /** The public address is the one at which the test app listens, so that what calls back reaches it. */
  ownAddress?: boolean;
  /** The instance has no owner, as after the very first start. `ours` and `theirs` then cannot be used. */
  unclaimed?: boolean;
  loadDemo?: Resources["loadDemo"];
  /** People sign in at this project. Whatever needs passwords of our own can then not be used. */
  supabase?: SupabaseProject;
  /** How passwords are hashed; quickly where it is left out. */
  hashing?: PasswordHashing;
  /** Which name servers are asked about sending domains. Left out, nobody answers. */
  dns?: Resources["dns"];
  /** Webhooks may call this machine. */
  allowPrivateHosts?: boolean;
  /** Milliseconds that have passed, by which provider settings that were read stop being fresh. */
  elapsed?: () => number;
  /** Settings from outside. */
  env?: NodeJS.ProcessEnv;
  /** Parts of the engine that stand for the world outside, such as providers and the client of webhooks. */
  engine?: Partial<EngineResources>;
}

/**
 * A real hash takes a tenth of a second. Over the hundreds of sign-ins of a test run that would be most of its time.
 */
export const quickHashing: PasswordHashing = {
  hash: async (password) => `quick:${createHash("sha256").update(password).digest("hex")}`,
  verify: async ({ hash, password }) => hash === (await quickHashing.hash(password)),
};

/**
 * Starts the real app on a database of its own, listening on a free port. Only the slow password hashing is replaced.
 * Messages go to the capture channels. Each test file starts one: `beforeAll(async () => { app = await startTestApp(); })`,
 * `afterAll(() => app.stop())`.
 */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const db = await createTestDb();
  const logged: string[] = [];
  const log = createLog({ destination: { write: (line: string) => void logged.push(line) } });
  const masterKey = randomBytes(32);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const publicUrl = options.ownAddress ? url : (options.publicUrl ?? "http://localhost:4400");
  const identity = options.supabase
    ? createSupabaseIdentity({ ownerDb: db.owner, project: options.supabase, log })
    : await createIdentity({ ownerDb: db.owner, masterKey, publicUrl, log, hashing: options.hashing ?? quickHashing });
  const driver = createInlineDriver({ db: db.owner, log });
  const env = readEnv(options.env ?? {});
  const parts = {
    db: db.owner,
    driver,
    log,
    masterKey,
    previousMasterKeys: [],
    env,
    allowPrivateHosts: options.allowPrivateHosts ?? false,
    publicUrl: () => publicUrl,
    elapsed: options.elapsed,
  };
  const { providers, callWhole, links, resourcesOn } = openEngineResources(parts);
  const engine = createEngine({ ...resourcesOn(db.owner), ...options.engine });
  await engine.start();
  const loadDemo: Resources["loadDemo"] = options.loadDemo ?? (() => Promise.reject(new Error("This test has no demo to load.")));
  const resources: Resources = {
    apiDb: db.api,
    ownerDb: db.owner,
    engine,
    simulate: createSimulator(resourcesOn(db.owner)),
    identity,
    providers,
    callWebhook: callWhole,
    dns: options.dns ?? { servers: ["127.0.0.1:9"], timeoutMs: 50, tries: 1 },
    links,
    log,
    masterKey,
    previousMasterKeys: [],
    publicUrl,
    linkRun: linkRuns(readEnv({})),
    loadDemo,
  };

  server.on("request", createApp(resources, { checkResponses: true, ...options }));

  const openSession = async (email: string): Promise<Client> => {
    const { cookies } = await identity.signInNew(
      { address: "127.0.0.1", userAgent: "test", cookie: undefined },
      { email, password: testPassword },
    );
    const cookie = cookies.map((one) => one.split(";")[0]).join("; ");
    return createClient(url, { cookie, origin: url });
  };
  // Every person of a test has the same password, so it is hashed once.
  const passwordHash = options.supabase ? "" : await identity.hashPassword(testPassword);
  const addPerson = async (name: string) => {
    const email = `${name.toLowerCase().replace(/\W+/g, ".")}.${randomUUID().slice(0, 8)}@example.com`;
    const person = await db.owner.transaction().execute((tx) => createPerson(tx, { name, email, passwordHash }));
    if (!person) throw new Error(`${email} exists already.`);
    return person;
  };

  const describeTenant = (workspaceId: string, ownerId: string, ownerEmail: string): Tenant => {
    const people = new Map<Role, Promise<{ id: string; client: Client }>>();
    const personAs = (role: Role) => {
      const known = people.get(role);
      if (known) return known;
      const made = (async () => {
        const person = role === "owner" ? { id: ownerId, email: ownerEmail } : await addPerson(`${role} member`);
        if (role !== "owner") await addMember(db.owner, { workspaceId, userId: person.id, role });
        return { id: person.id, client: await openSession(person.email) };
      })();
      people.set(role, made);
      return made;
    };
    return {
      workspaceId,
      ownerId,
      as: async (role) => (await personAs(role)).client,
      userId: async (role) => (await personAs(role)).id,
      key: async (scopes) => {
        const owner = (await personAs("owner")).client.with({ "x-workspace-id": workspaceId });
        const { status, body } = await owner.post("/api/api-keys", { name: `Key ${scopes.join(" ")}`.slice(0, 100), scopes });
        if (status !== 201) throw new Error(`Making an API key failed: ${JSON.stringify(body)}`);
        return createClient(url, { authorization: `Bearer ${body.key}` });
      },
    };
  };

  /** Sends leave at once. Tests of undoing set the time themselves. */
  /** Sends of tests cannot be undone, and leave at any hour of the day. */
  const neverUndo = (id: string) =>
    db.owner
      .updateTable("workspaces")
      .set({ undo_seconds: 0, sending_rules: JSON.stringify({ quietHours: { on: false } }) })
      .where("id", "=", id)
      .execute();

  const createTenant = async (name: string): Promise<Tenant> => {
    const owner = await addPerson(`${name} owner`);
    const workspace = await db.owner.transaction().execute((tx) => createWorkspace(tx, { name, ownerId: owner.id }));
    await neverUndo(workspace.id);
    return describeTenant(workspace.id, owner.id, owner.email);
  };

  const firstOwner = async (): Promise<Tenant> => {
    const email = "first.owner@example.com";
    const owner = { name: "First Owner", email, password: testPassword, workspaceName: "Ours" };
    const { userId, workspaceId } = await createOwner({ ownerDb: db.owner, identity: { hashPassword: async () => passwordHash } }, owner);
    await neverUndo(workspaceId);
    return describeTenant(workspaceId, userId, email);
  };
  const none = new Proxy({} as Tenant, {
    get: () => {
      throw new Error("An unclaimed instance has no workspaces.");
    },
  });

  return {
    url,
    db,
    resources,
    identity,
    driver,
    logged,
    createTenant,
    ours: options.unclaimed ? none : await firstOwner(),
    theirs: options.unclaimed ? none : await createTenant("Theirs"),
    nobody: createClient(url),
    signUp: async (name = "Some Person") => {
      const person = await addPerson(name);
      return { client: await openSession(person.email), userId: person.id, email: person.email };
    },
    signIn: openSession,
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await engine.stop();
      await providers.close();
      await db.drop();
    },
  };
}
