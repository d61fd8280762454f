import type { Logger } from "pino";
import type { Notice } from "#contract/notices.ts";
import type { Db } from "#db/client.ts";
import { type NoticeToMail, takeNoticesToMail } from "#db/queries/notices.ts";
import { listPeople } from "#db/queries/people.ts";
import { consumeAttempt } from "#db/queries/rate-limits.ts";
import type { Engine } from "#engine/engine-api.ts";
import type { ProviderDirectory } from "../compose/provider-directory.ts";
import { sendTestMessage } from "./send-test-message.ts";

export interface NoticeMail {
  ownerDb: Db;
  providers: Pick<ProviderDirectory, "providerFor">;
  engine: Pick<Engine, "judgeAddress">;
  log: Logger;
  /** The address that people open; empty where it is not known. */
  publicUrl: string;
}

/** Milliseconds for the notices of a workspace in one round. A mail server that hardly answers keeps no other workspace waiting. */
const longestMs = 20_000;
/** Notice mails of a workspace to one person within an hour. More say nothing more, and the notices themselves are in the app. */
const mostAnHour = 20;

/**
 * Sends new notices to the members who want them by e-mail, through the e-mail channel of their workspace. The text says what kind of
 * thing happened and where to look; it names no contact and no flow. A mail that cannot leave is not tried again: the notice itself
 * waits in the app.
 *
 * @returns how many mails left
 */
export async function mailNotices(mail: NoticeMail): Promise<number> {
  const taken = await takeNoticesToMail(mail.ownerDb);
  const ofEach = [...Map.groupBy(taken, ({ workspaceId }) => workspaceId).values()];
  const left = await Promise.all(ofEach.map((notices) => mailOfWorkspace(mail, notices)));
  return left.reduce((all, one) => all + one, 0);
}

async function mailOfWorkspace(
  { ownerDb, providers, engine, log, publicUrl }: NoticeMail,
  notices: readonly NoticeToMail[],
): Promise<number> {
  const begun = performance.now();
  let left = 0;
  for (const notice of notices) {
    const { workspaceId, userIds } = notice;
    const people = await listPeople(ownerDb, userIds);
    for (const [userId, { email: to }] of people) {
      if (performance.now() - begun > longestMs) {
        log.warn({ workspaceId }, "the mail server of a workspace takes too long, so the rest of its notices were not sent by e-mail");
        return left;
      }
      try {
        if ((await engine.judgeAddress({ workspaceId, channel: "email", to })) !== null) continue;
        const key = `notice-mail ${workspaceId} ${userId}`;
        if (!(await consumeAttempt(ownerDb, { key, window: 3_600, max: mostAnHour })).allowed) continue;
        const provider = await providers.providerFor(workspaceId, "email");
        await sendTestMessage(ownerDb, provider, { workspaceId, channel: "email", to, ...textOf(notice, publicUrl) });
        left += 1;
      } catch (error) {
        log.warn({ workspaceId, notice: notice.id, reason: (error as { code?: string }).code }, "a notice could not be sent by e-mail");
      }
    }
  }
  return left;
}

const subjects: Record<Notice["kind"], string> = {
  provider_down: "A channel cannot send at the moment",
  mail_guard: "Too many e-mails bounce or are reported as spam",
  send_errors: "A send has finished with errors",
  maybe_stop: "A contact may have asked for no more messages",
};
const advice: Record<Notice["kind"], string> = {
  provider_down: "Nothing is lost: messages wait, and the channel tries again by itself. If it goes on, check the channel in Settings.",
  mail_guard: "Write only to people who asked for it, and take out lists that are old or bought.",
  send_errors: "The page of the send says who was not reached and why, and can try again.",
  maybe_stop: "Marketing to that number has stopped until somebody has read what was written.",
};

function textOf({ kind, channel, detail, workspaceName }: NoticeToMail, publicUrl: string): { subject: string; text: string } {
  const name = workspaceName.replaceAll(/\s+/g, " ");
  const which = kind === "provider_down" && channel ? ` (${channel === "sms" ? "SMS" : "e-mail"})` : "";
  const paused = kind === "mail_guard" && detail === "pause" ? " Sends of marketing e-mail were paused." : "";
  const where = publicUrl ? `\n\nSee ${publicUrl}/notices` : "";
  const why = "You get this because you asked for notices by e-mail; the page of the notices has a switch that ends it.";
  return {
    subject: `${subjects[kind]}: ${name}`.slice(0, 200),
    text: `${subjects[kind]}${which}, in the workspace ${name}.${paused}\n\n${advice[kind]}${where}\n\n${why}`,
  };
}
