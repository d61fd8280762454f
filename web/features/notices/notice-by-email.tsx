import { Box, Skeleton, Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { SwitchField } from "#ui/fields/switch-field.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { toast } from "#ui/toaster.tsx";
import { noticeSettingsQuery } from "#web/entities/notices/notice-queries.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { api } from "#web/lib/api.ts";

/** Whether the member gets notices by e-mail too. It holds for this workspace. */
export function NoticeByEmail() {
  const client = useQueryClient();
  const { user } = useSession();
  const settings = useQuery(noticeSettingsQuery);
  const save = useMutation({
    mutationFn: (byEmail: boolean) => api("saveNoticeSettings", { body: { byEmail } }),
    onSuccess: (saved) => client.setQueryData(noticeSettingsQuery.queryKey, saved),
    onError: (error) => toast({ status: "error", title: "It was not saved", description: error.message }),
  });
  if (settings.isPending) return <Skeleton height="10" maxW="sm" />;
  if (!settings.data)
    return <LoadError error={settings.error} title="Your choice could not be loaded" onRetry={() => void settings.refetch()} />;
  return (
    <Box maxW="40rem">
      <SwitchField
        label={`Also send them to ${user.email}`}
        checked={save.isPending ? save.variables : settings.data.byEmail}
        onChange={(byEmail) => save.mutate(byEmail)}
        disabled={save.isPending}
      />
      <Text textStyle="xs" color="fg.muted" mt="1">
        One e-mail for each cause, without names of contacts, by the e-mail channel of this workspace. While that channel cannot send,
        nothing comes.
      </Text>
    </Box>
  );
}
