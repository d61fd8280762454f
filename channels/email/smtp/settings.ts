import { z } from "zod";
import type { Problem } from "#contract/api-errors.ts";
import { domainOf } from "#contract/sending-domain.ts";
import { defineProvider, type SecretChange } from "../../provider-definition.ts";
import { MailboxSettings, mailboxPasswordProblems, mailboxSecrets } from "../mailbox/settings.ts";

export const SmtpSettings = z.strictObject({
  host: z.string().trim().min(1).max(253),
  port: z.number().int().min(1).max(65535),
  /** `tls`: encrypted from the first byte (465). `starttls`: must be upgraded. `none`: only for loopback hosts. */
  security: z.enum(["tls", "starttls", "none"]),
  username: z.string().trim().max(254).optional(),
  fromName: z.string().trim().max(100).default(""),
  fromAddress: z.email().max(254),
  replyTo: z.email().max(254).optional(),
  /** Where the key stands with which the server signs (DKIM): "<selector>._domainkey.<domain>". It is looked up, and never sent along. */
  dkimSelector: z
    .string()
    .trim()
    .max(63)
    .regex(/^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/i, "A selector is a short name, such as selector1")
    .optional(),
  /** Where delivery reports and answers arrive. Without it they are not read. */
  mailbox: MailboxSettings.optional(),
});
export type SmtpSettings = z.infer<typeof SmtpSettings>;

const SmtpSecrets = z.strictObject({ password: z.string().max(500).optional(), ...mailboxSecrets });
type SmtpSecrets = z.infer<typeof SmtpSecrets>;

/** A mail server of the workspace's own choice. */
export const smtp = defineProvider({
  label: "Mail server (SMTP)",
  description: "Real e-mail, through a server of yours.",
  staysHere: false,
  way: "your mail server",
  settings: SmtpSettings,
  secrets: SmtpSecrets,
  summary: ({ host, port }) => `${host}:${port}`,
  // The sender is also the address to which servers report.
  sendingDomain: ({ fromAddress, replyTo, dkimSelector }) => ({
    domain: domainOf(fromAddress),
    spf: { at: domainOf(fromAddress) },
    dkim: dkimSelector ? [dkimSelector] : [],
    keeper: "your mail provider",
    receives: [domainOf(fromAddress), ...(replyTo ? [domainOf(replyTo)] : [])],
  }),
  secretStoredAlone: "password",
  usesSecrets: ({ username, mailbox }) => [...(username ? ["password"] : []), ...(mailbox ? ["mailboxPassword"] : [])],
  secretProblems: (change) => [...passwordProblems(change), ...ofMailbox(change)],
});

/** The password goes with the user name. A stored one is kept for the same host and port only. */
function passwordProblems({ settings, secrets: { password }, stored }: SecretChange<SmtpSettings, SmtpSecrets>): Problem[] {
  if (!settings.username) {
    return password ? [{ path: "settings.username", message: "A password needs a user name to go with it" }] : [];
  }
  if (password === "" || (password === undefined && !stored.secrets.includes("password"))) {
    return [{ path: "password", message: "A user name needs its password; leave both out for a server that asks for neither" }];
  }
  // A stored password cannot be read. Sending it to a server of the caller's choice would be the same as reading it.
  const before = SmtpSettings.safeParse(stored.settings).data;
  if (password !== undefined || (before?.host === settings.host && before.port === settings.port)) return [];
  return [{ path: "password", message: "Enter the password again: it was stored for another server" }];
}

const ofMailbox = ({ settings: { mailbox }, secrets, stored }: SecretChange<SmtpSettings, SmtpSecrets>): Problem[] =>
  mailboxPasswordProblems({
    mailbox,
    password: secrets.mailboxPassword,
    hasStored: stored.secrets.includes("mailboxPassword"),
    before: SmtpSettings.safeParse(stored.settings).data?.mailbox,
  });
