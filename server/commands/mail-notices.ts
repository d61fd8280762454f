import type { Logger } from "pino";
import { noticeWords } from "#contract/notice-words.ts";
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
  /** Milliseconds that have passed, since whenever. */
  elapsed?: () => number;
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
  { ownerDb, providers, engine, log, publicUrl, elapsed = () => performance.now() }: NoticeMail,
  notices: readonly NoticeToMail[],
): Promise<number> {
  const begun = elapsed();
  let left = 0;
  for (const notice of notices) {
    const { workspaceId, userIds } = notice;
    const people = await listPeople(ownerDb, userIds);
    for (const [userId, { email: to }] of people) {
      if (elapsed() - begun > longestMs) {
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

function textOf({ workspaceName, ...notice }: NoticeToMail, publicUrl: string): { subject: string; text: string } {
  const { title, advice } = noticeWords(notice);
  const name = workspaceName.replaceAll(/\s+/g, " ");
  const where = publicUrl ? `\n\nSee ${publicUrl}/notices` : "";
  const why = "You get this because you asked for notices by e-mail; the page of the notices has a switch that ends it.";
  return {
    subject: `${title}: ${name}`.slice(0, 200),
    text: `${title}, in the workspace ${name}.\n\n${advice}${where}\n\n${why}`,
  };
}
