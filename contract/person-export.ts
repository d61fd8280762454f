import { z } from "zod";
import { Timestamp, Uuid } from "./pagination.ts";

/** Where something about a contact is kept. */
export const exportedTables = [
  "contacts",
  "contact_consents",
  "contact_import_changes",
  "bulk_job_items",
  "messages",
  "message_reports",
  "tracked_links",
  "inbound_messages",
  "conversations",
  "flow_executions",
  "flow_execution_steps",
  "flow_send_skips",
  "send_approvals",
  "forecast_contacts",
  "flow_tests",
  "webhook_samples",
  "suppressions",
  "notices",
  "audit_log",
] as const;
export type ExportedTable = (typeof exportedTables)[number];

/** The most rows of one kind in an export. */
export const countAtMost = 5_000;

/** Everything that is kept about one person, as it is stored. */
export const PersonExport = z.object({
  contactId: Uuid,
  exportedAt: Timestamp,
  kept: z.record(z.enum(exportedTables), z.array(z.record(z.string(), z.unknown()))),
  /** Kinds of which only the first 5,000 rows are in it. */
  cut: z.array(z.enum(exportedTables)),
});
export type PersonExport = z.infer<typeof PersonExport>;
