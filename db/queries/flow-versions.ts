import { sql } from "kysely";
import { z } from "zod";
import type { FlowVersion, FlowVersionSummary } from "#contract/flow-versions.ts";
import type { Db } from "../client.ts";
import type { StoredContent } from "./flow-drafts.ts";
import { toGraph, toSettings } from "./flow-rows.ts";
import { type Page, toPage } from "./newest-first.ts";
import { readCursor, writeCursor } from "./page-cursor.ts";

export async function findFlowVersion(db: Db, { workspaceId, id }: { workspaceId: string; id: string }): Promise<FlowVersion | undefined> {
  const row = await db
    .selectFrom("flow_versions")
    .select(["id", "flow_id", "number", "name", "nodes", "edges", "settings"])
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .executeTakeFirst();
  return (
    row && { id: row.id, flowId: row.flow_id, number: row.number, name: row.name, ...toGraph(row), settings: toSettings(row.settings) }
  );
}

/** The content of a version of this flow, as it is stored. */
export async function findVersionContent(
  db: Db,
  { workspaceId, flowId, id }: { workspaceId: string; flowId: string; id: string },
): Promise<StoredContent | undefined> {
  return db
    .selectFrom("flow_versions")
    .select(["name", "nodes", "edges", "settings"])
    .where("workspace_id", "=", workspaceId)
    .where("flow_id", "=", flowId)
    .where("id", "=", id)
    .executeTakeFirst();
}

const Parts = z.tuple([z.literal("versions"), z.int().min(1).max(2_147_483_647)]);

/** The versions of a flow, the highest number first. A version is live when its content is what the flow holds now. */
export async function listFlowVersions(
  db: Db,
  { workspaceId, flowId, cursor, limit }: { workspaceId: string; flowId: string; cursor?: string | undefined; limit: number },
  /** How many people are in each version now. Only the engine's tables tell. */
  inside: ReadonlyMap<string, number>,
): Promise<Page<FlowVersionSummary>> {
  const below = cursor === undefined ? null : readCursor(cursor, Parts)[1];
  const { rows } = await sql<
    Omit<FlowVersionSummary, "createdAt" | "publishedAt" | "active" | "moves"> & {
      created: Date;
      published: Date | null;
      people: number | null;
      moved: number;
      left: number;
      isMoving: boolean;
    }
  >`
    select v.id, v.number, v.name, case jsonb_typeof(v.nodes) when 'array' then jsonb_array_length(v.nodes) else 0 end as "stepCount",
      v.nodes = f.nodes and v.edges = f.edges and v.settings = f.settings as "isLive", v.created_at as created,
      p.published_at as published, p.published_by_name as "publishedByName", p.note, p.tests, s.sends, p.people, m.moved, m.left,
      coalesce(p.moving_at is not null and p.moves_ended_at is null, false) as "isMoving"
    from flow_versions v
    join flows f on f.workspace_id = v.workspace_id and f.id = v.flow_id
    left join lateral (
      select id, published_at, published_by_name, note, tests, people, moving_at, moves_ended_at from flow_publications
      where workspace_id = v.workspace_id and version_id = v.id order by published_at desc limit 1) p on true
    cross join lateral (
      select count(*) filter (where action <> 'leave')::int as moved, count(*) filter (where action = 'leave')::int as left
      from flow_execution_moves where p.people is not null and workspace_id = v.workspace_id and publication_id = p.id) m
    cross join lateral (
      select count(*)::int as sends from flow_sends where workspace_id = v.workspace_id and flow_version_id = v.id) s
    where v.workspace_id = ${workspaceId} and v.flow_id = ${flowId}::uuid and (${below}::int is null or v.number < ${below}::int)
    order by v.number desc limit ${limit + 1}`.execute(db);
  return toPage(
    rows,
    limit,
    ({ created, published, people, moved, left, isMoving, ...row }) => ({
      ...row,
      createdAt: created.toISOString(),
      publishedAt: published?.toISOString() ?? null,
      active: inside.get(row.id) ?? 0,
      moves: people === null ? null : { people, moved, left, isMoving },
    }),
    ({ number }) => writeCursor(["versions", number]),
  );
}
