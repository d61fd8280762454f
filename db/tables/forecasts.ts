import type { ColumnType, Generated } from "kysely";
import type { Json } from "./json.ts";

export interface ForecastsTable {
  id: string;
  workspace_id: string;
  flow_id: string;
  flow_content: string | null;
  state: string;
  /** What was asked; null when the forecast is over. */
  question: ColumnType<Json, string | null | undefined, string | null>;
  question_hash: string;
  total: number;
  looked: Generated<number>;
  /** A `Forecast`. */
  sums: ColumnType<Json, string | null | undefined, string | null>;
  error_message: string | null;
  asked_by: string;
  walk: string | null;
  walks: Generated<number>;
  created_at: Generated<Date>;
  moved_at: Generated<Date>;
  finished_at: Date | null;
}

export interface ForecastWaysTable {
  workspace_id: string;
  forecast_id: string;
  way: number;
  steps: ColumnType<Json, string, string>;
}

export interface ForecastContactsTable {
  workspace_id: string;
  forecast_id: string;
  contact_id: string;
  refusal: string | null;
  nothing: string | null;
  way: number | null;
  messages_at: Generated<Date[]>;
}
