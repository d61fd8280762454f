import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { RouteId } from "#contract/routes.ts";
import type { TestApp } from "./app.ts";
import type { Client } from "./http-client.ts";
import { callRoute, idsNamedBy, routeTable } from "./route-call.ts";
import type { SampleIds } from "./route-samples.ts";

/** A fingerprint of all rows of the workspace. It changes even if only a timestamp changes. */
export async function fingerprint({ db }: TestApp, workspaceId: string): Promise<Record<string, string>> {
  const { rows: tables } = await sql<{ name: string }>`
    select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'workspace_id'`.execute(
    db.owner,
  );
  const prints: Record<string, string> = {};
  for (const { name } of tables) {
    const { rows } = await sql<{ print: string }>`
      select coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as print from ${sql.table(name)} t where workspace_id = ${workspaceId}`.execute(
      db.owner,
    );
    prints[name] = rows[0]?.print ?? "";
  }
  return prints;
}

const missing = (name: keyof SampleIds): string => {
  if (name === "apiKey") return randomUUID().slice(0, 8);
  return name === "secret" ? `s${randomUUID().replaceAll("-", "")}` : randomUUID();
};

/**
 * Calls each route as a caller of one workspace (`theirIds`), with each of the ids that its sample names taken from another one
 * (`ourIds`), and then from nowhere. The answers must be the same, and a refusal or nothing.
 */
export async function walkForeignIds(
  client: Client,
  routes: readonly RouteId[],
  { ourIds, theirIds }: { ourIds: SampleIds; theirIds: SampleIds },
): Promise<{ differences: unknown[]; combinations: number }> {
  const differences: unknown[] = [];
  let combinations = 0;
  for (const id of routes) {
    for (const name of idsNamedBy(id, theirIds)) {
      const foreign = await callRoute(client, id, { ...theirIds, [name]: ourIds[name] });
      const none = await callRoute(client, id, { ...theirIds, [name]: missing(name) });
      if (foreign.status !== none.status || foreign.text !== none.text)
        differences.push({ id, name, foreign: foreign.text, none: none.text });
      // An empty list or a count of zero is an allowed answer. Everything else has to be a refusal.
      const { method, changesNothing } = routeTable[id];
      const isList = (method === "GET" || changesNothing === true) && foreign.body?.items?.length === 0;
      // A file without a row holds its header alone.
      const isEmptyFile = routeTable[id].kind === "csv" && foreign.text.trim().split("\n").length === 1;
      const changedNothing = foreign.body?.matched === 0;
      // The preview of a send counts everybody who would get nothing, and those it does not know are among them.
      const countsNothing = id === "previewSend" && foreign.body?.nothing === foreign.body?.total;
      if (foreign.status < 400 && !isList && !isEmptyFile && !changedNothing && !countsNothing)
        differences.push({ id, name, status: foreign.status, text: foreign.text });
      combinations += 1;
    }
  }
  return { differences, combinations };
}
