import { AccountSettings } from "#web/features/settings/account-settings.tsx";
import { ApiKeySettings } from "#web/features/settings/api-key-settings.tsx";
import { ChannelSettings } from "#web/features/settings/channel-settings.tsx";
import { MemberSettings } from "#web/features/settings/member-settings.tsx";
import { WorkspaceSettings } from "#web/features/settings/workspace-settings.tsx";

// One file, so that the whole of the settings arrives at once: they are small, and one looks through them.
export const WorkspaceSection = () => <WorkspaceSettings />;
export const ChannelsSection = () => <ChannelSettings />;
export const MembersSection = () => <MemberSettings />;
export const ApiKeysSection = () => <ApiKeySettings />;
export const AccountSection = () => <AccountSettings />;
