import type { ContactForecast } from "#contract/forecasts.ts";
import { Narrowing } from "#contract/who-not.ts";
import { EngineRefusal } from "../base/refusal.ts";
import { readFirstContact } from "../commands/preview-message-rows.ts";
import type { EngineContext } from "../engine-context.ts";
import { readAsk } from "../enrollment/approval-rows.ts";
import { forecastContact } from "./forecast-contact.ts";

/**
 * The way of the first contact of a send that waits for approval, with each message filled in: by the code of the forecast, with the values
 * and the schedule of the send, on the flow as it is live. Where the flow was changed, the send goes back before it can be approved.
 */
export async function sampleSend(
  context: EngineContext,
  { workspaceId, sendId, signal }: { workspaceId: string; sendId: string; signal?: AbortSignal },
): Promise<ContactForecast> {
  const { db, clock } = context;
  const ask = await readAsk(db, { workspaceId, sendId }, clock);
  if (ask?.state !== "asked") throw new EngineRefusal("approval_over", "This send does not wait for approval.");
  if (ask.flowHash === null) throw new EngineRefusal("not_found", "This send brought a flow of its own, of which no sample can be made.");
  const first = await db.transaction().execute((tx) => readFirstContact(tx, { workspaceId, selection: ask.selection }));
  if (!first) throw new EngineRefusal("contact_not_found", "No contact matches the selection of this send now.");
  const own = ask.own.get(first.contact_id);
  const { start } = ask;
  return forecastContact(context, {
    workspaceId,
    sendId,
    flowId: ask.flowId,
    selection: { type: "ids", ids: [first.contact_id] },
    values: ask.options.given as never,
    ...(own && { contactValues: [{ contactId: first.contact_id, values: own }] }),
    triggerData: ask.options.triggerData as never,
    ...(start && !ask.startPassed && { start }),
    ...Narrowing.parse(ask.options.narrowing ?? {}),
    ...(signal && { signal }),
  });
}
