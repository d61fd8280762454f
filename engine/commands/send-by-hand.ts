import { countParts } from "#channels/count-parts.ts";
import { staysHere } from "#channels/stays-here.ts";
import { readFence } from "#db/queries/send-fence.ts";
import { breakPoint } from "../base/break-point.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { SendByHandInput } from "../by-hand-api.ts";
import type { EngineContext } from "../engine-context.ts";
import { judgeByHand } from "../messages/gate-by-hand.ts";
import { type HandMessageRow, insertByHand } from "../messages/hand-message-rows.ts";
import { handOver } from "../messages/hand-over.ts";
import { findSenderFor } from "../messages/last-sender-rows.ts";

/** A contact that changes so often while it is written to is written to by somebody else. */
const mostLooks = 5;

/**
 * Sends what a person wrote to one contact, once: it passes the gate, its row is there before the provider is called, and the same id again
 * finds it. What may not leave is a row too, with the reason.
 *
 * @throws EngineRefusal contact_not_found; conflict in a copy that may not send, too_many_requests where the workspace sends as much as it
 * may or the channel rests: nothing is recorded then
 */
export async function sendByHand(context: EngineContext, input: SendByHandInput): Promise<void> {
  const { db } = context;
  const { provider } = input;
  if (!staysHere(provider.name) && (await readFence(db)) !== null)
    throw new EngineRefusal("conflict", "This is a restored copy that may not send yet. An admin of the instance can allow it.");
  const row = await claim(context, input);
  if (row === undefined || row.to === null) return;
  await breakPoint("hand-message-claimed");
  await handOver(context, provider, { ...row, to: row.to, kind: "conversational" });
}

/** Judges the message and writes it. Returns undefined where nothing is to leave. */
async function claim(context: EngineContext, input: SendByHandInput): Promise<HandMessageRow | undefined> {
  const { db, clock, limiter } = context;
  const { workspaceId, contactId, message, provider } = input;
  const { id, channel, text, subject } = message;
  let isPaid = false;
  for (let looks = 1; looks <= mostLooks; looks += 1) {
    const verdict = await judgeByHand(context, { workspaceId, contactId, channel, stays: staysHere(provider.name) });
    if (!verdict) throw new EngineRefusal("contact_not_found", "There is no such contact in this workspace.");
    const { to, refusal, contactVersion } = verdict;
    if (refusal === null && !isPaid) {
      const { granted, waitMs, nextDay } = await limiter.acquire({ workspaceId, channel }, 1);
      if (granted === 0) throw tooMany(nextDay ? nextDay.at.getTime() - Date.now() : waitMs);
      isPaid = true;
    }
    const from = to === null ? provider.from : await findSenderFor(db, { workspaceId, channel, provider, contactId, to });
    const row: HandMessageRow = {
      ...{ id, workspaceId, contactId, contactVersion, channel, to, from, refusal },
      provider: provider.name,
      subject: channel === "email" ? (subject ?? null) : null,
      body: text,
      segments: countParts[channel](text),
    };
    const written = await insertByHand(db, row, clock);
    if (written !== "changed") return written === "made" && refusal === null ? row : undefined;
  }
  throw new EngineRefusal("conflict", "The contact is being changed at the moment, so nothing was sent. Try again.");
}

const tooMany = (waitMs: number) =>
  new EngineRefusal(
    "too_many_requests",
    `This channel takes no more messages at the moment: it rests, or the workspace sends as much as it may. Nothing was sent; try again in ${Math.max(1, Math.ceil(waitMs / 1_000))} seconds.`,
  );
