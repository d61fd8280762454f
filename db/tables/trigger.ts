import type { ColumnType, Generated } from "kysely";
import type { Json } from "./json.ts";

export interface TriggerRunsTable {
  id: Generated<string>;
  key: string | null;
  workspace_id: string | null;
  execution_id: string | null;
  job: ColumnType<Json, string, string>;
  priority: number;
  due_at: Date;
  generation: Generated<number>;
  sent_at: Date | null;
  run_id: string | null;
  looked_at: Date | null;
  losses: Generated<number>;
  began_at: Date | null;
  holder: string | null;
  attempt: number | null;
  tries: Generated<number>;
  not_before: Date | null;
}

export interface TriggerRelayTable {
  one: Generated<boolean>;
  holder: string;
  until: Date;
}

export interface TriggerTroublesTable {
  code: string;
  text: string;
  since: Generated<Date>;
}
