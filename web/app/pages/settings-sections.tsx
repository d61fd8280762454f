import { useNavigate, useSearch } from "@tanstack/react-router";
import { BulkJobDialog } from "#web/features/bulk-jobs/bulk-job-dialog.tsx";
import { BulkJobList } from "#web/features/bulk-jobs/bulk-job-list.tsx";
import { AccountSettings } from "#web/features/settings/account-settings.tsx";
import { ApiKeySettings } from "#web/features/settings/api-key-settings.tsx";
import { AuditLog } from "#web/features/settings/audit-log.tsx";
import { ChannelSettings } from "#web/features/settings/channel-settings.tsx";
import { InstanceSettings } from "#web/features/settings/instance-settings.tsx";
import { LeadStatusSettings } from "#web/features/settings/lead-status-settings.tsx";
import { MemberSettings } from "#web/features/settings/member-settings.tsx";
import { SecretSettings } from "#web/features/settings/secret-settings.tsx";
import { Section } from "#web/features/settings/section.tsx";
import { SuppressionSettings } from "#web/features/settings/suppression-settings.tsx";
import { WorkspaceSettings } from "#web/features/settings/workspace-settings.tsx";

// All sections are in one file, and so in one chunk: they are small, and people look through several of them.
export function WorkspaceSection() {
  return <WorkspaceSettings />;
}
export function ChannelsSection() {
  return <ChannelSettings />;
}
export function SuppressionsSection() {
  return <SuppressionSettings />;
}
export function LeadStatusesSection() {
  return <LeadStatusSettings />;
}
export function BulkChangesSection() {
  const navigate = useNavigate();
  const { job } = useSearch({ from: "/member/settings/bulk-changes" });
  const open = (id: string | undefined) => void navigate({ to: "/settings/bulk-changes", search: id === undefined ? {} : { job: id } });
  return (
    <Section
      title="Bulk changes"
      lead="What was done to several contacts at once in the last 30 days, with what became of each contact. Until then it can be undone."
    >
      <BulkJobList onOpen={open} />
      <BulkJobDialog jobId={job ?? null} onClose={() => open(undefined)} />
    </Section>
  );
}
export function MembersSection() {
  return <MemberSettings />;
}
export function ApiKeysSection() {
  return <ApiKeySettings />;
}
export function SecretsSection() {
  return <SecretSettings />;
}
export function InstanceSection() {
  return <InstanceSettings />;
}
export function AuditSection() {
  return <AuditLog />;
}
export function AccountSection() {
  return <AccountSettings />;
}
