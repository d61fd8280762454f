import { join } from "node:path";
import { sql } from "kysely";
import type { Db } from "#db/client.ts";
import type { BenchDatabase } from "./cluster.ts";
import { openSeeded } from "./cluster.ts";
import { addFlow, sleepGraph } from "./flow.ts";
import { addWorkspace } from "./seed-crowds.ts";
import { seedPeople } from "./seed-people.ts";
import { withoutIndexes } from "./without-indexes.ts";

/** Ten executions for each contact of one workspace, all waiting for a year or more, as the engine leaves them. */
export function openSleepers(sleepers: number): Promise<BenchDatabase> {
  return openSeeded({
    name: `sleepers-${sleepers}`,
    sources: ["seed-sleepers.ts", "seed-people.ts", "flow.ts"].map((file) => join(import.meta.dirname, file)),
    fill: async (db) => {
      const workspaceId = await addWorkspace(db, "Asleep");
      const tables = ["contacts", "flow_executions", "flow_execution_steps", "wake_ups"];
      await withoutIndexes(db, tables, async (connection) => {
        await seedPeople(connection, workspaceId, sleepers / 10);
        const due = sql`now() + interval '1 year' + row_number() over () * interval '10 seconds'`;
        for (let send = 0; send < 10; send += 1) await putToSleep(connection, { workspaceId, due });
      });
      await sql`checkpoint`.execute(db);
    },
    writes: true,
  });
}

/** A send to every contact of a workspace whose executions wait at its delay, until the given time. */
export async function putToSleep(db: Db, { workspaceId, due }: { workspaceId: string; due: ReturnType<typeof sql> }): Promise<string> {
  const flowId = await addFlow(db, workspaceId, sleepGraph);
  const { rows } = await sql<{ id: string }>`
    with version as (
      insert into flow_versions (workspace_id, flow_id, number, hash, name, nodes, edges)
      select workspace_id, id, 1, 'bench', name, nodes, edges from flows where id = ${flowId}::uuid returning id
    ), people as (
      select count(*)::int as count from contacts where workspace_id = ${workspaceId}
    )
    insert into flow_sends (workspace_id, flow_id, flow_version_id, source, state, selection, expected, enrolled, enrolled_at)
    select ${workspaceId}, ${flowId}::uuid, version.id, 'bulk', 'running', '{"type": "filter", "filter": {"tests": []}, "excluded": []}',
      people.count, people.count, now() from version, people
    returning id`.execute(db);
  const sendId = rows[0]?.id as string;
  await sql`
    with entered as (
      insert into flow_executions (flow_id, contact_id, workspace_id, status, source, metadata, send_id, seq, flow_version_id, current_node_id, visit,
        started_at, wake_at, waiting_for)
      select s.flow_id, c.id, s.workspace_id, 'running', 'bulk', '{"flowVersion": 1}', s.id, row_number() over (order by c.id) - 1, s.flow_version_id,
        'wait', 2, now(), ${due}, 'time'
      from flow_sends s join contacts c on c.workspace_id = s.workspace_id where s.id = ${sendId}::uuid
      returning id, workspace_id, flow_version_id, wake_at
    ), steps as (
      insert into flow_execution_steps (flow_execution_id, workspace_id, node_id, node_type, visit, status, exit, wake_at, completed_at, created_at)
      select e.id, e.workspace_id, k.node_id, k.node_type, k.visit, k.status, k.exit, case k.visit when 2 then e.wake_at end,
        case k.visit when 1 then now() end, now() + k.visit * interval '1 microsecond'
      from entered e cross join (values (1, 'start', 'start', 'completed', 'next'), (2, 'wait', 'delay', 'waiting', null))
        as k (visit, node_id, node_type, status, exit)
    )
    insert into wake_ups (flow_execution_id, workspace_id, flow_version_id, due_at, node_id)
    select id, workspace_id, flow_version_id, wake_at, 'wait' from entered`.execute(db);
  return sendId;
}
