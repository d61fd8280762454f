import type { Logger } from "pino";
import type { InboundEvent } from "#channels/inbound-events.ts";
import { type IncomingMail, type Mailbox, MailboxFailure } from "#channels/mailbox.ts";
import type { Db } from "#db/client.ts";
import { findOurs, moveMailbox, type Ours, settleMailbox, type TakenMailbox, takeDueMailbox } from "#db/queries/mailboxes.ts";
import { readFence } from "#db/queries/send-fence.ts";
import type { Engine } from "#engine/engine-api.ts";
import { isStopInSubject } from "#engine/inbound/keyword.ts";
import type { ProviderDirectory } from "../compose/provider-directory.ts";

export interface MailboxReading {
  ownerDb: Db;
  providers: Pick<ProviderDirectory, "mailboxOf">;
  engine: Pick<Engine, "takeInbound">;
  log: Logger;
  signal: AbortSignal;
}

/** Milliseconds. A mailbox is read once a minute; one that has more to read, at once. */
const usualWaitMs = 60_000;
const longestWaitMs = 3_600_000;
/** Asking again and again with a wrong password closes accounts. Saving the settings asks at once. */
const signInWaitMs = 1_800_000;
/** One that names no mailbox that could be read is looked at anew when its settings are saved. */
const uselessWaitMs = 3_600_000;
/** A process that has handed over nothing for so long has died. One pass takes at most as long. */
const leaseMs = 120_000;
const longestPassMs = 90_000;

/**
 * Reads the mailboxes that are due, one after the other. What was read is stored like the call of a provider, and then noted as read:
 * whoever dies between the two reads it again, and stores nothing twice.
 *
 *     due ──taken, for a while──▶ read in batches: stored ──▶ noted ──▶ let go, due again in a minute
 *                                   └─ cannot be read ──▶ let go with the reason, due again later and later
 *
 * A copy that may not send reads nothing: the mails wait in the mailbox.
 *
 * @returns how many mailboxes there were
 */
export async function readMailboxes(reading: MailboxReading): Promise<number> {
  let count = 0;
  while (!reading.signal.aborted) {
    if ((await readFence(reading.ownerDb)) !== null) return count;
    const taken = await takeDueMailbox(reading.ownerDb, { leaseMs });
    if (!taken) return count;
    await readTaken(reading, taken);
    count += 1;
  }
  return count;
}

async function readTaken(reading: MailboxReading, taken: TakenMailbox): Promise<void> {
  const { ownerDb, providers, log, signal } = reading;
  const { workspaceId, channel, failures } = taken;
  const named = await providers.mailboxOf(workspaceId, channel);
  if (!named) return settleMailbox(ownerDb, taken, { waitMs: uselessWaitMs });
  try {
    const { isAll } = await readOne(reading, taken, named);
    await settleMailbox(ownerDb, taken, { waitMs: isAll ? usualWaitMs : 0 });
  } catch (error) {
    // This process ends; another one goes on.
    if (signal.aborted) return settleMailbox(ownerDb, taken, { waitMs: 0 });
    if (!(error instanceof MailboxFailure)) log.error({ err: error, workspaceId }, "a mailbox could not be read");
    const { code, message } =
      error instanceof MailboxFailure ? error : { code: "internal", message: "An error in Sluice. The log has more." };
    const backOffMs = Math.min(usualWaitMs * 2 ** Math.min(failures, 10), longestWaitMs);
    // Not all at the same moment, where a server was away from many.
    const waitMs = (code === "sign_in" ? signInWaitMs : backOffMs) * (1 + Math.random() / 10);
    await settleMailbox(ownerDb, taken, { waitMs, problem: { code, text: message } });
  }
}

async function readOne(
  { ownerDb, engine, log, signal }: MailboxReading,
  taken: TakenMailbox,
  { provider, mailbox }: { provider: string; mailbox: Mailbox },
): Promise<{ isAll: boolean }> {
  const { workspaceId, channel } = taken;
  const position = taken.mailbox === mailbox.id ? taken.position : null;
  const batches = mailbox.read(position, { signal: AbortSignal.any([signal, AbortSignal.timeout(longestPassMs)]), now: new Date() });
  try {
    for (;;) {
      const next = await batches.next();
      if (next.done) return next.value;
      const { mails, unreadable, position: reached } = next.value;
      if (unreadable > 0) log.warn({ workspaceId, unreadable }, "mails in a mailbox could not be made sense of, and were passed over");
      const events = await eventsOf(ownerDb, taken, mails);
      if (events.length > 0) await engine.takeInbound({ workspaceId, channel, provider, events });
      const isMine = await moveMailbox(ownerDb, taken, { mailbox: mailbox.id, position: reached, taken: events.length, leaseMs });
      // Somebody else goes on from where they stand.
      if (!isMine) return { isAll: false };
    }
  } finally {
    // The connection is closed, also after an error.
    await batches.return({ isAll: false });
  }
}

/** What some mails tell the workspace: only what is about a message that it sent, or from a contact that it has. */
async function eventsOf(db: Db, { workspaceId, channel }: TakenMailbox, mails: readonly IncomingMail[]): Promise<InboundEvent[]> {
  if (mails.length === 0) return [];
  const messageIds = mails.flatMap(({ ownId, answers, report = [] }) => [
    ...(ownId === null ? [] : [ownId]),
    ...answers,
    ...report.flatMap(({ messageId }) => messageId ?? []),
  ]);
  const addresses = mails.flatMap(({ from }) => from ?? []);
  const ours = await findOurs(db, { workspaceId, channel, messageIds, addresses });
  return mails.flatMap((mail) => eventsOfMail(mail, ours));
}

function eventsOfMail(mail: IncomingMail, { messages, contacts }: Ours): InboundEvent[] {
  if (mail.report) {
    return mail.report.flatMap((report): InboundEvent[] => {
      const { messageId } = report;
      // Anybody can send a report. A sender who does not hold the message does not know its id.
      return messageId !== undefined && messages.has(messageId) ? [{ ...report, providerMessageId: messageId }] : [];
    });
  }
  // A message of ours that came back, by a copy or because it went to ourselves.
  if (mail.ownId !== null && messages.has(mail.ownId)) return [];
  const answers = mail.answers.find((id) => messages.get(id)?.hasContact);
  if (mail.from === null || (answers === undefined && (mail.isForMany || !contacts.has(mail.from)))) return [];
  return [
    {
      kind: "received",
      providerMessageId: mail.id,
      from: mail.from,
      to: mail.to ?? "",
      text: isStopInSubject(mail.subject) && mail.text !== mail.subject ? `${mail.subject}\n\n${mail.text}` : mail.text,
      files: mail.files,
      automatic: mail.isAutomatic || mail.isForMany,
      ...(answers !== undefined && { answers }),
    },
  ];
}
