import { returnWords } from "#contract/approvals.ts";
import { isSendOver } from "#contract/sends.ts";
import { breakPoint } from "../base/break-point.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { EngineContext } from "../engine-context.ts";
import { type Ask, forgetAsked, noteDecided, readAsk, writeDecision } from "../enrollment/approval-rows.ts";
import { type Change, holdWhatItStarts, judgeApproval } from "../enrollment/judge-approval.ts";
import { letBegin } from "../enrollment/let-begin.ts";
import { refuseTooLate } from "../messages/refuse-too-late.ts";
import type { ApproveSendInput, OfSend, StopCount } from "../send-api.ts";
import { endSend, lockSend } from "./control-send.ts";

/*
 * A send that needs an approval:
 *
 *   awaiting_approval ──approve──▶ enrolling (from its planned start on, if it has one; schedule/planned-sends.ts)
 *     │      ▲    └────refuse───▶ stopped, and nobody of it was enrolled
 *     │      └──the audience moved, or the flow was published: at the approval, and again at the planned start
 *     └──stop, undo──▶ stopped, undone: withdrawn
 *
 * Everything happens under the lock of the send, so of two who decide at once one finds it decided.
 */

/** @returns null where the send begins; what changed where it waits again */
export async function approveSend(context: EngineContext, input: ApproveSendInput): Promise<Change | null> {
  const { clock, db } = context;
  const change = await db.transaction().execute(async (tx) => {
    const ask = await lockAsk(context, tx, input);
    if (ask.askedBy !== null && ask.askedBy === input.personId) {
      throw new EngineRefusal(
        "own_approval",
        "You asked for this approval, so somebody else has to decide. That holds for your API keys too. You can withdraw the send.",
      );
    }
    if (ask.hash !== input.hash) throw outdated(ask);
    if (ask.startPassed && !input.startNow) {
      throw new EngineRefusal(
        "start_passed",
        "The planned start has passed while this send waited. Approve it with startNow to begin at once, or refuse it so that it is planned anew.",
      );
    }
    refuseTooLate({ notLaterThan: ask.notLaterThan, startAt: ask.firstAt, now: ask.now, watchedMinutes: ask.canary?.minutes });
    const changed = await judgeApproval(context, tx, input, ask, { mayRefuse: true });
    if (changed) return changed;
    if (!(await writeDecision(tx, { ...input, state: "approved", comment: input.comment }, clock))) throw decided(ask);
    const after = ask.firstAt !== null && ask.firstAt > ask.now ? ask.firstAt : null;
    await holdWhatItStarts(context, tx, input, ask);
    await forgetAsked(tx, input);
    await noteDecided(tx, { ...input, what: "approved" });
    await letBegin(context, tx, { ...input, after });
    return null;
  });
  await breakPoint("send-approved");
  return change;
}

/** Ends a send that waits. Everybody who was selected is told as not enrolled, because it was not approved. */
export async function refuseSend(context: EngineContext, input: OfSend & { comment: string }): Promise<StopCount> {
  await context.db.transaction().execute((tx) => lockAsk(context, tx, input));
  return endSend(context, input, "stopped", {
    check: (send) => {
      if (send.state !== "awaiting_approval") throw new EngineRefusal("approval_over", "This send has been decided meanwhile.");
    },
    decide: async (tx) => {
      await writeDecision(tx, { ...input, state: "refused" }, context.clock);
      await forgetAsked(tx, input);
      await noteDecided(tx, { ...input, what: "refused" });
    },
  });
}

/** Locks a send that waits. @throws EngineRefusal send_not_found, approval_over */
async function lockAsk(context: EngineContext, tx: Parameters<typeof lockSend>[0], of: Omit<OfSend, "actor">): Promise<Ask> {
  const send = await lockSend(tx, of, context);
  const ask = await readAsk(tx, of, context.clock);
  if (!ask) throw new EngineRefusal("approval_over", "This send needs no approval.");
  if (ask.state !== "asked" || isSendOver(send.state)) throw decided(ask);
  return ask;
}

function decided({ state, decidedByName }: Pick<Ask, "state" | "decidedByName">): EngineRefusal {
  const who = decidedByName ?? "Somebody";
  const what = state === "approved" ? "approved" : state === "refused" ? "refused" : "withdrawn";
  return new EngineRefusal(
    "approval_over",
    state === "withdrawn" ? `This send was withdrawn by ${who}.` : `${who} has ${what} this send already.`,
  );
}

function outdated({ returnedBecause, contactsBefore, contacts }: Ask): EngineRefusal {
  const why = returnedBecause ? ` ${returnWords(returnedBecause, { before: contactsBefore ?? contacts, now: contacts })}` : "";
  return new EngineRefusal("approval_outdated", `This send is not the one that you looked at.${why} Look at it again before you decide.`);
}
