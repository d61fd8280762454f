import type { EngineContext } from "../engine-context.ts";
import { giveUpMessages } from "../execution/message-rows.ts";
import { type DoubtVerdict, keepsRecordsOf, lookUpDoubt } from "../messages/doubt-lookup.ts";
import { closeLostMessage, type LostMessage, listLostMessages } from "./lost-message-rows.ts";

/** What a provider that was away may still tell is asked for this long (doubt-lookup.ts), and a little longer. */
const usuallyWithinHours = 2;

type Tools = Pick<EngineContext, "db" | "clock" | "providerFor" | "log">;

/**
 * Settles messages by hand and test messages whose process died before it could write their outcome. They have no execution that
 * comes back to them, so a worker looks for them. What the provider's records tell is written; otherwise they are unknown:
 *
 *   sending ──its lease is over──▶ in doubt ──▶ sent, or not left and so failed, or unknown
 *
 * Nothing is sent again. Cut off anywhere, the next look goes on.
 */
export async function settleLostMessages(tools: Tools, { all = false }: { all?: boolean } = {}): Promise<void> {
  const lost = await listLostMessages(tools.db, { withinHours: all ? null : usuallyWithinHours }, tools.clock);
  for (const message of lost) await settle(tools, message);
}

async function settle({ db, clock, providerFor, log }: Tools, lost: LostMessage): Promise<void> {
  const { id, workspaceId, channel } = lost;
  const provider = await providerFor(workspaceId, channel).catch((error: Error) => error);
  const mayLookUp = lost.hasAddress && keepsRecordsOf(provider, lost.provider);
  if (lost.status === "sending") {
    const given = await giveUpMessages(db, [{ id, mayLookUp }], clock);
    // Unknown already, or its process lives and has written the answer.
    if (given.get(id)?.status !== "queued") return;
  }
  const verdict: DoubtVerdict = lost.hasNotLeft
    ? { outcome: "not_left" }
    : provider instanceof Error || !lost.hasAddress
      ? { outcome: "unknown", message: "The provider cannot be asked any more what became of it" }
      : await lookUpDoubt({ db, now: lost.now.getTime() }, provider, id);
  if (verdict.outcome === "later") return;
  log.info({ messageId: id, outcome: verdict.outcome }, "a message whose process died was settled");
  if (verdict.outcome === "unknown") await closeLostMessage(db, { id, status: "unknown", errorMessage: verdict.message });
  if (verdict.outcome === "not_left")
    await closeLostMessage(db, {
      id,
      status: "failed",
      errorMessage: "The process that was to send it ended before. Nothing left; send it again.",
    });
}
