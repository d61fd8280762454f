import type { Tx } from "#db/client.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { EngineContext } from "../engine-context.ts";
import type { ArchivedFlow, ArchiveFlowInput, OfFlowBy } from "../flow-api.ts";
import { listOpenSends, lockFlowAgainstEntries, markArchived, moveFlowToBin, readEnd } from "./archive-flow-rows.ts";
import { stopSend } from "./control-send.ts";

/** The most sends that one request stops. A flow that is started for one contact at a time may have thousands. */
const stoppedAtOnce = 200;

/**
 * Lets nobody into a flow any more. Those who are in it finish, or their sends are stopped: each in its own transaction, after
 * the flow was archived, so that a process that dies in between leaves an archived flow whose other sends can be stopped by
 * asking again.
 */
export async function archiveFlow(context: EngineContext, input: ArchiveFlowInput): Promise<ArchivedFlow> {
  await context.db.transaction().execute(async (tx) => {
    await lock(tx, input);
    await markArchived(tx, input, context.clock);
  });
  if (input.people === "finish") return { stopped: 0, sendsLeft: 0 };
  const { ids, of } = await context.db.transaction().execute((tx) => listOpenSends(tx, { ...input, limit: stoppedAtOnce }));
  let stopped = 0;
  for (const sendId of ids) stopped += await stop(context, { ...input, sendId });
  return { stopped, sendsLeft: of - ids.length };
}

/** Moves a flow to the bin. @throws EngineRefusal flow_not_found, flow_not_archived, flow_in_use */
export async function deleteFlow(context: EngineContext, input: OfFlowBy): Promise<void> {
  await context.db.transaction().execute(async (tx) => {
    await lock(tx, input);
    const { isArchived, wasSent, people } = await readEnd(tx, input);
    if (wasSent && !isArchived) {
      throw new EngineRefusal("flow_not_archived", "Contacts have been in this flow. Archive it before you delete it.");
    }
    if (people > 0) {
      const who = people === 1 ? "One contact is" : `${people.toLocaleString("en")} contacts are`;
      throw new EngineRefusal("flow_in_use", `${who} still in this flow. Wait until they have finished, or end them now.`);
    }
    await moveFlowToBin(tx, input, context.clock);
  });
}

async function lock(tx: Tx, input: OfFlowBy): Promise<void> {
  if (!(await lockFlowAgainstEntries(tx, input))) throw new EngineRefusal("flow_not_found", "This flow does not exist in this workspace.");
}

/** How many contacts it ends. A send that was over by then ends nobody. */
async function stop(context: EngineContext, of: OfFlowBy & { sendId: string }): Promise<number> {
  try {
    return (await stopSend(context, of)).stopped;
  } catch (error) {
    if (error instanceof EngineRefusal && error.code === "send_over") return 0;
    throw error;
  }
}
