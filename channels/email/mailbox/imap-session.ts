import { isIP } from "node:net";
import { ImapFlow } from "imapflow";
import { bareHost, type LookUp } from "../../host-look-up.ts";
import { imapUse, type MailHostRules, resolveMailHost } from "../mail-host.ts";
import { toMailboxFailure } from "./imap-failure.ts";
import type { MailboxSettings } from "./settings.ts";

export interface ImapOptions {
  settings: MailboxSettings;
  password: string;
  rules: MailHostRules;
  /** Milliseconds until the server answers, and of its silence after which the connection is given up. */
  timeouts?: { connect: number; idle: number };
  /** A certificate authority to trust besides the public ones (PEM). */
  ca?: string;
  lookUp?: LookUp;
}

/** A folder that is open for reading only: nothing in it changes, not even what counts as read. */
export interface ImapSession {
  uidValidity: string;
  /** The number that the next mail to come will have. */
  uidNext: number;
  /** The numbers of the mails of a range, upwards; of those that came on this day or later, where one is given. */
  list(range: { from: number; to?: number; since?: Date | undefined }): Promise<number[]>;
  sizes(uids: readonly number[]): Promise<Map<number, { size: number; arrivedAt: Date | undefined }>>;
  /** Undefined where it is gone meanwhile. */
  source(uid: number, longest: number): Promise<Buffer | undefined>;
  close(): Promise<void>;
}

const patience = { connect: 15_000, idle: 30_000 };
/** No mail is asked for beyond 1 MiB, and a list of numbers is far smaller. */
const mostBytes = 8 * 1024 * 1024;

/** @throws MailboxFailure */
export async function openImap(options: ImapOptions, signal: AbortSignal): Promise<ImapSession> {
  const { settings, rules, lookUp } = options;
  const addresses = await resolveMailHost(settings, imapUse, rules, lookUp).catch((error: unknown) => {
    throw toMailboxFailure(error, "connect");
  });
  let failed: unknown = new Error("The host has no address");
  // The connection goes to an address that was checked, and the name is not looked up again.
  for (const { address } of addresses.slice(0, 2)) {
    const client = newClient(options, address);
    const giveUp = () => client.close();
    signal.addEventListener("abort", giveUp, { once: true });
    try {
      if (signal.aborted) break;
      await client.connect();
    } catch (error) {
      failed = error;
      client.close();
      signal.removeEventListener("abort", giveUp);
      if ((error as { authenticationFailed?: boolean }).authenticationFailed) break;
      continue;
    }
    return await openFolder(client, settings.folder, () => signal.removeEventListener("abort", giveUp));
  }
  throw toMailboxFailure(failed, "connect");
}

function newClient({ settings, password, timeouts = patience, ca }: ImapOptions, address: string): ImapFlow {
  const host = bareHost(settings.host);
  const client = new ImapFlow({
    host: address,
    port: settings.port,
    secure: settings.security === "tls",
    doSTARTTLS: settings.security === "starttls",
    ...(isIP(host) === 0 && { servername: host }),
    auth: { user: settings.username, pass: password },
    tls: { minVersion: "TLSv1.2", ...(ca && { ca }) },
    logger: false,
    clientInfo: { name: "Sluice" },
    disableAutoIdle: true,
    // A small answer could become a large one.
    disableCompression: true,
    connectionTimeout: timeouts.connect,
    greetingTimeout: timeouts.connect,
    socketTimeout: timeouts.idle,
    maxLiteralSize: mostBytes,
    maxLineLength: mostBytes,
    maxResponseSize: 2 * mostBytes,
  });
  // Without a listener an error of the connection would end the process. What waits for an answer learns of it by itself.
  client.on("error", () => {});
  return client;
}

async function openFolder(client: ImapFlow, folder: string, forget: () => void): Promise<ImapSession> {
  const during = async <T>(stage: "open" | "read", act: () => Promise<T>): Promise<T> => {
    try {
      return await act();
    } catch (error) {
      client.close();
      forget();
      throw toMailboxFailure(error, stage);
    }
  };
  const { uidValidity, uidNext } = await during("open", async () => {
    const box = await client.mailboxOpen(folder, { readOnly: true });
    // A server need not say this when it opens a folder.
    const next = box.uidNext || ((await client.status(folder, { uidNext: true })) || undefined)?.uidNext;
    if (!box.uidValidity || !next) throw new Error("The server numbers its mail by no rule that can be followed");
    return { uidValidity: String(box.uidValidity), uidNext: next };
  });
  return {
    uidValidity,
    uidNext,
    list: ({ from, to, since }) =>
      during("read", async () => {
        const found = await client.search({ uid: `${from}:${to ?? "*"}`, ...(since && { since }) }, { uid: true });
        // "n:*" names the last mail also where its number is below n.
        return (found || []).filter((uid) => uid >= from && (to === undefined || uid <= to)).sort((a, b) => a - b);
      }),
    sizes: (uids) =>
      during("read", async () => {
        if (uids.length === 0) return new Map();
        const all = await client.fetchAll(uids.join(","), { uid: true, size: true, internalDate: true }, { uid: true });
        return new Map(all.map(({ uid, size = 0, internalDate }) => [uid, { size, arrivedAt: dateOf(internalDate) }]));
      }),
    source: (uid, longest) =>
      during("read", async () => {
        const one = await client.fetchOne(String(uid), { uid: true, source: { start: 0, maxLength: longest } }, { uid: true });
        return one ? one.source : undefined;
      }),
    async close() {
      forget();
      // A server that hangs is not waited for.
      const timer = setTimeout(() => client.close(), 2_000);
      await client.logout().catch(() => {});
      clearTimeout(timer);
      client.close();
    },
  };
}

function dateOf(given: Date | string | undefined): Date | undefined {
  const date = given === undefined ? undefined : new Date(given);
  return date && !Number.isNaN(date.getTime()) ? date : undefined;
}
