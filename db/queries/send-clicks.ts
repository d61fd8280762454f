import { sql } from "kysely";
import type { SendClicks } from "#contract/link-tracking.ts";
import type { Db } from "../client.ts";

const mostLinks = 10;

/** Who of a send clicked and opened; undefined where there is no such send. Each enrollment counts once. */
export async function findSendClicks(
  db: Db,
  { workspaceId, sendId }: { workspaceId: string; sendId: string },
): Promise<SendClicks | undefined> {
  const { rows } = await sql<SendClicks>`
    with found as materialized (
      select t.flow_execution_id, t.kind, t.url, t.first_at is not null as is_person
      from tracked_links t where t.workspace_id = ${workspaceId} and t.send_id = ${sendId}::uuid and (t.times > 0 or t.machine_times > 0)
    )
    select s.id as "sendId", w.track_clicks as "tracksClicks", w.track_opens as "tracksOpens",
      (select count(distinct flow_execution_id)::int from found where kind = 'click' and is_person) as clicked,
      (select count(distinct flow_execution_id)::int from found where kind = 'open' and is_person) as opened,
      (select count(*)::int from found where kind = 'click' and not is_person) as "onlyPrograms",
      coalesce((
        select json_agg(l order by l.contacts desc, l.url) from (
          select url, count(distinct flow_execution_id)::int as contacts from found where kind = 'click' and is_person
          group by url order by 2 desc, 1 limit ${mostLinks}) l), '[]') as links
    from flow_sends s join workspaces w on w.id = s.workspace_id
    where s.workspace_id = ${workspaceId} and s.id = ${sendId}::uuid`.execute(db);
  return rows[0];
}
