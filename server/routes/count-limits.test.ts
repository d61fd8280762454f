import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Counted, countLimits, mostWorkspaces } from "#contract/count-limits.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { chain, node } from "#test/graphs.ts";
import type { Answer, Client } from "#test/http-client.ts";

let app: TestApp;
let owner: Client;
let workspaceId: string;
beforeAll(async () => {
  app = await startTestApp();
  workspaceId = app.ours.workspaceId;
  owner = (await app.ours.as("owner")).with({ "x-workspace-id": workspaceId });
});
afterAll(() => app.stop());

const room = 3;
const atOnce = 12;
const graph = chain(node("start"), node("end"));

/** How rows are added until only a few have room, and the request that adds one. */
const things: Record<
  Exclude<Counted, "members">,
  { fill: (many: number) => ReturnType<typeof sql>; add: (n: number) => Promise<Answer> }
> = {
  secrets: {
    fill: (many) => sql`
      insert into workspace_secrets (workspace_id, name, secret) select ${workspaceId}, 's' || n, 'sealed' from generate_series(1, ${many}::int) n`,
    add: (n) => owner.put(`/api/secrets/new${n}`, { value: "x", hosts: ["example.com"] }),
  },
  apiKeys: {
    fill: (many) => sql`
      insert into api_keys (id, workspace_id, member_id, name, secret_hash, scopes, expires_at)
      select 'k' || lpad(n::text, 7, '0'), ${workspaceId}, ${app.ours.ownerId}::uuid, 'k', ${randomBytes(32)}, array['flows:read'], now() + interval '1 day'
      from generate_series(1, ${many}::int) n`,
    add: (n) => owner.post("/api/api-keys", { name: `Key ${n}`, scopes: ["flows:read"] }),
  },
  invitations: {
    fill: (many) => sql`
      insert into workspace_invitations (workspace_id, email, role, token_hash, invited_by, expires_at)
      select ${workspaceId}, 'i' || n || '@example.com', 'viewer', decode(md5(n::text) || md5('x' || n), 'hex'), ${app.ours.ownerId}::uuid, now() + interval '1 day'
      from generate_series(1, ${many}::int) n`,
    add: (n) => owner.post("/api/invitations", { email: `new${n}@example.com`, role: "viewer" }),
  },
  flows: {
    fill: (many) => sql`
      insert into flows (workspace_id, name, nodes, edges) select ${workspaceId}, 'f' || n, '[]', '[]' from generate_series(1, ${many}::int) n`,
    add: (n) => owner.post("/api/flows", { name: `New ${n}`, ...graph }),
  },
  flowFolders: {
    fill: (many) => sql`
      insert into flow_folders (workspace_id, name) select ${workspaceId}, 'f' || n from generate_series(1, ${many}::int) n`,
    add: (n) => owner.post("/api/flow-folders", { name: `New ${n}` }),
  },
  savedLaunches: {
    fill: (many) => sql`
      insert into saved_launches (workspace_id, flow_id, name, terms, is_shared)
      select f.workspace_id, f.id, 'l' || n, '{}', true from generate_series(1, ${many}::int) n,
        (select workspace_id, id from flows where workspace_id = ${workspaceId} limit 1) f`,
    add: async (n) => {
      const { rows } = await sql<{ id: string }>`select id from flows where workspace_id = ${workspaceId} limit 1`.execute(app.db.owner);
      return owner.post("/api/saved-launches", { name: `New ${n}`, flowId: rows[0]?.id, terms: { filter: { tests: [] } } });
    },
  },
  leadStatuses: {
    fill: (many) => sql`
      insert into lead_statuses (workspace_id, name, color, kind, place) select ${workspaceId}, 'l' || n, 'grey', 'open', 1000 + n from generate_series(1, ${many}::int) n`,
    add: (n) => owner.post("/api/lead-statuses", { name: `New ${n}`, color: "grey", kind: "open" }),
  },
};
const tables = {
  secrets: "workspace_secrets",
  flowFolders: "flow_folders",
  apiKeys: "api_keys",
  invitations: "workspace_invitations",
  flows: "flows",
  savedLaunches: "saved_launches",
  leadStatuses: "lead_statuses",
};

describe("of what a workspace holds there are never more than the limit, however many are added at once:", () => {
  test.each(Object.keys(things) as (keyof typeof things)[])("%s", async (to) => {
    const { many } = await app.db.owner
      .selectFrom(sql`${sql.table(tables[to])}`.as("t"))
      .select(sql<number>`count(*)::int`.as("many"))
      .where(sql<string>`workspace_id`, "=", workspaceId)
      .executeTakeFirstOrThrow();
    await things[to].fill(countLimits[to].most - room - many).execute(app.db.owner);
    const answers = await Promise.all(Array.from({ length: atOnce }, (_, n) => things[to].add(n)));
    expect(answers.filter(({ status }) => status < 300)).toHaveLength(room);
    const refused = answers.filter(({ status }) => status >= 300);
    expect(new Set(refused.map(({ status, body }) => `${status} ${body.code}`))).toEqual(new Set(["409 conflict"]));
    expect(refused[0]?.body.error).toContain(countLimits[to].words);
  });
});

test("people who accept invitations at once do not become more members than the limit", async () => {
  const tenant = await app.createTenant("Crowded");
  const inviter = await tenant.as("owner");
  const links: string[] = [];
  for (let n = 0; n < room + 3; n += 1) {
    links.push((await inviter.post("/api/invitations", { email: `member${n}@example.com`, role: "viewer" })).body.link);
  }
  const { many } = await app.db.owner
    .selectFrom("workspace_members")
    .select(sql<number>`count(*)::int`.as("many"))
    .where("workspace_id", "=", tenant.workspaceId)
    .executeTakeFirstOrThrow();
  await sql`insert into workspace_members (workspace_id, user_id, role)
    select ${tenant.workspaceId}, gen_random_uuid(), 'viewer' from generate_series(1, ${countLimits.members.most - room - many}::int)`.execute(
    app.db.owner,
  );
  const answers = await Promise.all(
    links.map((link, n) =>
      app.nobody.post("/api/invitations/accept", {
        token: link.split("#")[1]?.replace(/^.*=/, ""),
        name: `M${n}`,
        password: "a long phrase for one",
      }),
    ),
  );
  expect(answers.map(({ status }) => status).filter((status) => status < 300)).toHaveLength(room);
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(3);
});

test("a person owns up to a hundred workspaces, however many are made at once", async () => {
  const { userId } = await app.signUp("Collector");
  await sql`
    with made as (insert into workspaces (name) select 'w' || n from generate_series(1, ${mostWorkspaces - room}::int) n returning id)
    insert into workspace_members (workspace_id, user_id, role) select id, ${userId}::uuid, 'owner' from made`.execute(app.db.owner);
  await sql`insert into private.instance_admins (user_id) values (${userId}::uuid)`.execute(app.db.owner);
  const client = await app.signIn(
    (await sql<{ email: string }>`select email from private.users where id = ${userId}::uuid`.execute(app.db.owner)).rows[0]?.email ?? "",
  );
  const answers = await Promise.all(Array.from({ length: atOnce }, (_, n) => client.post("/api/workspaces", { name: `New ${n}` })));
  expect(answers.filter(({ status }) => status < 300)).toHaveLength(room);
});
