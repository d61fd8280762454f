import { sql } from "kysely";
import type { PublishedTests } from "#contract/flow-tests.ts";
import type { Db, Tx } from "#db/client.ts";
import { textArray, uuidArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";
import type { OfFlow } from "../execution/inside-rows.ts";
import type { Actor } from "../send-api.ts";

export interface StoredDraft {
  name: string;
  nodes: unknown;
  edges: unknown;
  settings: unknown;
  revision: string;
  /** The mark of what is live now, and of what was live when the draft began. */
  live: string;
  beganFrom: string;
}

export async function readDraft(
  db: Db,
  { workspaceId, flowId }: OfFlow,
  { isLocked }: { isLocked: boolean },
): Promise<StoredDraft | undefined> {
  const { rows } = await sql<StoredDraft>`
    select d.name, d.nodes, d.edges, d.settings, d.revision, d.began_from as "beganFrom",
      private.flow_mark(f.name, f.nodes, f.edges, f.settings) as live
    from flow_drafts d join flows f on f.workspace_id = d.workspace_id and f.id = d.flow_id
    where d.workspace_id = ${workspaceId} and d.flow_id = ${flowId}::uuid ${isLocked ? sql`for no key update of d` : sql``}`.execute(db);
  return rows[0];
}

/** Copies the draft into the flow, and removes it. */
export async function makeLive(tx: Tx, { workspaceId, flowId }: OfFlow): Promise<void> {
  await sql`
    with published as (
      delete from flow_drafts where workspace_id = ${workspaceId} and flow_id = ${flowId}::uuid returning *
    )
    update flows f set name = p.name, nodes = p.nodes, edges = p.edges, settings = p.settings
    from published p where f.workspace_id = p.workspace_id and f.id = p.flow_id`.execute(tx);
}

/** @param publication.people how many people its rules move; null where it has no rules */
export async function recordPublication(
  tx: Tx,
  publication: OfFlow & { versionId: string; note: string | null; actor: Actor; people: number | null; tests?: PublishedTests | null },
  clock: Clock,
): Promise<string> {
  const { workspaceId, flowId, versionId, note, actor, people, tests = null } = publication;
  const movingAt = people === null || people === 0 ? sql`null::timestamptz` : clock.now;
  const { rows } = await sql<{ id: string }>`
    insert into flow_publications (workspace_id, flow_id, version_id, note, published_by, published_by_name, people, moving_at, tests)
    values (${workspaceId}, ${flowId}::uuid, ${versionId}::uuid, ${note}, ${actor.id}::uuid, ${actor.name}, ${people}, ${movingAt},
      ${tests && JSON.stringify(tests)}::jsonb)
    returning id`.execute(tx);
  return (rows[0] as { id: string }).id;
}

/** What a publication does with whoever stands at a node of a version. */
export interface NewRule {
  versionId: string;
  /** Empty: not begun. */
  nodeId: string;
  action: "follow" | "node" | "leave";
  toNodeId: string | null;
}

export async function insertRules(
  tx: Tx,
  { workspaceId, publicationId }: { workspaceId: string; publicationId: string },
  rules: readonly NewRule[],
): Promise<void> {
  if (rules.length === 0) return;
  const column = <T>(pick: (rule: NewRule) => T) => rules.map(pick);
  await sql`
    insert into flow_moves (publication_id, workspace_id, from_version_id, from_node_id, action, to_node_id)
    select ${publicationId}::uuid, ${workspaceId}, i.* from unnest(${uuidArray(column((r) => r.versionId))}::uuid[],
      ${textArray(column((r) => r.nodeId))}::text[], ${textArray(column((r) => r.action))}::text[], ${textArray(column((r) => r.toNodeId))}::text[]) i`.execute(
    tx,
  );
}

export interface PeopledVersion {
  id: string;
  number: number;
  /** How many nodes it has. */
  size: number;
}

/**
 * The versions of a flow on which somebody is or may come to be: those with people (`withPeople`), those that open sends follow,
 * those to which people are being moved, and the one that was published last.
 */
export async function listPeopledVersions(
  db: Db,
  { workspaceId, flowId }: OfFlow,
  withPeople: readonly string[],
): Promise<PeopledVersion[]> {
  const { rows } = await sql<PeopledVersion>`
    select v.id, v.number, case jsonb_typeof(v.nodes) when 'array' then jsonb_array_length(v.nodes) else 0 end as size from flow_versions v
    where v.workspace_id = ${workspaceId} and v.flow_id = ${flowId}::uuid and (v.id = any(${uuidArray(withPeople)}::uuid[])
      or exists (select from flow_sends s where s.workspace_id = v.workspace_id and s.flow_version_id = v.id and s.ended_at is null)
      or exists (select from flow_publications p where p.workspace_id = v.workspace_id and p.version_id = v.id
        and (p.moving_at is not null and p.moves_ended_at is null
          or p.seq = (select max(l.seq) from flow_publications l where l.workspace_id = v.workspace_id and l.flow_id = v.flow_id))))
    order by v.number`.execute(db);
  return rows;
}

/** The number that the next new version of a flow has. */
export async function readNextNumber(db: Db, { workspaceId, flowId }: OfFlow): Promise<number> {
  const { rows } = await sql<{ number: number }>`
    select coalesce(max(number), 0) + 1 as number from flow_versions where workspace_id = ${workspaceId} and flow_id = ${flowId}::uuid`.execute(
    db,
  );
  return rows[0]?.number ?? 1;
}
