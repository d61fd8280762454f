import { createHash } from "node:crypto";
import { Readable, Transform } from "node:stream";
import { ZipFile } from "yazl";
import { reasons } from "#contract/reasons.ts";
import type { SendSkip } from "#contract/send-changes.ts";
import type { Send } from "#contract/sends.ts";
import type { Tx } from "#db/client.ts";
import { readApprovalEvidence } from "#db/queries/send-approval.ts";
import { type EnrolledLine, type MessageLine, pageOfEnrolled, pageOfMessages, readSendAct } from "#db/queries/send-evidence.ts";
import { findSend, listSendSkips } from "#db/queries/sends.ts";
import { isOver } from "../http/send-watch.ts";
import { type ShowAuthored, showTexts } from "./authored-links.ts";
import { csvPages } from "./csv-file.ts";

export interface EvidenceOf {
  workspaceId: string;
  sendId: string;
  /** Who takes it, as the file says. */
  takenBy: string;
  read: <T>(fn: (db: Tx) => Promise<T>) => Promise<T>;
  /** A text as members read it. */
  show: ShowAuthored;
  signal: AbortSignal;
}

/**
 * Everything that is on record about a send as one ZIP: JSON of how it was asked for, what it followed and what was foretold, CSV of everybody
 * who was selected and of every message, and `SHA256SUMS`, with which `sha256sum -c` finds whether a file was changed. Each page is a
 * short read of its own, so a send that is under way may move while the file is written; `send.json` says whether it was over.
 *
 * @returns undefined when there is no such send
 */
export async function packEvidence(of: EvidenceOf): Promise<Readable | undefined> {
  const { workspaceId, sendId, read } = of;
  const found = await read(async (db) => {
    const send = await findSend(db, { workspaceId, id: sendId });
    const act = await readSendAct(db, { workspaceId, sendId });
    const approval = await readApprovalEvidence(db, { workspaceId, sendId });
    return send && act && { send, ...act, approval };
  });
  if (!found) return undefined;
  const { send, asked, version, forecast, acts, approval } = found;
  const takenAt = new Date();
  const zip = new ZipFile();
  const files = packInto(zip, takenAt, of.signal);
  files.add("send.json", [
    json({ takenAt, takenBy: of.takenBy, isOver: isOver(send), send, selection: asked.selection, options: asked.options }),
  ]);
  files.add("flow.json", [json(version)]);
  if (forecast) files.add("forecast.json", [json(forecast)]);
  if (approval) files.add("approval.json", [json(approval)]);
  files.add("acts.json", [json(acts)]);
  files.add(
    "enrolled.csv",
    csvPages({ columns: enrolledColumns, page: (cursor) => read((db) => pageOfEnrolled(db, { workspaceId, sendId, cursor })) }),
  );
  files.add(
    "not-enrolled.csv",
    csvPages({ columns: skipColumns, page: (cursor) => read((db) => skipsOf(db, { workspaceId, sendId, cursor })) }),
  );
  files.add(
    "messages.csv",
    csvPages({ columns: messageColumns, page: (cursor) => read((db) => messagesOf(db, { workspaceId, sendId, cursor }, of.show)) }),
  );
  files.add("READ-ME.txt", [readMe(send)]);
  files.finish();
  return zip.outputStream as Readable;
}

