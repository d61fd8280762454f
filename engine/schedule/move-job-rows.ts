import { sql } from "kysely";
import type { Db } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";
import type { OfFlow } from "../execution/inside-rows.ts";
import { inLanes, isLaneHeld, isWakeUpHeld } from "../execution/inside-rows.ts";

/** A publication whose people are being moved. */
export interface MovingPublication extends OfFlow {
  id: string;
  seq: number;
  /** The versions whose people it moves, in one order. */
  versionIds: string[];
}

/** Reads a publication whose people are being moved; undefined where all are. */
export async function readMoving(db: Db, publicationId: string): Promise<MovingPublication | undefined> {
  const { rows } = await sql<MovingPublication>`
    select p.id, p.workspace_id as "workspaceId", p.flow_id as "flowId", p.seq,
      array(select distinct m.from_version_id from flow_moves m where m.publication_id = p.id order by 1) as "versionIds"
    from flow_publications p where p.id = ${publicationId}::uuid and p.moving_at is not null and p.moves_ended_at is null`.execute(db);
  return rows[0];
}

const isUnseen = ({ seq }: MovingPublication) =>
  sql`coalesce(e.seen_publication, s.seen_publication, 0) < ${seq} and e.cancel_reason is null`;
const hasRule = ({ id }: MovingPublication, version: unknown, node: unknown) => sql`exists (
  select from flow_moves r where r.publication_id = ${id}::uuid and r.from_version_id = ${version} and r.from_node_id = ${node})`;

export interface RestingPage {
  /** Those of the page who are to be moved and whom nobody has in hand. */
  ids: string[];
  /** How many rest in the version, on this page. */
  looked: number;
  last: string | null;
}

/** A page of those who rest in a version, by their ids. */
export async function readRestingPage(
  db: Db,
  moving: MovingPublication,
  page: { versionId: string; after: string | null; limit: number },
  clock: Clock,
): Promise<RestingPage> {
  const after = page.after === null ? sql`` : sql`and flow_execution_id > ${page.after}::uuid`;
  const { rows } = await sql<RestingPage>`
    with page as materialized (
      select flow_execution_id, node_id, turn_id, call_lease from wake_ups
      where flow_version_id = ${page.versionId}::uuid ${after} order by flow_execution_id limit ${page.limit}
    )
    select (select count(*) from page)::int as looked, (select flow_execution_id from page order by 1 desc limit 1) as last,
      array(select e.id from page w join flow_executions e on e.id = w.flow_execution_id join flow_sends s on s.id = e.send_id
        where ${isUnseen(moving)} and e.waiting_for is distinct from 'child' and not ${isWakeUpHeld(clock)}
          and ${hasRule(moving, sql`${page.versionId}::uuid`, sql`w.node_id`)}) as ids`.execute(db);
  return rows[0] ?? { ids: [], looked: 0, last: null };
}

/** Those who are to be moved and stand in lanes, and whom nobody has in hand. */
export async function listInLanes(db: Db, moving: MovingPublication, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select e.id from ${inLanes(moving)} and ${isUnseen(moving)} and not ${isLaneHeld}
      and ${hasRule(moving, sql`e.flow_version_id`, sql`coalesce(e.current_node_id, '')`)} limit ${limit}`.execute(db);
  return rows.map(({ id }) => id);
}

/** Whether anybody is left to be moved who is not in the middle of another flow. */
export async function isAnybodyLeft(db: Db, moving: MovingPublication): Promise<boolean> {
  const { rows } = await sql<{ left: boolean }>`
    select exists (select from flow_moves r join wake_ups w on w.flow_version_id = r.from_version_id and w.node_id = r.from_node_id
        join flow_executions e on e.id = w.flow_execution_id join flow_sends s on s.id = e.send_id
        where r.publication_id = ${moving.id}::uuid and ${isUnseen(moving)} and e.waiting_for is distinct from 'child')
      or exists (select from ${inLanes(moving)} and ${isUnseen(moving)}
        and ${hasRule(moving, sql`e.flow_version_id`, sql`coalesce(e.current_node_id, '')`)}) as left`.execute(db);
  return rows[0]?.left === true;
}

/** Notes that the job is alive, or that it has ended. */
export async function writeMoving(db: Db, publicationId: string, state: "moving" | "ended", clock: Clock): Promise<void> {
  const end = state === "ended" ? sql`, moves_ended_at = ${clock.now}` : sql``;
  await sql`update flow_publications set moving_at = ${clock.now} ${end} where id = ${publicationId}::uuid`.execute(db);
}

/** Publications whose job has not been heard of for a minute. */
export async function listIdleMoves(db: Db, clock: Clock): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from flow_publications where moving_at < ${clock.now} - interval '1 minute' and moves_ended_at is null
    order by moving_at limit 200`.execute(db);
  return rows.map(({ id }) => id);
}
