import type { ColumnType, Generated } from "kysely";
import type { Json } from "./json.ts";

/** What a flow is to a member. */
export interface MemberFlowsTable {
  workspace_id: string;
  user_id: string;
  flow_id: string;
  is_favourite: Generated<boolean>;
  opened_at: Date | null;
}

/** A tab in which somebody has a flow open. */
export interface FlowPresenceTable {
  workspace_id: string;
  flow_id: string;
  user_id: string;
  tab: string;
  name: string;
  came_at: Generated<Date>;
  seen_at: Generated<Date>;
}

export interface FlowFoldersTable {
  id: Generated<string>;
  name: string;
  workspace_id: string;
  parent_id: string | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface FlowsTable {
  id: Generated<string>;
  name: string;
  workspace_id: string;
  folder_id: string | null;
  nodes: ColumnType<Json, string | undefined, string>;
  edges: ColumnType<Json, string | undefined, string>;
  settings: ColumnType<Json, string | undefined, string>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  archived_at: Date | null;
  archived_by_name: string | null;
  deleted_at: Date | null;
  deleted_by: string | null;
  deleted_by_name: string | null;
}

export interface FlowVersionsTable {
  id: Generated<string>;
  workspace_id: string;
  flow_id: string;
  number: number;
  hash: string;
  name: string;
  nodes: ColumnType<Json, string, string>;
  edges: ColumnType<Json, string, string>;
  settings: ColumnType<Json, string | undefined, string>;
  created_by: string | null;
  created_at: Generated<Date>;
}

export interface FlowDraftsTable {
  flow_id: string;
  workspace_id: string;
  name: string;
  nodes: ColumnType<Json, string, string>;
  edges: ColumnType<Json, string, string>;
  settings: ColumnType<Json, string, string>;
  revision: Generated<string>;
  began_from: string;
  created_at: Generated<Date>;
  updated_by: string | null;
  updated_by_name: string | null;
  updated_at: Generated<Date>;
}

export interface FlowDiscardedDraftsTable {
  id: Generated<string>;
  workspace_id: string;
  flow_id: string;
  name: string;
  nodes: ColumnType<Json, string, string>;
  edges: ColumnType<Json, string, string>;
  settings: ColumnType<Json, string, string>;
  discarded_by_name: string | null;
  discarded_at: Generated<Date>;
}

export interface FlowPublicationsTable {
  id: Generated<string>;
  workspace_id: string;
  flow_id: string;
  version_id: string;
  note: string | null;
  published_by: string | null;
  published_by_name: string | null;
  published_at: Generated<Date>;
  seq: Generated<number>;
  people: number | null;
  moving_at: Date | null;
  moves_ended_at: Date | null;
  tests: ColumnType<Json | null, string | null | undefined, string | null>;
}

export interface FlowTestsTable {
  id: Generated<string>;
  workspace_id: string;
  flow_id: string;
  contact_id: string | null;
  name: string;
  script: ColumnType<Json, string, string>;
  expect: ColumnType<Json, string, string>;
  last_result: ColumnType<Json | null, string | null | undefined, string | null>;
  created_by: string | null;
  created_by_name: string | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface WebhookSamplesTable {
  workspace_id: string;
  flow_id: string;
  node_id: string;
  contact_id: string | null;
  status: number;
  body: string;
  is_cut: boolean;
  tried_by_name: string | null;
  tried_at: Generated<Date>;
}

export interface FlowMovesTable {
  publication_id: string;
  workspace_id: string;
  from_version_id: string;
  from_node_id: string;
  action: string;
  to_node_id: string | null;
}

export interface FlowExecutionMovesTable {
  flow_execution_id: string;
  publication_id: string;
  workspace_id: string;
  action: string;
  from_version_id: string;
  from_node_id: string | null;
  to_node_id: string | null;
  visit: number;
  moved_at: Date;
}
