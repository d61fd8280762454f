import { createHash } from "node:crypto";
import type { Mailbox, MailboxBatch, MailboxFailure, MailboxPass, MailboxPosition } from "../../mailbox.ts";
import { type ImapOptions, type ImapSession, openImap } from "./imap-session.ts";
import { parseMail } from "./parse-mail.ts";

export type { ImapOptions } from "./imap-session.ts";

/** What is larger is not read beyond its head. */
const longestMail = 1024 * 1024;
const longestHead = 64 * 1024;
/** One pass ends after so much; the rest is read in the next one, so that no mailbox keeps the others waiting. */
const mostMails = 200;
const mostBytes = 16 * 1024 * 1024;
/** Mails that are handed over together. What was handed over is not read again after a crash. */
const batchSize = 20;
const day = 86_400_000;

/** A folder of an IMAP server, which is read and never changed. */
export const imapMailbox = (options: ImapOptions): Mailbox => ({
  id: idOf(options),
  async *read(after, pass) {
    const session = await openImap(options, pass.signal);
    try {
      return yield* readSession(session, after, pass);
    } finally {
      await session.close();
    }
  },
});

/** Signs in and opens the folder. Returns why it cannot be read, in words; undefined if it can. */
export async function checkMailbox(options: ImapOptions, signal: AbortSignal): Promise<string | undefined> {
  try {
    await (await openImap(options, signal)).close();
    return undefined;
  } catch (error) {
    return (error as MailboxFailure).message;
  }
}

function idOf({ settings: { host, port, username, folder } }: ImapOptions): string {
  return createHash("sha256").update([host.toLowerCase(), port, username, folder].join("\n")).digest("hex");
}

async function* readSession(
  session: ImapSession,
  after: MailboxPosition | null,
  { now }: MailboxPass,
): AsyncGenerator<MailboxBatch, { isAll: boolean }> {
  const { uidValidity, uidNext } = session;
  if (after === null) {
    yield { position: { uidValidity, uid: uidNext - 1, readAt: now }, mails: [], unreadable: 0 };
    return { isAll: true };
  }
  const start = after.uidValidity === uidValidity ? after : numberedAnew(after, session);
  const { anew } = start;
  const uids = await session.list({ from: start.uid + 1, ...(anew && { to: anew.to - 1, since: anew.since }) });
  const taken = uids.slice(0, mostMails);
  const sizes = await session.sizes(taken);
  let bytes = 0;
  let position = start;
  for (let at = 0; at < taken.length; at += batchSize) {
    const batch: MailboxBatch = { position, mails: [], unreadable: 0 };
    for (const uid of taken.slice(at, at + batchSize)) {
      position = { ...start, uid };
      bytes += await readOne(session, { uid, ...sizes.get(uid), anew }, batch);
    }
    yield { ...batch, position };
    if (bytes > mostBytes && at + batchSize < uids.length) return { isAll: false };
  }
  if (taken.length < uids.length) return { isAll: false };
  // What is numbered from here on came after it was numbered anew.
  const end = anew ? Math.max(position.uid, anew.to - 1) : position.uid;
  yield { position: { uidValidity, uid: end, readAt: now }, mails: [], unreadable: 0 };
  return { isAll: anew === undefined };
}

/** Numbers of another UIDVALIDITY say nothing about these. What came long before the last time it was read had been read by then. */
const numberedAnew = (after: MailboxPosition, { uidValidity, uidNext }: ImapSession): MailboxPosition => ({
  uidValidity,
  uid: 0,
  readAt: after.readAt,
  anew: { to: uidNext, since: new Date((after.anew?.since ?? after.readAt).getTime() - (after.anew ? 0 : day)) },
});

/** Reads one mail into the batch. Returns how many bytes it took. */
async function readOne(
  session: ImapSession,
  { uid, size = 0, arrivedAt, anew }: { uid: number; size?: number; arrivedAt?: Date | undefined; anew: MailboxPosition["anew"] },
  batch: MailboxBatch,
): Promise<number> {
  if (anew && arrivedAt && arrivedAt < anew.since) return 0;
  const isWhole = size <= longestMail;
  const source = await session.source(uid, isWhole ? longestMail : longestHead);
  if (source === undefined) return 0;
  const mail = await parseMail(source, { isWhole: isWhole && (source.length < longestMail || source.length === size) });
  if (!mail) batch.unreadable += 1;
  // A mailbox that was copied to another server may say that all of its mail came just now.
  else if (!(anew && mail.writtenAt && mail.writtenAt.getTime() < anew.since.getTime() - 3 * day)) batch.mails.push(mail);
  return source.length;
}