/** Adds files one after the other and, as the last, the sums of all others. */
function packInto(zip: ZipFile, mtime: Date, signal: AbortSignal) {
  const sums: string[] = [];
  const options = { mtime, compress: true };
  const fail = (error: unknown) => void (zip.outputStream as Readable).destroy(error as Error);
  return {
    add(name: string, content: Iterable<string> | AsyncIterable<string>): void {
      zip.addReadStreamLazy(name, options, (give) => {
        const hash = createHash("sha256");
        const summed = new Transform({
          transform(chunk: Buffer, _, done) {
            hash.update(chunk);
            done(null, chunk);
          },
          flush(done) {
            sums.push(`${hash.digest("hex")}  ${name}\n`);
            done();
          },
        });
        const source = Readable.from(content, { objectMode: true, signal });
        source.on("error", fail);
        summed.on("error", fail);
        give(null, source.pipe(summed));
      });
    },
    finish(): void {
      zip.addReadStreamLazy("SHA256SUMS", options, (give) => give(null, Readable.from([sums.join("")])));
      zip.end();
    },
  };
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
const moment = (at: Date | null): string | null => at?.toISOString() ?? null;
const inWords = (reason: MessageLine["reason"]): string | null => (reason === null ? null : (reasons[reason]?.text ?? reason));

async function skipsOf(db: Tx, of: { workspaceId: string; sendId: string; cursor: string | undefined }) {
  const page = await listSendSkips(db, { ...of, ...(of.cursor === undefined ? {} : { cursor: of.cursor }), limit: 1_000 });
  return page ?? { items: [], nextCursor: null };
}

async function messagesOf(db: Tx, of: Parameters<typeof pageOfMessages>[1], show: ShowAuthored) {
  const page = await pageOfMessages(db, of);
  return { ...page, items: await showTexts(page.items, "text", show) };
}

const enrolledColumns = new Map<string, (line: EnrolledLine) => string | null>([
  ["place", ({ seq }) => String(seq)],
  ["execution_id", ({ executionId }) => executionId],
  ["contact_id", ({ contactId }) => contactId],
  ["contact", ({ contactName }) => contactName],
  ["status", ({ status }) => status],
  ["reason", ({ reason }) => reason],
  ["reason_in_words", ({ reason }) => inWords(reason)],
  ["messages_not_sent", ({ missed }) => missed?.join(", ") ?? ""],
  ["began_with_the_few", ({ isFirst }) => (isFirst ? "yes" : "")],
  ["values", ({ values }) => (values ? JSON.stringify(values) : null)],
  ["enrolled_at", ({ enrolledAt }) => moment(enrolledAt)],
  ["completed_at", ({ completedAt }) => moment(completedAt)],
]);

const skipColumns = new Map<string, (line: SendSkip) => string | null>([
  ["contact_id", ({ contactId }) => contactId],
  ["contact", ({ contactName }) => contactName],
  ["reason", ({ reason }) => reason],
  ["reason_in_words", ({ reason }) => inWords(reason)],
]);

const messageColumns = new Map<string, (line: MessageLine) => string | null>([
  ["message_id", ({ id }) => id],
  ["execution_id", ({ executionId }) => executionId],
  ["visit", ({ visit }) => String(visit)],
  ["step_id", ({ stepId }) => stepId],
  ["contact_id", ({ contactId }) => contactId],
  ["channel", ({ channel }) => channel],
  ["kind", ({ kind }) => kind],
  ["to", ({ to }) => to],
  ["from", ({ from }) => from],
  ["subject", ({ subject }) => subject],
  ["text", ({ text }) => text],
  ["provider", ({ provider }) => provider],
  ["provider_message_id", ({ providerMessageId }) => providerMessageId],
  ["attempt", ({ attempt }) => String(attempt)],
  ["status", ({ status }) => status],
  ["reason", ({ reason }) => reason],
  ["reason_in_words", ({ reason }) => inWords(reason)],
  ["error", ({ error }) => error],
  ["written_at", ({ writtenAt }) => moment(writtenAt)],
  ["sent_at", ({ sentAt }) => moment(sentAt)],
  ["delivered_at", ({ deliveredAt }) => moment(deliveredAt)],
  ["in_doubt_at", ({ doubtAt }) => moment(doubtAt)],
  ["last_changed_at", ({ changedAt }) => moment(changedAt)],
  ["reports", ({ reports }) => (reports ? JSON.stringify(reports) : null)],
  ["consent", ({ consentState }) => consentState],
  ["consent_address", ({ consentAddress }) => consentAddress],
  ["consent_source", ({ consentSource }) => consentSource],
  ["consent_given_at", ({ consentGivenAt }) => moment(consentGivenAt)],
  ["consent_recorded_at", ({ consentRecordedAt }) => moment(consentRecordedAt)],
  ["consent_text_shown", ({ consentText }) => consentText],
  ["consent_evidence", ({ consentEvidence }) => consentEvidence],
]);

const readMe = ({ flowName, id }: Send): string => `Evidence of one send: ${flowName} (${id})

send.json         how it was asked for: the filter or the ids, options, who pressed, the totals; where it began with a few ("canary"),
                  on which terms, what was seen of them, why the rest was held, and who let it follow when
flow.json         the version of the flow that it followed, with its hash
forecast.json     what was foretold, where somebody looked before
approval.json     who asked for approval, who approved or refused it and why, where the workspace asks for that; the hash stands for
                  the flow's version, the selection, whom it leaves out, the values, the schedule and the limits
acts.json         what was done with it: pressed, asked, approved, refused, paused, resumed, stopped, retried, held or let go after
                  its first contacts
enrolled.csv      everybody who was enrolled, the values they took along, and how it ended
not-enrolled.csv  everybody who was selected and left out, and why
messages.csv      every message: written before the provider was called, then what the provider answered, and each of its reports,
                  with the last entry of the consent ledger for that contact and channel when the message was written, and the
                  address for which it was given
SHA256SUMS        the sum of each file; "sha256sum -c SHA256SUMS" in this folder checks them

Links that note clicks stand in the texts as their author wrote them. Contacts who were erased since are without name, address and consents. Times are in UTC.
A value that a spreadsheet would run as a formula has an apostrophe in front.
`;
