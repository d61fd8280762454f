import type { DeliveryReport, RefusedReport } from "#channels/inbound-events.ts";
import { storableText } from "#contract/storable.ts";
import type { Tx } from "#db/client.ts";
import type { EngineContext } from "../engine-context.ts";
import { suppressAddresses, suppressRefused } from "../execution/message-rows.ts";
import { countFailures } from "../messages/channel-limiter-rows.ts";
import { withoutAddresses, wordsOfRefusal } from "../messages/provider-words.ts";
import { refuseForMessage } from "./earlier-address-rows.ts";
import type { KeptReport, StoredReport, Told, ToldMessage } from "./report-rows.ts";
import { applyTold, closeForRefused, countReturned, findByProviderIds, keepReports, takeReports } from "./report-rows.ts";

type DeliveryRow = StoredReport & { report: DeliveryReport };
type RefusedRow = StoredReport & { report: RefusedReport };

/** The work that is left once the reports are committed. */
export interface ActedOn {
  /** How many reports there were. */
  count: number;
  /** Executions whose message was in doubt or in hand. */
  executionIds: string[];
}

/** Carriers refuse a sender of which they know nothing long after the provider took the message, and go on doing so. */
const restMs = 600_000;

/** Acts on the next reports of a workspace, in the caller's transaction. */
export async function actOnReports(tx: Tx, { clock }: EngineContext, workspaceId: string, limit: number): Promise<ActedOn> {
  const stored = await takeReports(tx, { workspaceId, limit });
  const rows = stored.filter((row): row is DeliveryRow => row.report.kind === "delivery");
  const refused = stored.filter((row): row is RefusedRow => row.report.kind === "refused");
  const unnamed = [...rows, ...refused].flatMap(({ report }) => (report.messageId === undefined ? report.providerMessageId : []));
  const known = await findByProviderIds(tx, workspaceId, unnamed);
  const idOf = ({ report }: DeliveryRow | RefusedRow) => report.messageId ?? known.get(report.providerMessageId);
  const byMessage = Map.groupBy(
    rows.filter((row) => idOf(row) !== undefined),
    (row) => idOf(row) as string,
  );
  const told = [...byMessage].map(([messageId, of]) => summarize(messageId, of));
  const messages = await applyTold(tx, workspaceId, told);
  await keepReports(
    tx,
    workspaceId,
    [...rows, ...refused].flatMap((row) => toKeep(row, idOf(row))),
  );
  const reportOf = (message: ToldMessage) => byMessage.get(message.id)?.find(({ report }) => report.status === "undelivered")?.report;
  for (const message of messages) {
    const report = reportOf(message);
    // What it told before is not told again: the address was closed by the first report.
    if (report && message.before !== "undelivered") await closeAddress(tx, workspaceId, message, report);
  }
  for (const [, [first, ...more]] of Map.groupBy(refused, ({ channel, report }) => `${channel} ${report.reason}`)) {
    if (!first) continue;
    const messageIds = [first, ...more].flatMap((row) => idOf(row) ?? []);
    await closeForRefused(tx, { workspaceId, channel: first.channel, messageIds, reason: first.report.reason });
    for (const messageId of messageIds) await refuseForMessage(tx, workspaceId, { messageId, reason: first.report.reason });
  }
  // Only what is new of a message of ours pauses its channel: a call that somebody kept and repeats is no trouble of today.
  const isNew = new Map(messages.map(({ id, before }) => [id, before !== "delivered" && before !== "undelivered"]));
  const pausing = rows.filter((row) => row.report.pausesChannel === true && isNew.get(idOf(row) ?? "") === true);
  for (const [channel, [first]] of Map.groupBy(pausing, (row) => row.channel)) {
    if (!first) continue;
    const { reason = "provider_unavailable", message = "" } = first.report;
    await countFailures(tx, { workspaceId, channel }, { count: 1, restMs, pauses: true, reason, text: withoutAddresses(message) }, clock);
  }
  const inDoubt = messages.filter(({ before }) => before !== "sent" && before !== "delivered" && before !== "undelivered");
  return { count: stored.length, executionIds: inDoubt.flatMap(({ flow_execution_id }) => flow_execution_id ?? []) };
}

/** A report as it is kept with its message. One on no message of ours is not. */
function toKeep({ provider, report, received_at: at }: DeliveryRow | RefusedRow, messageId: string | undefined): KeptReport[] {
  if (messageId === undefined) return [];
  if (report.kind === "refused") return [{ messageId, provider, status: report.reason, reason: null, error: null, at }];
  const isReturned = report.status === "undelivered";
  const reason = isReturned ? (report.reason ?? "not_delivered") : null;
  return [{ messageId, provider, status: report.status, reason, error: isReturned ? wordsOf(report) : null, at }];
}

const wordsOf = ({ message = "" }: DeliveryReport): string => storableText(message).slice(0, 500);

/** Of several reports on one message the first that is final counts. */
function summarize(messageId: string, of: readonly DeliveryRow[]): Told {
  const final = of.find(({ report }) => report.status === "delivered" || report.status === "undelivered");
  const [first] = of;
  const { report, channel, received_at } = (final ?? first) as DeliveryRow;
  const isReturned = report.status === "undelivered";
  return {
    channel,
    messageId,
    providerMessageId: storableText(report.providerMessageId).slice(0, 500),
    final: report.status === "delivered" || report.status === "undelivered" ? report.status : null,
    reason: isReturned ? (report.reason ?? "not_delivered") : null,
    errorMessage: isReturned ? wordsOf(report) : null,
    at: received_at,
  };
}

async function closeAddress(tx: Tx, workspaceId: string, message: ToldMessage, report: DeliveryReport): Promise<void> {
  const { channel, contact_id: contactId, to_address: address, from_address: sender } = message;
  if (address === null) return;
  // A report that names others alone is about where the message went on to: the mailbox that passed it on is there.
  if (report.recipients && !report.recipients.includes(address.toLowerCase())) return;
  if (report.optedOut) {
    await suppressRefused(tx, { workspaceId, channel, refused: [{ address, detail: wordsOfRefusal(report.message ?? "", sender) }] });
    await refuseForMessage(tx, workspaceId, { messageId: message.id, reason: "stop" });
  }
  if (!report.invalidatesAddress || contactId === null) return;
  const { after } = report.invalidatesAddress;
  const reason = report.reason ?? "not_delivered";
  if (after > 1 && (await countReturned(tx, { contactId, address, reason })) < after) return;
  await suppressAddresses(tx, { workspaceId, channel, dead: [{ address, detail: withoutAddresses(report.message ?? "") }] });
}
