import { sql } from "kysely";
import type { ForecastState } from "#contract/forecasts.ts";
import { keptForecasts } from "#contract/forecasts.ts";
import type { Db, Tx } from "#db/client.ts";
import { numberArray, textArray, uuidArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";
import { hasStoodStill } from "../schedule/lost-forecast-rows.ts";
import type { KeptContact, KeptPage } from "./keep-contacts.ts";

/** What was asked, beside the workspace and the flow. */
type KeptQuestion = Record<string, unknown>;

export interface NewForecast {
  id: string;
  workspaceId: string;
  flowId: string;
  question: KeptQuestion;
  questionHash: string;
  total: number;
  askedBy: string;
}

/** One walk of a forecast. */
export interface WalkOf {
  id: string;
  walk: string;
}

/** Lets one request at a time decide whether another forecast of the workspace may begin. */
export const takeForecastTurn = (tx: Tx, workspaceId: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended('forecasts/' || ${workspaceId}, 0))`.execute(tx);

export async function countUnderWay(tx: Tx, workspaceId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from forecasts where workspace_id = ${workspaceId} and state in ('waiting', 'running')`.execute(tx);
  return rows[0]?.count ?? 0;
}

/** One more begins for each that is forgotten, so a few at a time are enough. */
const forgottenAtOnce = 3;

/** Forgets the oldest forecasts that no send followed, beyond those that a workspace keeps. */
export async function forgetForecasts(db: Db, workspaceId: string): Promise<void> {
  await sql`
    delete from forecasts where id in (
      select k.id from (
        select id, created_at from forecasts k
        where k.workspace_id = ${workspaceId} and k.state not in ('waiting', 'running')
          and not exists (select from flow_sends s where s.workspace_id = k.workspace_id and s.forecast_id = k.id)
        order by k.created_at desc, k.id offset ${keptForecasts - 1}
      ) k order by k.created_at limit ${forgottenAtOnce})`.execute(db);
}

/** `walk`: the walk that has begun; null where a worker is to begin it. */
export async function insertForecast(tx: Tx, forecast: NewForecast, walk: string | null, clock: Clock): Promise<void> {
  await sql`
    insert into forecasts (id, workspace_id, flow_id, question, question_hash, total, asked_by, state, walk, created_at, moved_at)
    values (${forecast.id}::uuid, ${forecast.workspaceId}, ${forecast.flowId}::uuid, ${JSON.stringify(forecast.question)}::jsonb,
      ${forecast.questionHash}, ${forecast.total}, ${forecast.askedBy}, ${walk === null ? "waiting" : "running"}, ${walk}::uuid,
      ${clock.now}, ${clock.now})`.execute(tx);
}

/** Cancels what is under way of a workspace: one forecast, or those that somebody has asked for. */
export async function cancelForecasts(
  db: Db,
  { workspaceId, ...which }: { workspaceId: string } & ({ id: string } | { askedBy: string }),
  clock: Clock,
): Promise<void> {
  await sql`
    update forecasts set state = 'cancelled', question = null, finished_at = ${clock.now}, moved_at = ${clock.now}
    where workspace_id = ${workspaceId} and state in ('waiting', 'running')
      and ${"id" in which ? sql`id = ${which.id}::uuid` : sql`asked_by = ${which.askedBy}`}`.execute(db);
}

export interface TakenForecast {
  workspaceId: string;
  flowId: string;
  question: KeptQuestion;
  /** How many walks have begun, with this one. */
  walks: number;
}

/** Begins a walk, unless the forecast is over or another walk gets further. What an earlier one kept is removed. */
export async function takeForecast(db: Db, { id, walk }: WalkOf, clock: Clock): Promise<TakenForecast | undefined> {
  return db.transaction().execute(async (tx) => {
    const { rows } = await sql<TakenForecast>`
      update forecasts set state = 'running', walk = ${walk}::uuid, walks = walks + 1, looked = 0, sums = null, moved_at = ${clock.now}
      where id = ${id}::uuid and (state = 'waiting' or (state = 'running' and ${hasStoodStill(clock)}))
      returning workspace_id as "workspaceId", flow_id as "flowId", question, walks`.execute(tx);
    const [taken] = rows;
    if (taken && taken.walks > 1) {
      await sql`delete from forecast_contacts where forecast_id = ${id}::uuid`.execute(tx);
      await sql`delete from forecast_ways where forecast_id = ${id}::uuid`.execute(tx);
    }
    return taken;
  });
}

/** Keeps a page of contacts with the sums so far. Returns whether the forecast is still this walk's: it may have been cancelled. */
export async function savePage(db: Db, { id, walk }: WalkOf, page: KeptPage, isLast: boolean, clock: Clock): Promise<boolean> {
  const { contacts, ways } = page;
  const { rows } = await sql<{ count: number }>`
    with moved as (
      update forecasts set looked = ${page.looked}, sums = ${JSON.stringify(page.sums)}::jsonb, flow_content = ${page.flowContent},
        moved_at = ${clock.now}, state = ${isLast ? "done" : "running"}, finished_at = case when ${isLast} then ${clock.now} end,
        question = case when not ${isLast} then question end
      where id = ${id}::uuid and walk = ${walk}::uuid and state = 'running' returning id, workspace_id
    ), kept_ways as (
      insert into forecast_ways (workspace_id, forecast_id, way, steps)
      select m.workspace_id, m.id, w.way, w.steps::jsonb
      from moved m, unnest(${numberArray(ways.map(({ way }) => way))}::int[], ${textArray(ways.map(({ steps }) => steps))}::text[]) as w (way, steps)
    ), kept_contacts as (
      insert into forecast_contacts (workspace_id, forecast_id, contact_id, refusal, nothing, way, messages_at)
      select m.workspace_id, m.id, c.id, c.refusal, c.nothing, c.way, c.messages_at::timestamptz[]
      from moved m, unnest(${uuidArray(contacts.map(({ contactId }) => contactId))}::uuid[],
        ${textArray(contacts.map(({ refusal }) => refusal))}::text[], ${textArray(contacts.map(({ nothing }) => nothing))}::text[],
        ${numberArray(contacts.map(({ way }) => way))}::int[],
        ${textArray(contacts.map(timesOf))}::text[]) as c (id, refusal, nothing, way, messages_at)
    )
    select count(*)::int as count from moved`.execute(db);
  return rows[0]?.count === 1;
}

/** An array of moments as Postgres writes one. */
const timesOf = ({ messagesAt }: KeptContact) => `{${messagesAt.map((at) => new Date(at).toISOString()).join(",")}}`;

/** Ends a walk before its end: the forecast has failed, or another walk is to begin. */
export async function leaveWalk(
  db: Db,
  { id, walk }: WalkOf,
  to: { state: Extract<ForecastState, "failed" | "waiting">; errorMessage?: string },
  clock: Clock,
): Promise<void> {
  const isFailed = to.state === "failed";
  await sql`
    update forecasts set state = ${to.state}, error_message = ${to.errorMessage ?? null}, moved_at = ${clock.now},
      finished_at = case when ${isFailed} then ${clock.now} end, question = case when not ${isFailed} then question end
    where id = ${id}::uuid and walk = ${walk}::uuid and state = 'running'`.execute(db);
}
