import type { Db } from "#db/client.ts";

/** A flow with all that decides how it runs. */
export interface StoredFlow {
  flowId: string;
  name: string;
  workspace: Awaited<ReturnType<typeof readWorkspace>>;
  /** All flows of the workspace, because a flow may start others. */
  flows: Awaited<ReturnType<typeof readFlows>>;
  statuses: Awaited<ReturnType<typeof readStatuses>>;
  limits: Awaited<ReturnType<typeof readLimits>>;
}

/** What was asked for cannot be rehearsed. The message tells the operator what to write instead. */
export class RehearsalRefused extends Error {
  override name = "RehearsalRefused";
}

/**
 * Reads the live version of a flow from an instance.
 *
 * @param wanted the name of the flow or its id; letters count the same in capitals. `workspace` is the name or id of its workspace, where several have such a flow
 * @throws RehearsalRefused
 */
export async function readStoredFlow(db: Db, wanted: { flow: string; workspace: string | undefined }): Promise<StoredFlow> {
  const found = await findFlows(db, wanted);
  const [flow, another] = found;
  if (!flow) throw new RehearsalRefused(await describeMissing(db, wanted.flow));
  if (another) {
    const places = found.map(({ id, workspace }) => `  --flow ${id}   in "${workspace}"`);
    throw new RehearsalRefused(`Several flows are called "${wanted.flow}". Name one of them by its id:\n${places.join("\n")}`);
  }
  if (flow.archived_at) throw new RehearsalRefused(`The flow "${flow.name}" is archived, so nothing can be sent with it.`);
  const { workspace_id: workspaceId } = flow;
  return {
    flowId: flow.id,
    name: flow.name,
    workspace: await readWorkspace(db, workspaceId),
    flows: await readFlows(db, workspaceId),
    statuses: await readStatuses(db, workspaceId),
    limits: await readLimits(db, workspaceId),
  };
}

const liveFlows = (db: Db) =>
  db.selectFrom("flows as f").innerJoin("workspaces as w", "w.id", "f.workspace_id").where("f.deleted_at", "is", null);

function findFlows(db: Db, { flow, workspace }: { flow: string; workspace: string | undefined }) {
  return liveFlows(db)
    .select(["f.id", "f.name", "f.workspace_id", "f.archived_at", "w.name as workspace"])
    .where(({ eb, or, cast, fn }) =>
      or([eb(cast("f.id", "text"), "=", flow.toLowerCase()), eb(fn("lower", ["f.name"]), "=", flow.toLowerCase())]),
    )
    .$if(workspace !== undefined, (query) =>
      query.where(({ eb, or, fn }) =>
        or([eb("w.id", "=", workspace as string), eb(fn("lower", ["w.name"]), "=", (workspace as string).toLowerCase())]),
      ),
    )
    .orderBy("w.name")
    .orderBy("f.id")
    .limit(20)
    .execute();
}

async function describeMissing(db: Db, flow: string): Promise<string> {
  const some = await liveFlows(db)
    .select(["f.name", "w.name as workspace"])
    .where("f.archived_at", "is", null)
    .orderBy("f.name")
    .limit(10)
    .execute();
  if (some.length === 0) return "This instance has no flows.";
  return `No flow is called "${flow}". These are there:\n${some.map(({ name, workspace }) => `  ${name}   in "${workspace}"`).join("\n")}`;
}

const readWorkspace = (db: Db, id: string) =>
  db
    .selectFrom("workspaces")
    .select(["id", "name", "time_zone", "country", "sms_countries", "postal_address", "sending_rules"])
    .where("id", "=", id)
    .executeTakeFirstOrThrow();

const readFlows = (db: Db, workspaceId: string) =>
  db
    .selectFrom("flows")
    .select(["id", "name", "nodes", "edges", "settings", "archived_at"])
    .where("workspace_id", "=", workspaceId)
    .where("deleted_at", "is", null)
    .execute();

const readStatuses = (db: Db, workspaceId: string) =>
  db
    .selectFrom("lead_statuses")
    .select(["name", "color", "kind", "is_default", "place"])
    .where("workspace_id", "=", workspaceId)
    .orderBy("place")
    .execute();

const readLimits = (db: Db, workspaceId: string) =>
  db
    .selectFrom("private.workspace_limits")
    .select(["lanes", "messages_per_contact_day", "messages_per_hour", "messages_per_day"])
    .where("workspace_id", "=", workspaceId)
    .executeTakeFirst();
