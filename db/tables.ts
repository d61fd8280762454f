import type { BulkJobItemsTable, BulkJobsTable } from "./tables/bulk-jobs.ts";
import type {
  ContactConsentsTable,
  ContactImportChangesTable,
  ContactImportsTable,
  ContactsTable,
  LeadStatusesTable,
  SuppressionsTable,
} from "./tables/contacts.ts";
import type { ConversationsTable } from "./tables/conversations.ts";
import type { HeldExecutionsTable, LeasesTable, OrphansTable, TurnsTable, WorkersTable } from "./tables/engine.ts";
import type { FlowExecutionStepsTable, FlowExecutionsTable, WaitsTable, WakeUpsTable } from "./tables/executions.ts";
import type {
  FlowDiscardedDraftsTable,
  FlowDraftsTable,
  FlowExecutionMovesTable,
  FlowFoldersTable,
  FlowMovesTable,
  FlowPresenceTable,
  FlowPublicationsTable,
  FlowsTable,
  FlowTestsTable,
  FlowVersionsTable,
  MemberFlowsTable,
  WebhookSamplesTable,
} from "./tables/flows.ts";
import type { ForecastContactsTable, ForecastsTable, ForecastWaysTable } from "./tables/forecasts.ts";
import type {
  AccountsTable,
  ClaimTable,
  PasswordResetsTable,
  RateLimitsTable,
  SessionsTable,
  UsersTable,
  VerificationsTable,
} from "./tables/identity.ts";
import type {
  ChannelGatesTable,
  DeliveryReportsTable,
  InboundMessagesTable,
  MessageReportsTable,
  MessagesTable,
  ProvidersTable,
  SenderPacesTable,
  TrackedLinksTable,
} from "./tables/messages.ts";
import type { NoticeReadsTable, NoticeSettingsTable, NoticesTable } from "./tables/notices.ts";
import type {
  CanaryExecutionsTable,
  FlowSendSkipsTable,
  FlowSendsTable,
  SavedLaunchesTable,
  SendApprovalsTable,
  SendCanariesTable,
  SendLanesTable,
  SendMessageCountsTable,
} from "./tables/sends.ts";
import type { TriggerRelayTable, TriggerRunsTable, TriggerTroublesTable } from "./tables/trigger.ts";
import type {
  ApiKeysTable,
  AuditLogTable,
  IdempotencyKeysTable,
  MemberPhonesTable,
  WorkspaceInvitationsTable,
  WorkspaceLimitsTable,
  WorkspaceMembersTable,
  WorkspaceSecretsTable,
  WorkspacesTable,
} from "./tables/workspaces.ts";

/**
 * Every table and view by its name in SQL. supabase/migrations is the truth and db/schema.sql its dump; db/tables/
 * holds one interface per table, with columns named as in SQL.
 */
export interface Database {
  "private.users": UsersTable;
  "private.password_resets": PasswordResetsTable;
  "private.sessions": SessionsTable;
  "private.accounts": AccountsTable;
  "private.verifications": VerificationsTable;
  "private.rate_limits": RateLimitsTable;
  "private.claim": ClaimTable;
  workspaces: WorkspacesTable;
  workspace_members: WorkspaceMembersTable;
  "private.member_phones": MemberPhonesTable;
  workspace_invitations: WorkspaceInvitationsTable;
  api_keys: ApiKeysTable;
  contacts: ContactsTable;
  /** The contacts the caller may see, searchable by index; read as `"private.member_contacts as contacts"`. */
  "private.member_contacts": ContactsTable;
  /** The contacts in the bin that the caller may see. */
  "private.member_bin": ContactsTable;
  /** The names of all contacts that the caller may see, those in the bin too. */
  "private.flow_names": Pick<FlowsTable, "id" | "workspace_id" | "name" | "deleted_at">;
  "private.member_flow_bin": FlowsTable;
  /** Every flow that the caller may edit, also in the bin. */
  "private.editor_flows": FlowsTable;
  "private.contact_names": Pick<ContactsTable, "id" | "workspace_id" | "name" | "firstname" | "lastname" | "deleted_at">;
  lead_statuses: LeadStatusesTable;
  suppressions: SuppressionsTable;
  contact_imports: ContactImportsTable;
  contact_consents: ContactConsentsTable;
  contact_import_changes: ContactImportChangesTable;
  bulk_jobs: BulkJobsTable;
  bulk_job_items: BulkJobItemsTable;
  flow_folders: FlowFoldersTable;
  flows: FlowsTable;
  member_flows: MemberFlowsTable;
  "private.flow_presence": FlowPresenceTable;
  flow_versions: FlowVersionsTable;
  flow_drafts: FlowDraftsTable;
  flow_discarded_drafts: FlowDiscardedDraftsTable;
  flow_publications: FlowPublicationsTable;
  flow_tests: FlowTestsTable;
  webhook_samples: WebhookSamplesTable;
  flow_moves: FlowMovesTable;
  flow_execution_moves: FlowExecutionMovesTable;
  flow_sends: FlowSendsTable;
  saved_launches: SavedLaunchesTable;
  send_approvals: SendApprovalsTable;
  forecasts: ForecastsTable;
  forecast_ways: ForecastWaysTable;
  forecast_contacts: ForecastContactsTable;
  flow_send_skips: FlowSendSkipsTable;
  send_canaries: SendCanariesTable;
  canary_executions: CanaryExecutionsTable;
  send_message_counts: SendMessageCountsTable;
  flow_executions: FlowExecutionsTable;
  flow_execution_steps: FlowExecutionStepsTable;
  messages: MessagesTable;
  message_reports: MessageReportsTable;
  tracked_links: TrackedLinksTable;
  inbound_messages: InboundMessagesTable;
  conversations: ConversationsTable;
  notices: NoticesTable;
  notice_reads: NoticeReadsTable;
  notice_settings: NoticeSettingsTable;
  "private.delivery_reports": DeliveryReportsTable;
  /** The messages the caller may see, searchable by index; read as `"private.member_messages as m"`. */
  "private.member_messages": MessagesTable;
  wake_ups: WakeUpsTable;
  waits: WaitsTable;
  providers: ProvidersTable;
  workspace_secrets: WorkspaceSecretsTable;
  idempotency_keys: IdempotencyKeysTable;
  audit_log: AuditLogTable;
  "private.workers": WorkersTable;
  "private.held_executions": HeldExecutionsTable;
  "private.turns": TurnsTable;
  "private.send_lanes": SendLanesTable;
  "private.workspace_limits": WorkspaceLimitsTable;
  "private.channel_gates": ChannelGatesTable;
  "private.sender_paces": SenderPacesTable;
  "private.trigger_runs": TriggerRunsTable;
  "private.leases": LeasesTable;
  "private.orphans": OrphansTable;
  "private.trigger_relay": TriggerRelayTable;
  "private.trigger_troubles": TriggerTroublesTable;
}
