import type { DeliveryReport, RefusedReport } from "./inbound-events.ts";

/** How far a mailbox was read. The server numbers its mail upwards, and says by `uidValidity` when it has numbered it anew (RFC 3501, 2.3.1.1). */
export interface MailboxPosition {
  uidValidity: string;
  uid: number;
  /** When nothing more was left to read. */
  readAt: Date;
  /** After it was numbered anew: what has a number below `to` and came before `since` had been read already. */
  anew?: { to: number; since: Date } | undefined;
}

/** A mail as it came in. Anybody can write to the mailbox, so nothing in it is true until it was compared with what we sent. */
export interface IncomingMail {
  /** Its Message-ID, or what stands for one: the same mail has the same, however often it is read. */
  id: string;
  /** Lower case, the domain in ASCII; as it was written where nothing can be sent to it; null where it says none. */
  from: string | null;
  /** The receiver that it names. */
  to: string | null;
  subject: string;
  /** The words of the person, without what they quote. */
  text: string;
  files: number;
  /** A machine wrote it for somebody, such as an out-of-office note. */
  isAutomatic: boolean;
  /** It went to many, such as a newsletter. */
  isForMany: boolean;
  /** Written by us, as it says: our id of it. */
  ownId: string | null;
  /** Our ids of the messages that it answers, as it says; the one that it answers first. */
  answers: string[];
  /** When it was written, as it says. */
  writtenAt: Date | null;
  /** A report of a mail server. One that tells nothing about a message of ours has no events. */
  report?: MailReport[] | undefined;
}

/** A report on a message of ours, named by our id of it. */
export type MailReport = Omit<DeliveryReport, "providerMessageId"> | Omit<RefusedReport, "providerMessageId">;

/** Some mails, and how far the mailbox was read with them. */
export interface MailboxBatch {
  position: MailboxPosition;
  mails: IncomingMail[];
  /** Mails that no program could make sense of. */
  unreadable: number;
}

export interface MailboxPass {
  signal: AbortSignal;
  now: Date;
}

/** The mailbox of one account, in which reports and answers arrive. It is read and never changed. */
export interface Mailbox {
  /** The same for the same folder of the same account. It tells neither. */
  id: string;
  /**
   * Reads the mail behind the position, oldest first. Without a position it tells where the mailbox ends now: what lay in it before is not for us.
   * It ends after some mails, also where there are more.
   * @throws MailboxFailure
   */
  read(after: MailboxPosition | null, pass: MailboxPass): AsyncGenerator<MailboxBatch, { isAll: boolean }>;
}

/** Why a mailbox cannot be read. The message says who must do what. */
export class MailboxFailure extends Error {
  override name = "MailboxFailure";
  readonly code: MailboxFailureCode;
  constructor(code: MailboxFailureCode, message: string) {
    super(message);
    this.code = code;
  }
}
export type MailboxFailureCode = "sign_in" | "folder" | "host" | "unreachable" | "broke_off";
