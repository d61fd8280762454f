import { Stack } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { InstanceSettings as Settings } from "#contract/instance.ts";
import { SwitchField } from "#ui/fields/switch-field.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { toast } from "#ui/toaster.tsx";
import { instanceSettingsQuery } from "#web/entities/instance/instance-query.ts";
import { refreshSession } from "#web/entities/session/session-query.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { api } from "#web/lib/api.ts";
import { InstanceAdmins } from "./instance-admins.tsx";
import { InstanceEvents } from "./instance-events.tsx";
import { Section } from "./section.tsx";

export function InstanceSettings() {
  const { instance } = useSession();
  if (!instance.isAdmin) {
    return (
      <Section title="Instance">
        <Notice status="info">Admins of this instance see and change its settings.</Notice>
      </Section>
    );
  }
  return <Loaded />;
}

function Loaded() {
  const settings = useQuery(instanceSettingsQuery);
  if (settings.isError) {
    return (
      <Section title="Instance">
        <LoadError error={settings.error} onRetry={() => settings.refetch()} retrying={settings.isFetching} />
      </Section>
    );
  }
  if (!settings.data) {
    return (
      <Section title="Instance" lead="Settings for every workspace on this server.">
        <SkeletonRows rows={3} columns={["35%", "30%"]} rowHeight="14" />
      </Section>
    );
  }
  return (
    <>
      <Creation settings={settings.data} />
      <InstanceAdmins admins={settings.data.admins} />
      <InstanceEvents events={settings.data.events} />
    </>
  );
}

function Creation({ settings }: { settings: Settings }) {
  const queryClient = useQueryClient();
  const change = useMutation({
    mutationFn: (membersMayCreateWorkspaces: boolean) => api("updateInstanceSettings", { body: { membersMayCreateWorkspaces } }),
    onSuccess: (now) => {
      queryClient.setQueryData(instanceSettingsQuery.queryKey, now);
      const title = now.membersMayCreateWorkspaces ? "Members may create workspaces" : "Only instance admins create workspaces";
      toast({ title, status: "success" });
      return refreshSession(queryClient);
    },
    onError: (error) => toast({ title: "The setting was not changed", description: error.message, status: "error" }),
  });
  return (
    <Section title="Instance" lead="Settings for every workspace on this server.">
      <Stack gap="4">
        <SwitchField
          label="Members may create workspaces"
          help="A person who creates a workspace becomes its owner and sends with a provider of their choice. Instance admins can always create workspaces."
          checked={change.isPending ? change.variables : settings.membersMayCreateWorkspaces}
          disabled={change.isPending}
          onChange={(may) => change.mutate(may)}
        />
      </Stack>
    </Section>
  );
}
