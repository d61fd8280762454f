import { Logger, run, runMigrations } from "graphile-worker";
import { sql } from "kysely";
import { captureProvider } from "#channels/capture/send.ts";
import type { BenchDatabase } from "./cluster.ts";

const path = ["start", "sms", "check", "email", "end"] as const;
const quiet = new Logger(() => () => {});
const providers = { sms: captureProvider("sms"), email: captureProvider("email") };

/**
 * How such engines are usually used: one durable step per node, here on the same library, the same tables and the same
 * database. Each job reads its execution and contact, does one node, and writes step, cursor and next job in one
 * transaction; a message is committed as `sending` before its call. Returns milliseconds.
 */
export async function sendByStepJobs(
  { db, url }: BenchDatabase,
  target: { workspaceId: string; flowId: string; versionId: string; contactIds: readonly string[] },
): Promise<number> {
  await runMigrations({ connectionString: url, logger: quiet });
  const { rows } = await sql<{ id: string }>`
    insert into flow_sends (workspace_id, flow_id, flow_version_id, selection, enrolled)
    values (${target.workspaceId}, ${target.flowId}::uuid, ${target.versionId}::uuid, '{}', ${target.contactIds.length}) returning id`.execute(
    db,
  );
  const sendId = rows[0]?.id as string;
  let left = target.contactIds.length;
  let finish = () => {};
  const finished = new Promise<void>((resolve) => (finish = resolve));

  async function step(executionId: string, index: number): Promise<void> {
    const nodeId = path[index] as string;
    const read = await sql<{ email: string; phone_e164: string; firstname: string }>`
      select c.email, c.phone_e164, c.firstname from flow_executions e join contacts c on c.id = e.contact_id
      where e.id = ${executionId}::uuid and e.visit = ${index}`.execute(db);
    const contact = read.rows[0];
    if (!contact) return;
    const channel = nodeId === "sms" || nodeId === "email" ? nodeId : undefined;
    let messageId: string | undefined;
    if (channel) {
      const to = channel === "sms" ? contact.phone_e164 : contact.email;
      const inserted = await sql<{ id: string }>`
        insert into messages (workspace_id, flow_execution_id, send_id, visit, node_id, channel, provider, to_address, body)
        values (${target.workspaceId}, ${executionId}::uuid, ${sendId}::uuid, ${index + 1}, ${nodeId}, ${channel}, 'capture', ${to}, ${contact.firstname})
        returning id`.execute(db);
      messageId = inserted.rows[0]?.id as string;
      await providers[channel].send(
        { id: messageId, workspaceId: target.workspaceId, channel, kind: "marketing", to, text: contact.firstname },
        { signal: AbortSignal.timeout(10_000) },
      );
    }
    const isLast = index === path.length - 1;
    await db.transaction().execute(async (tx) => {
      if (messageId) await sql`update messages set status = 'sent', sent_at = now() where id = ${messageId}::uuid`.execute(tx);
      await sql`insert into flow_execution_steps (flow_execution_id, workspace_id, node_id, node_type, visit, status, completed_at)
        values (${executionId}::uuid, ${target.workspaceId}, ${nodeId}, ${nodeId}, ${index + 1}, 'completed', now())`.execute(tx);
      await sql`update flow_executions set visit = visit + 1, status = ${isLast ? "completed" : "running"}, current_node_id = ${nodeId},
        completed_at = case when ${isLast} then now() end where id = ${executionId}::uuid and visit = ${index}`.execute(tx);
      if (isLast) await sql`update flow_sends set completed = completed + 1 where id = ${sendId}::uuid`.execute(tx);
      else
        await sql`select graphile_worker.add_job('step', json_build_object('id', ${executionId}::text, 'index', ${index + 1}::int))`.execute(
          tx,
        );
    });
    if (isLast) {
      left -= 1;
      if (left === 0) finish();
    }
  }

  const runner = await run({
    connectionString: url,
    concurrency: 8,
    noHandleSignals: true,
    parsedCronItems: [],
    logger: quiet,
    taskList: { step: (payload) => step((payload as { id: string }).id, (payload as { index: number }).index) },
  });
  const begun = performance.now();
  await db.transaction().execute(async (tx) => {
    await sql`
      with entered as (
        insert into flow_executions (flow_id, contact_id, workspace_id, send_id, flow_version_id, seq)
        select ${target.flowId}::uuid, id, ${target.workspaceId}, ${sendId}::uuid, ${target.versionId}::uuid, n - 1
        from unnest(${[...target.contactIds]}::uuid[]) with ordinality as c (id, n) returning id
      )
      select graphile_worker.add_job('step', json_build_object('id', id, 'index', 0)) from entered`.execute(tx);
  });
  await finished;
  const elapsed = performance.now() - begun;
  await runner.stop();
  return elapsed;
}
