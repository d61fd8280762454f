import { Grid } from "@chakra-ui/react";
import { NumberField } from "#ui/fields/number-field.tsx";
import { SecretField } from "#ui/fields/secret-field.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import type { ProviderFieldsProps, ProviderForm } from "../../provider-form.tsx";
import { MailboxFields, type MailboxValues, mailboxInput, mailboxPaths, mailboxValues } from "../mailbox/mailbox-fields.tsx";
import { SenderFields, type SenderValues, senderPaths, senderValues } from "../sender-fields.tsx";
import { SmtpSettings } from "./settings.ts";

interface SmtpValues extends SenderValues {
  host: string;
  port: number | null;
  security: SmtpSettings["security"];
  username: string;
  /** Null keeps the stored password. */
  password: string | null;
  dkimSelector: string;
  /** Null: no mailbox is read. */
  mailbox: MailboxValues | null;
  /** Null keeps the stored one. */
  mailboxPassword: string | null;
}

const securities = [
  { value: "starttls", label: "STARTTLS (usually port 587)" },
  { value: "tls", label: "TLS from the start (usually port 465)" },
  { value: "none", label: "None (only a server on this machine)" },
] as const;
/** A change of the encryption also changes the port, unless somebody chose a port of their own. */
const usualPort = { starttls: 587, tls: 465, none: 25 } as const;

export const smtpForm: ProviderForm<SmtpValues> = {
  initial: (settings, { hasSecret }) => {
    const stored = SmtpSettings.safeParse(settings).data;
    return {
      host: stored?.host ?? "",
      port: stored?.port ?? 587,
      security: stored?.security ?? "starttls",
      username: stored?.username ?? "",
      dkimSelector: stored?.dkimSelector ?? "",
      // The password of a mailbox may be the only one that is stored.
      password: hasSecret && (stored?.username || !stored?.mailbox) ? null : "",
      mailbox: stored?.mailbox ? mailboxValues(stored.mailbox) : null,
      mailboxPassword: hasSecret && stored?.mailbox ? null : "",
      ...senderValues(stored),
    };
  },
  toInput: ({ password, username, replyTo, dkimSelector, mailbox, mailboxPassword, ...settings }) => ({
    settings: {
      ...settings,
      ...(username && { username }),
      ...(replyTo && { replyTo }),
      ...(dkimSelector && { dkimSelector }),
      ...(mailbox && { mailbox: mailboxInput(mailbox) }),
    },
    ...(password !== null && { password }),
    ...(mailbox && mailboxPassword !== null && { mailboxPassword }),
  }),
  Fields: SmtpFields,
  shownAt: [
    ...["host", "port", "security", "username", "dkimSelector"].map((name) => `settings.${name}`),
    ...senderPaths,
    ...mailboxPaths,
    "password",
  ],
  words: { use: "Send e-mail through this server", save: "Save mail server" },
};

function SmtpFields({ values, set, problem }: ProviderFieldsProps<SmtpValues>) {
  return (
    <>
      <Grid templateColumns={{ base: "1fr", md: "1fr 7rem" }} gap="4">
        <TextField
          label="Server"
          placeholder="smtp.example.com"
          mono
          autoComplete="off"
          value={values.host}
          onChange={(host) => set("host", host)}
          error={problem("settings.host")}
        />
        <NumberField
          label="Port"
          min={1}
          max={65535}
          width="full"
          value={values.port}
          onChange={(port) => set("port", port)}
          error={problem("settings.port")}
        />
      </Grid>
      <SelectField
        label="Encryption"
        options={securities}
        value={values.security}
        onChange={(security) => {
          if (values.port === usualPort[values.security]) set("port", usualPort[security]);
          set("security", security);
        }}
        error={problem("settings.security")}
      />
      <Grid templateColumns={{ base: "1fr", md: "1fr 1fr" }} gap="4">
        <TextField
          label="User name"
          required={false}
          autoComplete="off"
          value={values.username}
          onChange={(username) => set("username", username)}
          error={problem("settings.username")}
        />
        <SecretField
          label="Password"
          required={false}
          help="Kept encrypted on the server and never shown again."
          value={values.password}
          onChange={(password) => set("password", password)}
          error={problem("password")}
        />
      </Grid>
      <SenderFields values={values} set={set} problem={problem} />
      <TextField
        label="DKIM selector"
        required={false}
        placeholder="selector1"
        mono
        autoComplete="off"
        help="Where the key stands in DNS with which the server signs. The check of the sending domain looks there."
        value={values.dkimSelector}
        onChange={(selector) => set("dkimSelector", selector)}
        error={problem("settings.dkimSelector")}
      />
      <MailboxFields
        value={values.mailbox}
        password={values.mailboxPassword}
        suggested={values}
        onChange={(mailbox) => set("mailbox", mailbox)}
        onPassword={(password) => set("mailboxPassword", password)}
        problem={problem}
      />
    </>
  );
}
