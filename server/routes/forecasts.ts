import { isForecastOver, type KeptForecast } from "#contract/forecasts.ts";
import type { Tx } from "#db/client.ts";
import { findForecast, listForecastContacts } from "#db/queries/forecasts.ts";
import { compareWithForecast, listDifferingContacts } from "#db/queries/send-forecast.ts";
import { findUndoSeconds } from "#db/queries/workspaces.ts";
import type { Resources } from "../compose/resources.ts";
import { notFound } from "../http/errors.ts";
import type { Handlers, Principal } from "../http/handler.ts";
import { requireScopes } from "../http/principal.ts";
import { createRowWatch, type RowWatch } from "../http/row-watch.ts";
import { openEventStream } from "../http/sse.ts";

/** There is one watch per running server, so that each forecast has one reader. */
const watches = new WeakMap<Resources, RowWatch<KeptForecast>>();

export const forecastRoutes = {
  // A forecast walks for seconds, so no transaction is held meanwhile.
  forecastSend: async ({ resources, inTransaction, workspaceId, principal, body, signal, accepted }) => {
    requireReader(principal);
    const undoSeconds = await inTransaction((db) => undoSecondsOf(db, workspaceId, principal, body));
    const { forecastId, isOver } = await resources.engine.startForecast({
      workspaceId,
      ...body,
      undoSeconds,
      signal,
      askedBy: principal.kind === "key" ? `key ${principal.keyId}` : `person ${principal.userId}`,
    });
    if (!isOver) accepted();
    return inTransaction((db) => readForecast(db, workspaceId, forecastId));
  },

  getForecast: async ({ db, workspaceId, principal, params }) => {
    requireReader(principal);
    return readForecast(db, workspaceId, params.id);
  },

  forecastEvents: async ({ resources, workspaceId, principal, params, inTransaction, res, signal }) => {
    requireReader(principal);
    // The forecast is read as the member. People who may not see it do not even learn that it exists.
    const forecast = await inTransaction((db) => readForecast(db, workspaceId, params.id));
    const stream = openEventStream(res, signal);
    stream.send(forecast);
    if (isForecastOver(forecast)) {
      stream.end();
      return undefined;
    }
    const watching = watchOf(resources).watch(forecast, { workspaceId }, (latest) => {
      stream.send(latest);
      if (isForecastOver(latest)) stream.end();
    });
    signal.addEventListener("abort", watching.stop, { once: true });
    if (signal.aborted) watching.stop();
    return undefined;
  },

  listForecastContacts: async ({ db, workspaceId, principal, params, query }) => {
    requireReader(principal);
    await readForecast(db, workspaceId, params.id);
    return listForecastContacts(db, { workspaceId, id: params.id, ...query });
  },

  cancelForecast: async ({ resources, db, workspaceId, principal, params }) => {
    requireReader(principal);
    await readForecast(db, workspaceId, params.id);
    await resources.engine.cancelForecast({ workspaceId, forecastId: params.id });
    return readForecast(db, workspaceId, params.id);
  },

  forecastContact: async ({ resources, inTransaction, workspaceId, principal, body: { contactId, ...body }, signal }) => {
    requireReader(principal);
    const undoSeconds = await inTransaction((db) => undoSecondsOf(db, workspaceId, principal, body));
    const selection = { type: "ids" as const, ids: [contactId] };
    return resources.engine.forecastContact({ workspaceId, ...body, selection, undoSeconds, signal });
  },

  getSendForecast: async ({ db, workspaceId, params }) => {
    const compared = await compareWithForecast(db, { workspaceId, sendId: params.id });
    if (!compared) throw notFound("forecast_not_found");
    return compared;
  },

  listDifferingContacts: async ({ db, workspaceId, params, query }) => {
    const page = await listDifferingContacts(db, { workspaceId, sendId: params.id, ...query });
    if (!page) throw notFound("forecast_not_found");
    return page;
  },
} satisfies Pick<
  Handlers,
  | "forecastSend"
  | "getForecast"
  | "forecastEvents"
  | "listForecastContacts"
  | "cancelForecast"
  | "forecastContact"
  | "getSendForecast"
  | "listDifferingContacts"
>;

/** A forecast also tells what stands in contacts and flow. */
const requireReader = (principal: Principal): void => requireScopes(principal, ["contacts:read", "flows:read"]);

/** As for a send: a person can undo it for some seconds, and a program cannot. */
const undoSecondsOf = async (
  db: Tx,
  workspaceId: string,
  principal: Principal,
  { undoSeconds }: { undoSeconds?: number | undefined },
): Promise<number> => undoSeconds ?? (principal.kind === "key" ? 0 : findUndoSeconds(db, workspaceId));

async function readForecast(db: Tx, workspaceId: string, id: string): Promise<KeptForecast> {
  const forecast = await findForecast(db, { workspaceId, id });
  if (!forecast) throw notFound("forecast_not_found");
  return forecast;
}

function watchOf(resources: Resources): RowWatch<KeptForecast> {
  const known = watches.get(resources);
  if (known) return known;
  const made = createRowWatch<KeptForecast>(
    { what: "forecast", find: findForecast, isOver: isForecastOver },
    { db: resources.ownerDb, log: resources.log },
  );
  watches.set(resources, made);
  return made;
}
