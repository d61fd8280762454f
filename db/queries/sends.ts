import { sql } from "kysely";
import { z } from "zod";
import type { SendSkip } from "#contract/send-changes.ts";
import type { Send, SendListQuery } from "#contract/sends.ts";
import type { Db } from "../client.ts";
import { displayName } from "./contact-rows.ts";
import { microseconds, moment, type Page, readPlace, toPage, writePlace } from "./newest-first.ts";
import { hasOwnGraph } from "./own-graph.ts";
import { readCursor, writeCursor } from "./page-cursor.ts";
import { canaryOfSend, toCanary } from "./send-canary.ts";
import { firstRoundOfSend, nextAtOfSend } from "./send-rounds.ts";

export async function findSend(db: Db, { workspaceId, id }: { workspaceId: string; id: string }): Promise<Send | undefined> {
  const row = await selectSends(db, workspaceId).where("s.id", "=", id).executeTakeFirst();
  return row && toSend(row);
}

export async function listSends(db: Db, args: { workspaceId: string } & z.output<typeof SendListQuery>): Promise<Page<Send>> {
  const place = readPlace("sends", args.cursor);
  const rows = await selectSends(db, args.workspaceId)
    .$if(args.flowId !== undefined, (query) => query.where("s.flow_id", "=", args.flowId as string))
    .$if(args.state !== undefined, (query) => query.where("s.state", "=", args.state as string))
    // Sends that flows made are part of the sends whose executions started them; who wants them asks for them.
    .$if(args.startedByFlows !== true && args.parentSendId === undefined, (query) => query.where("s.source", "<>", "flow"))
    .$if(args.parentSendId !== undefined, (query) => query.where("s.parent_send_id", "=", args.parentSendId as string))
    .$if(place !== undefined, (query) =>
      query.where(({ eb, refTuple, tuple }) => eb(refTuple("s.created_at", "s.id"), "<", tuple(moment(place?.at ?? 0), place?.id ?? ""))),
    )
    .orderBy("s.created_at", "desc")
    .orderBy("s.id", "desc")
    .limit(args.limit + 1)
    .execute();
  return toPage(rows, args.limit, toSend, (row) => writePlace("sends", { at: row.position, id: row.id }));
}

/** The selected contacts that were not enrolled; undefined when there is no such send. */
export async function listSendSkips(
  db: Db,
  { workspaceId, sendId, cursor, limit }: { workspaceId: string; sendId: string; cursor?: string; limit: number },
): Promise<Page<SendSkip> | undefined> {
  const after = cursor === undefined ? undefined : readCursor(cursor, SkipPlace)[1];
  const send = await db
    .selectFrom("flow_sends")
    .select("id")
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", sendId)
    .executeTakeFirst();
  if (!send) return undefined;
  const rows = await db
    .selectFrom("flow_send_skips as k")
    .leftJoin("private.contact_names as c", (join) =>
      join.onRef("c.workspace_id", "=", "k.workspace_id").onRef("c.id", "=", "k.contact_id"),
    )
    .select(["k.contact_id", "k.reason", "c.id as found", "c.name", "c.firstname", "c.lastname"])
    .where("k.workspace_id", "=", workspaceId)
    .where("k.send_id", "=", sendId)
    .$if(after !== undefined, (query) => query.where("k.contact_id", ">", after as string))
    .orderBy("k.contact_id")
    .limit(limit + 1)
    .execute();
  const toSkip = (row: (typeof rows)[number]): SendSkip => ({
    contactId: row.contact_id,
    contactName: row.found === null ? null : displayName({ name: row.name, firstname: row.firstname ?? "", lastname: row.lastname ?? "" }),
    reason: row.reason as SendSkip["reason"],
  });
  return toPage(rows, limit, toSkip, (row) => writeCursor(["skips", row.contact_id]));
}

const SkipPlace = z.tuple([z.literal("skips"), z.uuid()]);

