import { z } from "zod";
import type { Problem } from "#contract/api-errors.ts";

/** The mailbox in which delivery reports and answers arrive. Its password stands with the secrets of the provider. */
export const MailboxSettings = z.strictObject({
  host: z.string().trim().min(1).max(253),
  port: z.number().int().min(1).max(65535),
  /** As for sending. */
  security: z.enum(["tls", "starttls", "none"]),
  username: z.string().trim().min(1).max(254),
  folder: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .regex(/^[^\p{Cc}*%]*$/u, "A folder has neither * nor % nor line breaks in its name")
    .default("INBOX"),
});
export type MailboxSettings = z.infer<typeof MailboxSettings>;

export const mailboxSecrets = { mailboxPassword: z.string().max(500).optional() };

/** The password goes with the mailbox. A stored one is kept for the same server and user only: whoever may change the server could read it there. */
export function mailboxPasswordProblems({
  mailbox,
  password,
  hasStored,
  before,
}: {
  mailbox: MailboxSettings | undefined;
  password: string | undefined;
  hasStored: boolean;
  before: MailboxSettings | undefined;
}): Problem[] {
  if (!mailbox) return password ? [{ path: "settings.mailbox", message: "A password of a mailbox needs the mailbox to go with it" }] : [];
  if (password === "" || (password === undefined && !hasStored))
    return [{ path: "mailboxPassword", message: "The password of the mailbox is needed" }];
  const isSame = before?.host === mailbox.host && before.port === mailbox.port && before.username === mailbox.username;
  if (password !== undefined || isSame) return [];
  return [{ path: "mailboxPassword", message: "Enter the password of the mailbox again: it was stored for another one" }];
}
