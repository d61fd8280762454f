import { sql } from "kysely";
import type { Selection } from "#contract/contacts.ts";
import type { Reason } from "#contract/reasons.ts";
import { isStorableJson } from "#contract/storable.ts";
import type { Tx } from "#db/client.ts";
import { breakPoint } from "../base/break-point.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { CreatedSend, CreateSendInput } from "../engine-api.ts";
import type { EngineContext } from "../engine-context.ts";
import type { OpenSend } from "../enrollment/enroll.ts";
import { enroll, ruleOf } from "../enrollment/enroll.ts";
import { countSelection } from "../enrollment/enroll-page-rows.ts";
import { addLanes } from "../enrollment/send-lane-rows.ts";
import { checkGraph, freezeVersion } from "../flow/freeze-version.ts";
import type { FlowRow, FrozenVersion } from "../flow/version-rows.ts";
import { readFlow } from "../flow/version-rows.ts";
import { enrollJob, isSmall, turnJobs } from "../jobs/jobs.ts";
import type { Ring } from "../jobs/ring.ts";
import { transactThenRing } from "../jobs/ring.ts";
import { enrolledAtOnce } from "../jobs/work-sizes.ts";

const longestTriggerData = 64 * 1024;

/**
 * Makes a send of a selection, in one transaction: what is answered is durable, and a refusal changes nothing. However
 * large the selection, the request writes one send; a large one is enrolled by jobs.
 */
export async function createSend(context: EngineContext, input: CreateSendInput): Promise<CreatedSend> {
  checkTriggerData(input.triggerData);
  return context.tracer.span("create send", () => accept(context, input));
}

async function accept(context: EngineContext, input: CreateSendInput): Promise<CreatedSend> {
  const created = await transactThenRing(context, async (tx, ring) => {
    const earlier = input.sendId === undefined ? undefined : await findSend(tx, input.sendId, input);
    return earlier ?? (await makeSend(context, { tx, ring }, input));
  });
  await breakPoint("send-created");
  return created;
}

async function makeSend(context: EngineContext, { tx, ring }: { tx: Tx; ring: Ring }, input: CreateSendInput): Promise<CreatedSend> {
  const flow = await readFlowToSend(tx, input);
  const graph = input.graph ?? { nodes: flow.nodes, edges: flow.edges };
  checkGraph(graph, context.nodes, flow.id);
  const version = await freezeVersion(tx, { ...flow, workspaceId: input.workspaceId }, graph, input.launchedBy);

  const selection = distinct(input.selection);
  const matched = await countSelection(tx, input.workspaceId, selection);
  const selected = selection.type === "ids" ? selection.ids.length : matched;
  if (matched === 0) {
    throw selected === 1 && selection.type === "ids"
      ? new EngineRefusal("contact_not_found", "This contact does not exist in this workspace.")
      : new EngineRefusal("nothing_selected", "No contact matches this selection any more.");
  }
  const isNamed = selection.type === "ids" && selected <= enrolledAtOnce;
  const { chunk, lanesOfLargeSend } = context.workSizes;
  const lanes = selected <= chunk ? 1 : lanesOfLargeSend;
  const send = await insertSend(context, tx, input, { version, selection, selected, lanes });
  // Another request with the same id was faster, and this insert waited for its commit.
  if (!send) return (await findSend(tx, input.sendId as string, input)) as CreatedSend;

  await addLanes(tx, send.id, { first: 0, count: 1 }, context.clock);
  if (!isNamed) {
    await context.driver.wake(tx, [enrollJob(send, { after: null, done: 0 })]);
    return { sendId: send.id, created: true, executionId: null, skipped: [] };
  }
  const ready = (await context.flows.load(tx, [version.id])).get(version.id);
  // The limit is one more than there can be, so that the first page is known to be the last.
  const { enrolled } = await enroll(context, tx, send, { after: null, limit: enrolledAtOnce + 1, rule: ruleOf(ready), done: 0 });
  if (enrolled > 0 && !send.startsLater) ring(turnJobs(send.workspaceId, { quick: isSmall(send) }));
  return { sendId: send.id, created: true, ...(await readEnrolled(tx, send.id, enrolled)) };
}

/** Finds the send of this id. The flow may have been edited since, which does not make it another send. @throws EngineRefusal send_mismatch */
async function findSend(tx: Tx, sendId: string, input: CreateSendInput): Promise<CreatedSend | undefined> {
  const { rows } = await sql<{ workspace_id: string; flow_id: string; is_test: boolean; same: boolean; enrolled: number }>`
    select workspace_id, flow_id, is_test, enrolled, selection = ${JSON.stringify(distinct(input.selection))}::jsonb as same
    from flow_sends where id = ${sendId}::uuid`.execute(tx);
  const [send] = rows;
  if (!send) return undefined;
  if (send.workspace_id !== input.workspaceId || send.flow_id !== input.flowId || send.is_test !== input.isTest || !send.same) {
    throw new EngineRefusal("send_mismatch", "This send id was used before, for another flow or other contacts. Use a new one.");
  }
  return { sendId, created: false, ...(await readEnrolled(tx, sendId, send.enrolled)) };
}

