import { AccountSettings } from "#web/features/settings/account-settings.tsx";
import { ApiKeySettings } from "#web/features/settings/api-key-settings.tsx";
import { ChannelSettings } from "#web/features/settings/channel-settings.tsx";
import { MemberSettings } from "#web/features/settings/member-settings.tsx";
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
export function MembersSection() {
  return <MemberSettings />;
}
export function ApiKeysSection() {
  return <ApiKeySettings />;
}
export function AccountSection() {
  return <AccountSettings />;
}
