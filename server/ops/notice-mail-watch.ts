import { repeat } from "#engine/drivers/repeat.ts";
import { mailNotices, type NoticeMail } from "../commands/mail-notices.ts";

const everyMs = 30_000;

/** Looks twice a minute whether notices are to be sent by e-mail. Every worker does; each notice is taken by one of them. */
export const startNoticeMail = (mail: NoticeMail): { stop(): Promise<void> } =>
  repeat("notice mail", everyMs, async () => void (await mailNotices(mail)), mail.log);
