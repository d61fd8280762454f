import type { Forecast } from "#contract/forecasts.ts";
import type { Tx } from "#db/client.ts";

/** A forecast that has looked at nobody. */
export const emptyForecast: Forecast = {
  at: "2026-11-24T10:00:00.000Z",
  total: 0,
  willStart: 0,
  willNotStart: [],
  nothing: 0,
  nothingBy: [],
  channels: [],
  nodes: [],
  firstAt: null,
  lastAt: null,
  moments: { every: "hour", zone: "UTC", counts: [] },
  ends: [],
  assumed: [],
  unfinished: 0,
};

interface OneForecast {
  id: string;
  workspaceId: string;
  flowId: string;
  contactId: string;
  sendId: string;
}

/** Writes a forecast of one contact, who does not start, and names it in a send. */
export async function buildOneForecast(tx: Tx, { id, workspaceId, flowId, contactId, sendId }: OneForecast): Promise<void> {
  const of = { workspace_id: workspaceId };
  const sums: Forecast = { ...emptyForecast, total: 1, willNotStart: [{ reason: "dnc", contacts: 1 }] };
  await tx
    .insertInto("forecasts")
    .values({
      ...of,
      id,
      flow_id: flowId,
      state: "done",
      question_hash: "x",
      total: 1,
      looked: 1,
      asked_by: "nobody",
      sums: JSON.stringify(sums),
    })
    .execute();
  await tx.updateTable("flow_sends").set({ forecast_id: id }).where("id", "=", sendId).execute();
  await tx
    .insertInto("forecast_ways")
    .values({ ...of, forecast_id: id, way: 1, steps: "[]" })
    .execute();
  await tx
    .insertInto("forecast_contacts")
    .values({ ...of, forecast_id: id, contact_id: contactId, refusal: "dnc", way: null })
    .execute();
}
