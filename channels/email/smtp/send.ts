import { isSendableEmail } from "#contract/email-address.ts";
import { isLoopback } from "#contract/loopback.ts";
import type { OutgoingMessage, Provider, SendResult } from "../../channel.ts";
import { HostRefused, type LookUp } from "../../host-look-up.ts";
import type { ProviderSend } from "../../provider-server.ts";
import { imapUse, type MailHostRules, mailHostProblems, mailHostRules, resolveMailHost, smtpUse } from "../mail-host.ts";
import { checkMailbox, type ImapOptions } from "../mailbox/imap-mailbox.ts";
import { openSession, SmtpFailure, type SmtpTimeouts } from "./connection.ts";
import { mailboxOptions } from "./mailbox.ts";
import { type ComposedMail, composeMail } from "./message.ts";
import { createSmtpPool } from "./pool.ts";
import { toSendResult } from "./result.ts";
import type { SmtpSettings, smtp } from "./settings.ts";

export interface SmtpOptions {
  settings: SmtpSettings;
  password?: string;
  rules: MailHostRules;
  /** The mailbox that the settings name; looked into when the settings are checked. */
  mailbox?: ImapOptions | undefined;
  connections?: number;
  timeouts?: SmtpTimeouts;
  /** A certificate authority to trust besides the public ones (PEM). */
  ca?: string;
  lookUp?: LookUp;
}

/** Sends e-mail through the SMTP server that a workspace set up. */
export function smtpProvider({
  settings,
  password,
  rules,
  mailbox,
  ca,
  lookUp,
  connections = 8,
  timeouts = patience,
}: SmtpOptions): Provider {
  const open = async (signal: AbortSignal) => {
    const addresses = await resolveMailHost(settings, smtpUse, rules, lookUp).catch((error: Error) => {
      throw error instanceof HostRefused ? error : new SmtpFailure("connect", false, error);
    });
    return openSession({ settings, password, addresses, timeouts, ca }, signal);
  };
  const pool = createSmtpPool({
    open,
    connections,
    messagesPerConnection: 100,
    rest: 20_000,
  });

  async function deliver(mail: ComposedMail, signal: AbortSignal): Promise<void> {
    const failure = await attempt(mail, signal);
    // Servers close idle connections without notice. As long as nothing of the message was sent, one more attempt on a new
    // connection is safe. If that fails too, the failure is reported.
    if (failure?.reused && !failure.error.handedOver && failure.error.responseCode === undefined && !signal.aborted) {
      const again = await attempt(mail, signal);
      if (again) throw again.error;
    } else if (failure) {
      throw failure.error;
    }
  }

  function attempt(mail: ComposedMail, signal: AbortSignal): Promise<{ error: SmtpFailure; reused: boolean } | undefined> {
    return pool.withSession(signal, async (session, reused) => {
      try {
        await session.send(mail, signal);
        return undefined;
      } catch (error) {
        if (error instanceof SmtpFailure) return { error, reused };
        throw error;
      }
    });
  }

  return {
    name: "smtp",
    from: settings.fromName ? `${settings.fromName} <${settings.fromAddress}>` : settings.fromAddress,
    concurrency: connections,
    isOnThisMachine: isLoopback(settings.host),
    close: () => pool.close(),
    async check({ signal }) {
      try {
        const session = await open(signal);
        session.close();
        return mailbox && (await checkMailbox(mailbox, signal));
      } catch (error) {
        const result = toSendResult(error, "");
        return result.outcome === "accepted" ? undefined : result.message;
      }
    },
    async send(message: OutgoingMessage, { signal }): Promise<SendResult> {
      const { to } = message;
      if (!isSendableEmail(to))
        return { outcome: "rejected", reason: "bad_email", message: "The address cannot be used", retryable: false };
      try {
        const mail = await composeMail(message, to, settings);
        await deliver(mail, signal);
        return { outcome: "accepted", providerMessageId: mail.messageId };
      } catch (error) {
        return toSendResult(error, to);
      }
    },
  };
}

const patience: SmtpTimeouts = { connect: 10_000, idle: 60_000 };

export const smtpSend: ProviderSend<typeof smtp> = {
  problems: (settings, rules) => [
    ...mailHostProblems(settings, smtpUse, mailHostRules(rules)),
    ...(settings.mailbox ? mailHostProblems(settings.mailbox, imapUse, mailHostRules(rules)) : []),
  ],
  open: ({ settings, secrets, rules }) =>
    smtpProvider({
      settings,
      password: secrets.password,
      rules: mailHostRules(rules),
      mailbox: mailboxOptions({ settings, secrets, rules }),
    }),
};
