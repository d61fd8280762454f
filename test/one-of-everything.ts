import { createHash, randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { Db } from "#db/client.ts";
import { buildOneForecast } from "./one-forecast.ts";

/** The ids of one row of everything that a workspace can hold. */
export interface OneOfEverything {
  workspaceId: string;
  contact: string;
  /** A contact in the bin. */
  binned: string;
  /** A lead status that no contact has. */
  leadStatus: string;
  folder: string;
  flow: string;
  version: string;
  /** A flow with a draft, and a discarded one. */
  draftFlow: string;
  draftRevision: string;
  discardedDraft: string;
  binnedFlow: string;
  /** A test of the flow. */
  flowTest: string;
  publication: string;
  /** One send is under way and can still be undone, and one is over. */
  send: string;
  endedSend: string;
  /** A send that waits for approval. */
  askingSend: string;
  /** One that has begun with a few. */
  canarySend: string;
  /** One execution is under way, one has failed, and one waits as `oneWait` says. */
  execution: string;
  failedExecution: string;
  waitingExecution: string;
  message: string;
  /** An address on the suppression list that may be taken off. */
  suppression: string;
  notice: string;
  import: string;
  /** A bulk job that is over and can be undone, and one that asks. */
  bulkJob: string;
  forecast: string;
  /** A saved launch that is shared. */
  savedLaunch: string;
  askingJob: string;
  invitation: string;
  apiKey: string;
  /** The name of the secret. */
  secret: string;
}

export const oneNodeFlow = {
  nodes: [
    { id: "start", type: "start", position: { x: 0, y: 0 }, data: { config: {} } },
    { id: "sms", type: "send_sms", position: { x: 0, y: 100 }, data: { config: { text: "Hello {{ firstname }}" } } },
    { id: "end", type: "end", position: { x: 0, y: 200 }, data: { config: {} } },
  ],
  edges: [
    { id: "e1", source: "start", target: "sms" },
    { id: "e2", source: "sms", target: "end" },
  ],
};

/** The wait of the execution that waits. */
export const oneWait = { visit: 1, attempt: 1, until: "2090-01-01T00:00:00Z" };

/** The script of a test of that flow, and what it expects. */
export const oneTest = (contact: object) => ({
  script: { contact, startAt: "2027-03-01T09:00:00Z" },
  expect: [{ kind: "message", nodeId: "sms", contains: "Hello" }],
});

/** Writes a row of this workspace to every table of the schema `public`. Isolation tests try to reach these rows. */
export async function buildOneOfEverything(owner: Db, workspaceId: string, memberId: string): Promise<OneOfEverything> {
  const ids = {
    contact: randomUUID(),
    binned: randomUUID(),
    leadStatus: randomUUID(),
    folder: randomUUID(),
    flow: randomUUID(),
    version: randomUUID(),
    draftFlow: randomUUID(),
    draftRevision: randomUUID(),
    discardedDraft: randomUUID(),
    binnedFlow: randomUUID(),
    flowTest: randomUUID(),
    savedLaunch: randomUUID(),
    publication: randomUUID(),
    send: randomUUID(),
    endedSend: randomUUID(),
    askingSend: randomUUID(),
    canarySend: randomUUID(),
    execution: randomUUID(),
    failedExecution: randomUUID(),
    waitingExecution: randomUUID(),
    message: randomUUID(),
    suppression: randomUUID(),
    notice: randomUUID(),
    import: randomUUID(),
    bulkJob: randomUUID(),
    forecast: randomUUID(),
    askingJob: randomUUID(),
    invitation: randomUUID(),
    apiKey: randomUUID().replaceAll("-", "").slice(0, 8),
    secret: `canary_${randomUUID().replaceAll("-", "")}`,
  };
  const of = { workspace_id: workspaceId };
  const { contact: contact_id, flow: flow_id, send: send_id, execution: flow_execution_id } = ids;
  const [nodes, edges] = [JSON.stringify(oneNodeFlow.nodes), JSON.stringify(oneNodeFlow.edges)];
  const hash = createHash("sha256").update(randomUUID());
  const oneContact = JSON.stringify({ type: "ids", ids: [contact_id] });

  await owner.transaction().execute(async (tx) => {
    await tx
      .insertInto("contacts")
      .values({ ...of, id: contact_id, firstname: "Canary", lastname: "Contact", email: "canary@example.com" })
      .execute();
    await tx
      .insertInto("contacts")
      .values({ ...of, id: ids.binned, firstname: "Binned", lastname: "Contact", deleted_at: sql<Date>`now()`, deleted_by_name: "Canary" })
      .execute();
    await tx
      .insertInto("lead_statuses")
      .values({ ...of, id: ids.leadStatus, name: `Canary ${ids.leadStatus}`, place: 50 })
      .execute();
    await tx
      .insertInto("suppressions")
      .values({ ...of, id: ids.suppression, channel: "sms", address: `+1${randomUUID()}`, reason: "bounced_before" })
      .execute();
    await tx
      .insertInto("contact_consents")
      .values({ ...of, contact_id, channel: "sms", state: "opted_in", given_at: new Date(0) })
      .execute();
    await tx
      .insertInto("contact_imports")
      .values({ ...of, id: ids.import, state: "done" })
      .execute();
    await tx
      .insertInto("contact_import_changes")
      .values({ ...of, import_id: ids.import, contact_id, line: 2, created: false, apart_from: null, apart_reason: null })
      .execute();
    const change = { ...of, kind: "change_status", params: '{"leadStatus":"Canary"}', request_hash: "x" };
    await tx
      .insertInto("bulk_jobs")
      .values([
        { ...change, id: ids.bulkJob, state: "done", total: 1, changed: 1, finished_at: sql`now()` },
        { ...change, id: ids.askingJob, state: "asks", total: 1 },
      ])
      .execute();
    await tx
      .insertInto("bulk_job_items")
      .values([
        { ...of, job_id: ids.bulkJob, seq: 1, contact_id, outcome: "changed", before: '{"leadStatus":null}' },
        { ...of, job_id: ids.askingJob, seq: 1, contact_id },
      ])
      .execute();
    await tx
      .insertInto("flow_folders")
      .values({ ...of, id: ids.folder, name: "Folder" })
      .execute();
    await tx
      .insertInto("flows")
      .values({ ...of, id: flow_id, name: "Flow", folder_id: ids.folder, nodes, edges })
      .execute();
    await tx
      .insertInto("member_flows")
      .values({ ...of, user_id: memberId, flow_id, is_favourite: true })
      .execute();
    await tx
      .insertInto("flow_versions")
      .values([
        { ...of, id: ids.version, flow_id, number: 1, hash: hash.digest("hex"), name: "Flow", nodes, edges },
        { ...of, flow_id, number: 2, hash: "of nothing", name: "Flow", nodes: "[]", edges: "[]" },
      ])
      .execute();
    await tx
      .insertInto("flows")
      .values([
        { ...of, id: ids.draftFlow, name: "Edited", nodes: "[]", edges: "[]" },
        { ...of, id: ids.binnedFlow, name: "Canary binned", nodes, edges, deleted_at: new Date(), deleted_by_name: "Canary" },
      ])
      .execute();
    const draft = { ...of, flow_id: ids.draftFlow, nodes, edges, settings: "{}" };
    await sql`
      insert into flow_drafts (workspace_id, flow_id, name, nodes, edges, settings, revision, began_from)
      select workspace_id, id, 'Canary draft', ${nodes}::jsonb, ${edges}::jsonb, '{}', ${ids.draftRevision}::uuid,
        private.flow_mark(name, nodes, edges, settings) from flows where id = ${ids.draftFlow}`.execute(tx);
    await tx
      .insertInto("flow_discarded_drafts")
      .values({ ...draft, id: ids.discardedDraft, name: "Canary discarded", discarded_by_name: "Canary" })
      .execute();
    await tx
      .insertInto("flow_publications")
      .values({
        ...of,
        id: ids.publication,
        flow_id,
        version_id: ids.version,
        note: "Canary",
        published_by: null,
        published_by_name: "Canary",
      })
      .execute();
    const test = oneTest({ id: contact_id });
    const [script, expect] = [JSON.stringify(test.script), JSON.stringify(test.expect)];
    await tx
      .insertInto("flow_tests")
      .values({ ...of, id: ids.flowTest, flow_id, contact_id, name: "Canary", script, expect })
      .execute();
    await tx
      .insertInto("webhook_samples")
      .values({ ...of, flow_id, contact_id, node_id: "hook", status: 200, body: "{}", is_cut: false, tried_by_name: "Canary" })
      .execute();
    await tx
      .insertInto("saved_launches")
      .values({ ...of, id: ids.savedLaunch, flow_id, name: "Canary", is_shared: true, made_by: memberId, terms: '{"filter":{"tests":[]}}' })
      .execute();
    const toAnother = { ...of, publication_id: ids.publication, from_version_id: ids.version, action: "node", to_node_id: "end" };
    await tx
      .insertInto("flow_moves")
      .values({ ...toAnother, from_node_id: "start" })
      .execute();
    await tx
      .insertInto("flow_sends")
      .values({
        ...of,
        id: send_id,
        flow_id,
        flow_version_id: ids.version,
        selection: '{"type":"ids","ids":[]}',
        state: "running",
        enrolled: 3,
        failed: 1,
        enrolled_at: sql`now()`,
        undo_until: sql`now() + interval '1 minute'`,
      })
      .execute();
    await tx
      .insertInto("flow_sends")
      .values({ ...of, id: ids.endedSend, flow_id, flow_version_id: ids.version, selection: '{"type":"ids","ids":[]}', state: "done" })
      .execute();
    // Somebody was left out of it who may enter now.
    await tx
      .updateTable("flow_sends")
      .set({ expected: 1, not_enrolled: 1, enrolled_at: sql`now()` })
      .where("id", "=", ids.endedSend)
      .execute();
    await tx
      .insertInto("flow_send_skips")
      .values({ ...of, send_id: ids.endedSend, contact_id, reason: "send_condition" })
      .execute();
    await tx
      .insertInto("flow_sends")
      .values({
        ...of,
        id: ids.askingSend,
        flow_id,
        flow_version_id: ids.version,
        selection: oneContact,
        state: "awaiting_approval",
        expected: 1,
      })
      .execute();
    await tx
      .insertInto("send_approvals")
      .values({ ...of, send_id: ids.askingSend, hash: "canary", contacts: 1, asked_at: new Date(0), asked_by_name: "Canary" })
      .execute();
    await buildOneForecast(tx, { workspaceId, flowId: flow_id, contactId: contact_id, sendId: send_id, id: ids.forecast });
    await tx
      .insertInto("flow_send_skips")
      .values({ ...of, send_id, contact_id: randomUUID(), reason: "opted_out_sms" })
      .execute();
    await tx
      .insertInto("send_message_counts")
      .values({ ...of, send_id, channel: "sms", outcome: "skipped", reason: "no_phone", count: 1 })
      .execute();
    await tx
      .insertInto("flow_executions")
      .values({
        ...of,
        id: flow_execution_id,
        flow_id,
        contact_id,
        send_id,
        seq: 1,
        flow_version_id: ids.version,
        status: "running",
        source: "manual",
        wake_at: new Date(0),
      })
      .execute();
    await tx
      .insertInto("flow_executions")
      .values({
        ...of,
        id: ids.failedExecution,
        flow_id,
        contact_id,
        send_id,
        seq: 2,
        flow_version_id: ids.version,
        status: "failed",
        source: "manual",
        ended_reason: "provider_rejected",
      })
      .execute();
    const waiting = { ...of, flow_version_id: ids.version, wake_at: new Date(oneWait.until), visit: oneWait.visit };
    await tx
      .insertInto("flow_executions")
      .values({
        ...{ ...waiting, id: ids.waitingExecution, flow_id, contact_id, send_id },
        ...{ seq: 3, status: "running", source: "manual", waiting_for: "time", current_node_id: "start" },
      })
      .execute();
    const canary = { ...of, id: ids.canarySend, flow_id, flow_version_id: ids.version, selection: '{"type":"ids","ids":[]}' };
    await tx
      .insertInto("flow_sends")
      .values({ ...canary, state: "canary", enrolled_at: sql`now()` })
      .execute();
    await tx
      .insertInto("send_canaries")
      .values({
        ...{ ...of, send_id: ids.canarySend, contacts: 25, minutes: 15, failure_percent: 2, opt_out_percent: 0.5 },
        ...{ has_messages: true, few: 1, opened_by_name: "Canary" },
      })
      .execute();
    await tx
      .insertInto("canary_executions")
      .values({ ...of, flow_execution_id: ids.waitingExecution, send_id: ids.canarySend })
      .execute();
    const step = { ...of, node_id: "start", node_type: "start", visit: 1 };
    await tx
      .insertInto("flow_execution_steps")
      .values([
        { ...step, flow_execution_id, status: "completed", wake_at: null },
        { ...step, flow_execution_id: ids.waitingExecution, status: "waiting", wake_at: new Date(oneWait.until) },
      ])
      .execute();
    await tx
      .insertInto("inbound_messages")
      .values({
        ...of,
        channel: "sms",
        provider: "twilio",
        provider_message_id: randomUUID(),
        to_address: "+15550001111",
        contact_id,
        body: "Canary",
      })
      .execute();
    await tx
      .insertInto("conversations")
      .values({ ...of, contact_id, last_at: new Date(0) })
      .execute();
    await tx
      .insertInto("flow_execution_moves")
      .values({ ...toAnother, flow_execution_id: ids.failedExecution, from_node_id: "start", visit: 1, moved_at: new Date(0) })
      .execute();
    await tx
      .insertInto("messages")
      .values({
        ...of,
        id: ids.message,
        flow_execution_id,
        send_id,
        contact_id,
        visit: 1,
        channel: "sms",
        provider: "capture",
        body: "Canary",
        status: "sent",
      })
      .execute();
    await sql`insert into message_reports (workspace_id, message_id, provider, status, received_at)
      select workspace_id, id, 'capture', 'delivered', now() from messages where flow_execution_id = ${flow_execution_id}::uuid limit 1`.execute(
      tx,
    );
    const link = { ...of, flow_execution_id, visit: 1, channel: "sms" as const, send_id, contact_id, kind: "click" };
    await tx
      .insertInto("tracked_links")
      .values({ ...link, url: "https://canary.example/", times: 1, first_at: new Date(0), last_at: new Date(0) })
      .execute();
    await tx
      .insertInto("wake_ups")
      .values([
        { ...of, flow_execution_id, flow_version_id: ids.version, due_at: new Date(0), node_id: "start" },
        { ...of, flow_execution_id: ids.waitingExecution, flow_version_id: ids.version, due_at: new Date(oneWait.until), node_id: "start" },
      ])
      .execute();
    await tx
      .insertInto("waits")
      .values({ ...of, flow_execution_id, contact_id, node_id: "start" })
      .execute();
    await tx
      .insertInto("providers")
      .values({ ...of, channel: "sms", provider: "capture" })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await tx
      .insertInto("workspace_secrets")
      .values({ ...of, name: ids.secret, secret: "sealed" })
      .execute();
    await tx
      .insertInto("idempotency_keys")
      .values({ ...of, principal_id: memberId, route: "test", key: randomUUID(), request_hash: "x" })
      .execute();
    await tx
      .insertInto("audit_log")
      .values({ ...of, action: "test.made" })
      .execute();
    await tx
      .insertInto("workspace_invitations")
      .values({
        ...of,
        id: ids.invitation,
        email: "canary@example.com",
        role: "viewer",
        token_hash: hashOf(ids.invitation),
        invited_by: memberId,
        expires_at: sql`now() + interval '1 day'`,
      })
      .execute();
    await tx
      .insertInto("notices")
      .values({ ...of, id: ids.notice, kind: "maybe_stop", cause: contact_id, channel: "sms", contact_id })
      .execute();
    await tx
      .insertInto("notice_reads")
      .values({ ...of, user_id: memberId, notice_id: ids.notice, read_upto: new Date(0) })
      .execute();
    await tx
      .insertInto("notice_settings")
      .values({ ...of, user_id: memberId, by_email: true })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const keyMember = randomUUID();
    await tx
      .insertInto("workspace_members")
      .values({ ...of, user_id: keyMember, role: "viewer", kind: "key" })
      .execute();
    await tx
      .insertInto("api_keys")
      .values({
        ...of,
        id: ids.apiKey,
        member_id: keyMember,
        name: "Canary",
        secret_hash: hashOf(ids.apiKey),
        scopes: ["contacts:read"],
        expires_at: sql`now() + interval '1 day'`,
      })
      .execute();
  });
  return { workspaceId, ...ids };
}

const hashOf = (text: string): Buffer => createHash("sha256").update(text).digest();
