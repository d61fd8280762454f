import type { OperatorRules } from "../../provider-definition.ts";
import type { ProviderMailbox } from "../../provider-server.ts";
import { mailHostRules } from "../mail-host.ts";
import { type ImapOptions, imapMailbox } from "../mailbox/imap-mailbox.ts";
import type { SmtpSettings, smtp } from "./settings.ts";

/** How the mailbox of the settings is reached; undefined where they name none. */
export function mailboxOptions({
  settings: { mailbox },
  secrets: { mailboxPassword },
  rules,
}: {
  settings: SmtpSettings;
  secrets: { mailboxPassword?: string | undefined };
  rules: OperatorRules;
}): ImapOptions | undefined {
  return mailbox && { settings: mailbox, password: mailboxPassword ?? "", rules: mailHostRules(rules) };
}

export const smtpMailbox: ProviderMailbox<typeof smtp> = {
  open(given) {
    const options = mailboxOptions(given);
    return options && imapMailbox(options);
  },
};
