import { sql } from "kysely";
import type { Channel } from "#contract/messages.ts";
import type { Db } from "../client.ts";

export interface WorkspaceProgress {
  hidden: boolean;
  countryChosen: boolean;
  timeZoneChosen: boolean;
  hasContact: boolean;
  /** The providers that took a test message. */
  tested: { channel: Channel; provider: string }[];
}

export async function readProgress(db: Db, { workspaceId }: { workspaceId: string }): Promise<WorkspaceProgress> {
  const { rows } = await sql<Omit<WorkspaceProgress, "tested">>`
    select first_steps_hidden_at is not null as hidden, country_chosen_at is not null as "countryChosen",
      time_zone_chosen_at is not null as "timeZoneChosen",
      exists (select from private.member_contacts c where c.workspace_id = ${workspaceId}) as "hasContact"
    from workspaces where id = ${workspaceId}`.execute(db);
  const [row] = rows;
  if (!row) throw new Error("The caller's workspace cannot be read.");
  const tested = await db
    .selectFrom("messages")
    .select(["channel", "provider"])
    .distinct()
    .where("workspace_id", "=", workspaceId)
    .where("is_test", "=", true)
    .where("status", "in", ["sent", "delivered"])
    .execute();
  return { ...row, tested };
}

/** Channels with a provider that at present refuses or cannot be reached. The owner's login is needed, as for all rows of the engine. */
export async function listTroubledChannels(ownerDb: Db, { workspaceId }: { workspaceId: string }): Promise<Channel[]> {
  const rows = await ownerDb
    .selectFrom("private.channel_gates")
    .select("channel")
    .where("workspace_id", "=", workspaceId)
    .where("failures", ">", 0)
    .where("trouble_reason", "is not", null)
    .execute();
  return rows.map(({ channel }) => channel);
}

export async function saveFirstSteps(
  db: Db,
  {
    workspaceId,
    hidden,
    confirm = [],
  }: { workspaceId: string; hidden?: boolean | undefined; confirm?: ("country" | "timeZone")[] | undefined },
): Promise<void> {
  if (hidden === undefined && confirm.length === 0) return;
  await db
    .updateTable("workspaces")
    .set({
      ...(hidden === undefined ? {} : { first_steps_hidden_at: hidden ? sql<Date>`now()` : null }),
      ...(confirm.includes("country") ? { country_chosen_at: sql<Date>`now()` } : {}),
      ...(confirm.includes("timeZone") ? { time_zone_chosen_at: sql<Date>`now()` } : {}),
    })
    .where("id", "=", workspaceId)
    .execute();
}
