import { sql } from "kysely";
import type { Db } from "#db/client.ts";
import { textArray, uuidArray } from "#engine/base/array.ts";

interface Person {
  id: string;
  firstname: string;
  lastname: string;
  email: string;
  phone_e164: string;
}

export interface FloorTarget {
  workspaceId: string;
  flowId: string;
  versionId: string;
  people: readonly Person[];
}

const chunkSize = 500;
const connections = 3;

export async function readPeople(db: Db, workspaceId: string): Promise<Person[]> {
  const { rows } =
    await sql<Person>`select id, firstname, lastname, email, phone_e164 from contacts where workspace_id = ${workspaceId} order by id`.execute(
      db,
    );
  return rows;
}

/**
 * The least that any engine must do: the same rows, each inserted once in its last state, in chunks of 500, on as many
 * connections as a send has lanes, with the texts handed over as arrays. It decides, checks, claims and updates nothing,
 * does not wait, and could not continue after a crash. Returns milliseconds.
 */
export async function writeFloor(db: Db, target: FloorTarget): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    insert into flow_sends (workspace_id, flow_id, flow_version_id, selection) values (${target.workspaceId}, ${target.flowId}::uuid,
      ${target.versionId}::uuid, '{}') returning id`.execute(db);
  const sendId = rows[0]?.id as string;
  const begun = performance.now();
  let chunk = 0;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (;;) {
        const first = chunk * chunkSize;
        chunk += 1;
        if (first >= target.people.length) return;
        await writeChunk(db, { ...target, sendId, first, people: target.people.slice(first, first + chunkSize) });
      }
    }),
  );
  return performance.now() - begun;
}

async function writeChunk(db: Db, chunk: FloorTarget & { sendId: string; first: number }): Promise<void> {
  const { people, workspaceId, sendId } = chunk;
  await db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ id: string }>`
      insert into flow_executions (flow_id, contact_id, workspace_id, status, source, metadata, send_id, seq, flow_version_id, current_node_id,
        visit, started_at, completed_at, execution_time, result)
      select ${chunk.flowId}::uuid, id, ${workspaceId}, 'completed', 'api', '{"flowVersion": 1}', ${sendId}::uuid,
        ${chunk.first}::int + n - 1, ${chunk.versionId}::uuid, 'end', 5, now(), now(), 12, '{"steps": 5, "lastNode": "end", "result": "neutral"}'
      from unnest(${uuidArray(people.map(({ id }) => id))}::uuid[]) with ordinality as p (id, n)
      returning id`.execute(tx);
    const ids = uuidArray(rows.map(({ id }) => id));
    await sql`
      insert into messages (workspace_id, flow_execution_id, send_id, contact_id, visit, node_id, channel, provider, to_address, subject,
        body, segments, status, sent_at)
      select ${workspaceId}, p.execution_id, ${sendId}::uuid, p.contact_id, m.visit, m.node_id, m.channel, 'capture',
        case m.channel when 'sms' then p.phone else p.email end, case m.channel when 'email' then p.subject end,
        case m.channel when 'sms' then p.sms else p.body end, case m.channel when 'sms' then 1 end, 'sent', now()
      from unnest(${ids}::uuid[], ${uuidArray(people.map(({ id }) => id))}::uuid[],
        ${textArray(people.map((p) => p.phone_e164))}::text[], ${textArray(people.map((p) => p.email))}::text[],
        ${textArray(people.map((p) => `Hi ${p.firstname}, your appointment is confirmed. Reply STOP to opt out.`))}::text[],
        ${textArray(people.map((p) => `Your appointment, ${p.firstname}`))}::text[],
        ${textArray(people.map((p) => `Dear ${p.firstname} ${p.lastname},\n\nyour appointment is confirmed. We look forward to seeing you.\n`))}::text[]
      ) as p (execution_id, contact_id, phone, email, sms, subject, body)
      cross join (values (2, 'sms', 'sms'), (4, 'email', 'email')) as m (visit, node_id, channel)`.execute(tx);
    await sql`
      insert into flow_execution_steps (flow_execution_id, workspace_id, node_id, node_type, visit, status, exit, result, completed_at,
        created_at)
      select e.id, ${workspaceId}, s.node_id, s.node_type, s.visit, 'completed', s.exit, s.result::jsonb, now(),
        now() + s.visit * interval '1 microsecond'
      from unnest(${ids}::uuid[]) as e (id)
      cross join (values (1, 'start', 'start', 'next', null),
        (2, 'sms', 'send_sms', 'sent', '{"messageId": "00000000-0000-0000-0000-000000000000", "provider": "capture"}'),
        (3, 'check', 'condition', 'has_email', '{"branch": "has_email", "label": "Has an e-mail address", "compared": [{"branch": "has_email",
          "field": "email", "operator": "is_not_empty", "wanted": null, "found": "person12345@example.test", "held": true}]}'),
        (4, 'email', 'send_email', 'sent', '{"messageId": "00000000-0000-0000-0000-000000000000", "provider": "capture"}'),
        (5, 'end', 'end', null, '{"result": "neutral"}')) as s (visit, node_id, node_type, exit, result)`.execute(tx);
    await sql`update flow_sends set enrolled = enrolled + ${people.length}, completed = completed + ${people.length} where id = ${sendId}::uuid`.execute(
      tx,
    );
  });
}
