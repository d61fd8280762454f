import type { FlowGraph } from "#contract/flows.ts";
import type { ContactForecast } from "#contract/forecasts.ts";
import { Narrowing } from "#contract/who-not.ts";
import { EngineRefusal } from "../base/refusal.ts";
import { readFirstContact } from "../commands/preview-message-rows.ts";
import type { EngineContext } from "../engine-context.ts";
import { type Ask, readAsk } from "../enrollment/approval-rows.ts";
import { readVersions } from "../flow/version-rows.ts";
import { forecastContact } from "./forecast-contact.ts";

interface SampleInput {
  workspaceId: string;
  sendId: string;
  /** Of whom the sample is made. Unless one is named, of the first with values of its own, or else of the first. */
  contactId?: string | undefined;
  signal?: AbortSignal;
}

/**
 * The way of one contact of a send that waits for approval, with each message filled in: by the code of the forecast, with the values
 * and the schedule of the send, on the flow as it is live. Where the flow was changed, the send goes back before it can be approved.
 * A send that brought a graph of its own is walked through that graph, as it was frozen.
 */
export async function sampleSend(
  context: EngineContext,
  { workspaceId, sendId, contactId, signal }: SampleInput,
): Promise<ContactForecast> {
  const { db, clock } = context;
  const ask = await readAsk(db, { workspaceId, sendId }, clock);
  if (ask?.state !== "asked") throw new EngineRefusal("approval_over", "This send does not wait for approval.");
  const first = await db
    .transaction()
    .execute((tx) => readFirstContact(tx, { workspaceId, selection: ask.selection, only: contactId, before: [...ask.own.keys()] }));
  if (!first) {
    throw new EngineRefusal(
      "contact_not_found",
      contactId === undefined
        ? "No contact matches the selection of this send now."
        : "This send does not go to this contact. Choose one of its own.",
    );
  }
  const graph = ask.flowHash === null ? await readOwnGraph(context, ask) : undefined;
  const own = ask.own.get(first.contact_id);
  const { start } = ask;
  return forecastContact(context, {
    workspaceId,
    sendId,
    flowId: ask.flowId,
    ...(graph && { graph }),
    selection: { type: "ids", ids: [first.contact_id] },
    values: ask.options.given as never,
    ...(own && { contactValues: [{ contactId: first.contact_id, values: own }] }),
    triggerData: ask.options.triggerData as never,
    ...(start && !ask.startPassed && { start }),
    ...Narrowing.parse(ask.options.narrowing ?? {}),
    ...(signal && { signal }),
  });
}

/** The graph that came with a send, as it was frozen. */
async function readOwnGraph({ db }: EngineContext, { flowVersionId }: Ask): Promise<FlowGraph> {
  const [version] = await readVersions(db, [flowVersionId]);
  if (!version) throw new EngineRefusal("flow_not_found", "The flow of this send is not there any more.");
  return version as unknown as FlowGraph;
}
