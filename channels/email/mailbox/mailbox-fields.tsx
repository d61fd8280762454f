import { Grid, Stack } from "@chakra-ui/react";
import { Checkbox } from "#ui/fields/checkbox.tsx";
import { NumberField } from "#ui/fields/number-field.tsx";
import { SecretField } from "#ui/fields/secret-field.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import type { MailboxSettings } from "./settings.ts";

export interface MailboxValues {
  host: string;
  port: number | null;
  security: MailboxSettings["security"];
  username: string;
  folder: string;
}

export const mailboxValues = ({ host, port, security, username, folder }: MailboxSettings): MailboxValues => ({
  ...{ host, port, security, username, folder },
});

/** The settings of the request. An empty folder is the usual one. */
export const mailboxInput = ({ folder, ...values }: MailboxValues) => ({ ...values, ...(folder.trim() !== "" && { folder }) });

export const mailboxPaths = [
  ...["host", "port", "security", "username", "folder"].map((name) => `settings.mailbox.${name}`),
  "settings.mailbox",
  "mailboxPassword",
];

const securities = [
  { value: "tls", label: "TLS from the start (usually port 993)" },
  { value: "starttls", label: "STARTTLS (usually port 143)" },
  { value: "none", label: "None (only a server on this machine)" },
] as const;
const usualPort = { tls: 993, starttls: 143, none: 143 } as const;

interface MailboxFieldsProps {
  /** Null: no mailbox is read. */
  value: MailboxValues | null;
  /** Null keeps the stored one. */
  password: string | null;
  /** The settings of the sending server that a mailbox often shares with it. */
  suggested: { host: string; username: string; fromAddress: string; replyTo: string };
  onChange: (value: MailboxValues | null) => void;
  onPassword: (password: string) => void;
  problem: (path: string) => string | undefined;
}

/** Where the delivery reports and the answers of an SMTP server arrive. */
export function MailboxFields({ value, password, suggested, onChange, onPassword, problem }: MailboxFieldsProps) {
  const set = <Name extends keyof MailboxValues>(name: Name, next: MailboxValues[Name]) => value && onChange({ ...value, [name]: next });
  const at = (name: keyof MailboxValues) => problem(`settings.mailbox.${name}`);
  return (
    <Stack gap="4">
      <Checkbox
        label="Read bounces and answers from a mailbox (IMAP)"
        help="Addresses that do not exist are closed, complaints are counted, and answers come into the inbox and go on with flows. The mailbox itself is never changed."
        checked={value !== null}
        onChange={(on) => onChange(on ? firstValues(suggested) : null)}
      />
      {value && (
        <>
          <Grid templateColumns={{ base: "1fr", md: "1fr 7rem" }} gap="4">
            <TextField
              label="Mailbox server"
              placeholder="imap.example.com"
              mono
              autoComplete="off"
              value={value.host}
              onChange={(host) => set("host", host)}
              error={at("host") ?? problem("settings.mailbox")}
            />
            <NumberField
              label="Mailbox port"
              min={1}
              max={65535}
              width="full"
              value={value.port}
              onChange={(port) => set("port", port)}
              error={at("port")}
            />
          </Grid>
          <SelectField
            label="Mailbox encryption"
            options={securities}
            value={value.security}
            onChange={(security) =>
              onChange({ ...value, security, port: value.port === usualPort[value.security] ? usualPort[security] : value.port })
            }
            error={at("security")}
          />
          <Grid templateColumns={{ base: "1fr", md: "1fr 1fr" }} gap="4">
            <TextField
              label="Mailbox user name"
              autoComplete="off"
              value={value.username}
              onChange={(username) => set("username", username)}
              error={at("username")}
            />
            <SecretField
              label="Mailbox password"
              help="Kept encrypted on the server and never shown again. Many mail providers ask for an app password."
              value={password}
              onChange={onPassword}
              error={problem("mailboxPassword")}
            />
          </Grid>
          <TextField
            label="Folder"
            required={false}
            help="The one to which mail for the sender comes; usually INBOX. What is in it before is not read."
            value={value.folder}
            onChange={(folder) => set("folder", folder)}
            error={at("folder")}
          />
        </>
      )}
    </Stack>
  );
}

function firstValues({ host, username, fromAddress, replyTo }: MailboxFieldsProps["suggested"]): MailboxValues {
  return {
    host: host.replace(/^smtp\./i, "imap."),
    port: usualPort.tls,
    security: "tls",
    username: username || replyTo || fromAddress,
    folder: "INBOX",
  };
}