const selectSends = (db: Db, workspaceId: string) =>
  db
    .selectFrom("flow_sends as s")
    .innerJoin("private.flow_names as f", (join) => join.onRef("f.workspace_id", "=", "s.workspace_id").onRef("f.id", "=", "s.flow_id"))
    .leftJoin("send_approvals as a", (join) => join.onRef("a.workspace_id", "=", "s.workspace_id").onRef("a.send_id", "=", "s.id"))
    .select([
      ...(["s.id", "s.flow_id", "f.name as flow_name", "s.flow_version_id", "s.source", "s.state", "s.is_test"] as const),
      ...(["s.launched_by_name", "s.launched_from", "s.expected", "s.enrolled", "s.not_enrolled", "s.completed", "s.failed"] as const),
      ...(["s.partial_failure", "s.cancelled", "s.created_at", "s.enrolled_at", "s.ended_at"] as const),
      ...([
        "s.undo_until",
        "s.start",
        "s.not_later_than",
        "s.drip",
        "s.changed_at",
        "s.changed_by_name",
        "s.address_scope",
        "s.reached",
        "s.unreached",
        "s.completed_unreached",
        "s.captured",
        "s.completed_captured",
        "s.forecast_id",
        "a.state as approval",
      ] as const),
      microseconds("s.created_at").as("position"),
      hasOwnGraph(sql`s`).as("has_own_graph"),
      sql<Send["messageCounts"]>`coalesce((
        select json_agg(json_build_object('channel', m.channel, 'outcome', m.outcome, 'reason', nullif(m.reason, ''), 'count', m.count)
          order by m.channel desc, m.outcome = 'sent' desc, m.outcome = 'captured' desc, m.count desc, m.reason)
        from send_message_counts m where m.workspace_id = s.workspace_id and m.send_id = s.id and m.count > 0), '[]')`.as("message_counts"),
      nextAtOfSend.as("next_at"),
      firstRoundOfSend.as("first_round_at"),
      canaryOfSend.as("canary"),
    ])
    .where("s.workspace_id", "=", workspaceId);

type SendRow = Awaited<ReturnType<ReturnType<typeof selectSends>["executeTakeFirstOrThrow"]>>;

const toSend = (row: SendRow): Send => ({
  id: row.id,
  flowId: row.flow_id,
  flowName: row.flow_name,
  flowVersionId: row.flow_version_id,
  source: row.source as Send["source"],
  state: row.state as Send["state"],
  isTest: row.is_test,
  launchedByName: row.launched_by_name,
  launchedFrom: row.launched_from,
  total: row.expected,
  enrolled: row.enrolled,
  notEnrolled: row.not_enrolled,
  active: row.enrolled - row.completed - row.failed - row.partial_failure - row.cancelled,
  completed: row.completed,
  failed: row.failed,
  partialFailure: row.partial_failure,
  cancelled: row.cancelled,
  createdAt: row.created_at.toISOString(),
  enrolledAt: row.enrolled_at?.toISOString() ?? null,
  endedAt: row.ended_at?.toISOString() ?? null,
  undoUntil: row.undo_until?.toISOString() ?? null,
  nextAt: row.next_at?.toISOString() ?? null,
  start: row.start as Send["start"],
  drip: row.drip as Send["drip"],
  firstRoundAt: row.first_round_at?.toISOString() ?? null,
  changedAt: row.changed_at?.toISOString() ?? null,
  notLaterThan: row.not_later_than?.toISOString() ?? null,
  oncePerAddress: row.address_scope !== null,
  reached: row.reached,
  unreached: row.unreached,
  completedUnreached: row.completed_unreached,
  captured: row.captured,
  completedCaptured: row.completed_captured,
  messageCounts: row.message_counts,
  changedByName: row.changed_by_name,
  forecastId: row.forecast_id,
  ...(row.approval !== null && { approval: row.approval as NonNullable<Send["approval"]> }),
  ...(row.has_own_graph && { hasOwnGraph: true as const }),
  canary: toCanary(row.canary),
});