async function readFlowToSend(tx: Tx, input: CreateSendInput): Promise<FlowRow> {
  const flow = await readFlow(tx, input);
  if (!flow) throw new EngineRefusal("flow_not_found", "This flow does not exist in this workspace.");
  return flow;
}

async function insertSend(
  { clock, tracer, workSizes }: EngineContext,
  tx: Tx,
  input: CreateSendInput,
  send: { version: FrozenVersion; selection: Selection; selected: number; lanes: number },
): Promise<(OpenSend & { startsLater: boolean }) | undefined> {
  const { start, drip, undoSeconds = 0 } = input;
  const metadata = {
    ...(input.isTest && { isTest: true }),
    ...(input.launchedByName && { launchedBy: input.launchedByName }),
    ...(input.launchedFrom && { launchedFrom: input.launchedFrom }),
    flowVersion: send.version.number,
  };
  const traceparent = tracer.traceparent();
  const options = { metadata, ...(input.triggerData && { triggerData: input.triggerData }), ...(traceparent && { traceparent }) };
  const startAt =
    start?.zone === "workspace"
      ? sql`(select ${start.at}::timestamp at time zone w.time_zone from workspaces w where w.id = ${input.workspaceId})`
      : sql`null::timestamptz`;
  const { rows } = await sql<{ id: string; created_at: string; undo_until: string | null; starts_later: boolean }>`
    insert into flow_sends (id, workspace_id, flow_id, flow_version_id, source, selection, options, is_test, launched_by, launched_by_name,
      launched_from, chunk_size, lanes, expected, created_at, undo_until, start, start_at, next_at, drip)
    values (coalesce(${input.sendId ?? null}::uuid, private.uuid_v7()), ${input.workspaceId}, ${input.flowId}::uuid,
      ${send.version.id}::uuid, ${input.source}, ${JSON.stringify(send.selection)}::jsonb, ${JSON.stringify(options)}::jsonb, ${input.isTest},
      ${input.launchedBy}::uuid, ${input.launchedByName}, ${input.launchedFrom ?? null}, ${workSizes.chunk}, ${send.lanes},
      ${send.selected}, ${clock.now}, case when ${undoSeconds} > 0 then ${clock.now} + ${undoSeconds} * interval '1 second' end,
      ${start ? JSON.stringify(start) : null}::jsonb, ${startAt}, ${startAt}, ${drip ? JSON.stringify(drip) : null}::jsonb)
    on conflict (id) do nothing
    returning id, created_at::text, undo_until::text, undo_until is not null or start is not null as starts_later`.execute(tx);
  const [row] = rows;
  return (
    row && {
      id: row.id,
      workspaceId: input.workspaceId,
      flowId: input.flowId,
      flowVersionId: send.version.id,
      source: input.source,
      isTest: input.isTest,
      selection: send.selection,
      createdAt: row.created_at,
      metadata,
      lanes: send.lanes,
      chunkSize: workSizes.chunk,
      refusal: null,
      contactClock: start?.zone === "contact" ? { at: start.at, notBefore: row.undo_until } : null,
      startsLater: row.starts_later,
      expected: send.selected,
      enrolled: 0,
      notEnrolled: 0,
    }
  );
}

async function readEnrolled(tx: Tx, sendId: string, enrolled: number): Promise<Pick<CreatedSend, "executionId" | "skipped">> {
  const executions = enrolled === 1 ? await tx.selectFrom("flow_executions").select("id").where("send_id", "=", sendId).execute() : [];
  const skips = await tx
    .selectFrom("flow_send_skips")
    .select(["contact_id", "reason"])
    .where("send_id", "=", sendId)
    .limit(enrolledAtOnce)
    .execute();
  return {
    executionId: executions[0]?.id ?? null,
    skipped: skips.map(({ contact_id, reason }) => ({ contactId: contact_id, reason: reason as Reason })),
  };
}

/** Brings a selection into one form: a contact that is named twice is one contact, and the order of ids does not matter. */
function distinct(selection: Selection): Selection {
  return selection.type === "ids" ? { type: "ids", ids: [...new Set(selection.ids.map((id) => id.toLowerCase()))].sort() } : selection;
}

function checkTriggerData(data: Record<string, unknown> | undefined): void {
  if (data === undefined) return;
  const json = JSON.stringify(data);
  if (json.length > longestTriggerData) {
    throw new EngineRefusal("invalid_request", `triggerData is larger than ${longestTriggerData / 1024} KiB. Send less of it.`);
  }
  // jsonb cannot hold a NUL character or half of a surrogate pair; the statement would fail.
  if (!isStorableJson(json)) {
    throw new EngineRefusal("invalid_request", "triggerData holds a character that cannot be stored. Remove it.");
  }
}
