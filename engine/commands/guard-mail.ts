import { isSendOver } from "#contract/sends.ts";
import type { EngineContext } from "../engine-context.ts";
import { lockSend } from "./control-send.ts";
import { writeState } from "./control-send-rows.ts";
import { findSendsToGuard, type MailHealth, markGuarded, readMailHealth, saveMailGuards } from "./mail-guard-rows.ts";

/**
 * Mailbox providers stop to take the mail of a sender at about 5 % bounces or 0.3 % complaints, and remember it for months. These limits
 * are below that: at the first a workspace is warned, at the second its marketing is paused. Few messages say nothing.
 */
export const mailLimits = {
  warn: { bounceRate: 0.02, complaintRate: 0.0005 },
  pause: { bounceRate: 0.04, complaintRate: 0.001 },
  leastSent: 200,
} as const;

/** How bad the numbers are; null where they are not. */
export function judgeMail({ sent, bounced, complained }: Omit<MailHealth, "workspaceId">): "warn" | "pause" | null {
  if (sent < mailLimits.leastSent) return null;
  const isOver = ({ bounceRate, complaintRate }: { bounceRate: number; complaintRate: number }) =>
    bounced / sent >= bounceRate || complained / sent >= complaintRate;
  return isOver(mailLimits.pause) ? "pause" : isOver(mailLimits.warn) ? "warn" : null;
}

const actor = { id: null, name: "Guard rail for e-mail" };

/**
 * Looks at the e-mail of the last seven days of every workspace, and pauses sends of marketing e-mail where it does harm. Each send is
 * paused once: a person who resumes it has decided. Nothing is lost, and other kinds of messages of other sends go on.
 *
 * @returns how many sends were paused
 */
export async function guardMail(context: EngineContext): Promise<number> {
  const { db, clock, log } = context;
  const all = await readMailHealth(db, mailLimits.warn);
  const bad = all.flatMap((health) => {
    const level = judgeMail(health);
    return level === null ? [] : [{ ...health, level }];
  });
  await saveMailGuards(db, bad);
  let paused = 0;
  for (const { workspaceId, level } of bad) {
    if (level !== "pause") continue;
    for (const sendId of await findSendsToGuard(db, workspaceId)) {
      const isPaused = await db.transaction().execute(async (tx) => {
        const send = await lockSend(tx, { workspaceId, sendId }, context);
        if (
          isSendOver(send.state) ||
          send.state === "paused" ||
          send.state === "awaiting_approval" ||
          !(await markGuarded(tx, { workspaceId, sendId }))
        )
          return false;
        await writeState(tx, { workspaceId, sendId, actor }, "paused", clock);
        return true;
      });
      if (!isPaused) continue;
      paused += 1;
      log.warn({ workspaceId, sendId }, "a send was paused, because too many of its workspace's e-mails bounce or are reported as spam");
    }
  }
  return paused;
}
