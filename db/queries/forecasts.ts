import { sql } from "kysely";
import { z } from "zod";
import type { Forecast, ForecastContact, ForecastContactsQuery, ForecastState, KeptForecast } from "#contract/forecasts.ts";
import type { Db } from "../client.ts";
import { displayName } from "./contact-rows.ts";
import { contentOf } from "./flow-content.ts";
import { type Page, toPage } from "./newest-first.ts";
import { readCursor, writeCursor } from "./page-cursor.ts";

interface ForecastKey {
  workspaceId: string;
  id: string;
}

export async function findForecast(db: Db, { workspaceId, id }: ForecastKey): Promise<KeptForecast | undefined> {
  const row = await db
    .selectFrom("forecasts as k")
    .innerJoin("flows as f", (join) => join.onRef("f.workspace_id", "=", "k.workspace_id").onRef("f.id", "=", "k.flow_id"))
    .select(["k.id", "k.flow_id", "k.state", "k.total", "k.looked", "k.sums", "k.error_message", "k.created_at", "k.finished_at"])
    // A person who watches one that grows asks twice a second, and reading the whole flow takes as long as it is large.
    .select(
      sql<boolean>`case when k.state = 'done' then coalesce(k.flow_content <> ${contentOf("f")}, false) else false end`.as("flow_changed"),
    )
    .where("k.workspace_id", "=", workspaceId)
    .where("k.id", "=", id)
    .executeTakeFirst();
  return (
    row && {
      id: row.id,
      flowId: row.flow_id,
      state: row.state as ForecastState,
      total: row.total,
      looked: row.looked,
      forecast: row.sums as Forecast | null,
      flowChanged: row.flow_changed,
      errorMessage: row.error_message,
      createdAt: row.created_at.toISOString(),
      finishedAt: row.finished_at?.toISOString() ?? null,
    }
  );
}

/** Contacts of a forecast in the order in which they are enrolled. */
export async function listForecastContacts(db: Db, args: ForecastKey & ForecastContactsQuery): Promise<Page<ForecastContact>> {
  const { workspaceId, id, who, reason, nodeId, cursor, limit } = args;
  const after = cursor === undefined ? null : readCursor(cursor, Place)[1];
  const isMeant = {
    not_starting: sql<boolean>`k.refusal = ${reason ?? null}`,
    nothing: sql<boolean>`k.nothing = ${reason ?? ""}`,
    at_node: sql<boolean>`k.way in (
      select w.way from forecast_ways w
      where w.workspace_id = ${workspaceId} and w.forecast_id = ${id}::uuid and exists (
        select from jsonb_array_elements(w.steps) s where s ->> 'nodeId' = ${nodeId ?? ""} and s ->> 'reason' = ${reason ?? ""}
          and (s ->> 'toNothing')::boolean))`,
  }[who];
  const rows = await db
    .selectFrom("forecast_contacts as k")
    .leftJoin("private.contact_names as c", (join) =>
      join.onRef("c.workspace_id", "=", "k.workspace_id").onRef("c.id", "=", "k.contact_id"),
    )
    .select(["k.contact_id", "c.id as found", "c.name", "c.firstname", "c.lastname"])
    .where("k.workspace_id", "=", workspaceId)
    .where("k.forecast_id", "=", id)
    .where(isMeant)
    .$if(after !== null, (query) => query.where("k.contact_id", ">", after as string))
    .orderBy("k.contact_id")
    .limit(limit + 1)
    .execute();
  const toContact = (row: (typeof rows)[number]): ForecastContact => ({
    contactId: row.contact_id,
    name: row.found === null ? null : displayName({ name: row.name, firstname: row.firstname ?? "", lastname: row.lastname ?? "" }),
  });
  return toPage(rows, limit, toContact, (row) => writeCursor(["forecast-contacts", row.contact_id]));
}

const Place = z.tuple([z.literal("forecast-contacts"), z.uuid()]);
