import { type RawBuilder, sql } from "kysely";

/**
 * The nodes of versions of flows, each once: `version_id`, `node_id`, `type` and `label`. A graph is unpacked once, however many rows
 * ask for it. `used` selects the versions as `flow_version_id`.
 */
export const nodesOfVersions = (workspaceId: string, used: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  select distinct on (v.id, node ->> 'id') v.id as version_id, node ->> 'id' as node_id, node ->> 'type' as type, node -> 'data' ->> 'label' as label
  from (${used}) used
  join flow_versions v on v.workspace_id = ${workspaceId} and v.id = used.flow_version_id
  cross join lateral jsonb_array_elements(case jsonb_typeof(v.nodes) when 'array' then v.nodes else '[]' end) node`;
