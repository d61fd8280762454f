import { Flex, Stack, Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Send } from "lucide-react";
import { useState } from "react";
import type { DraftMessage, PreviewedContact } from "#contract/message-previews.ts";
import type { Channel } from "#contract/messages.ts";
import { Button } from "#ui/button.tsx";
import { isolated } from "#ui/format.ts";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { MyPhoneForm, myPhoneQuery } from "#web/entities/members/my-phone.tsx";
import { refreshMessages } from "#web/entities/messages/message-queries.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { api } from "#web/lib/api.ts";

interface SendToMeProps {
  channel: Channel;
  message: DraftMessage;
  who: PreviewedContact;
  name: string;
  /** It cannot leave as it is; the preview says why. */
  disabled: boolean;
}

/** Sends the message of the preview to who looks at it, and to nobody else. */
export function SendToMe({ channel, message, who, name, disabled }: SendToMeProps) {
  const { user, can } = useSession();
  const queryClient = useQueryClient();
  const mayEdit = can("editor");
  const phone = useQuery({ ...myPhoneQuery, enabled: mayEdit && channel === "sms" });
  const [isChanging, setChanging] = useState(false);
  const sending = useMutation({
    mutationFn: () => api("sendToMe", { body: { ...message, contactId: who } }),
    onSuccess: () => void refreshMessages(queryClient),
  });
  if (!mayEdit) return null;
  const known = phone.data;
  if (channel === "sms" && phone.isError) {
    return (
      <LoadError
        title="Whether you have a telephone could not be loaded"
        error={phone.error}
        onRetry={() => void phone.refetch()}
        retrying={phone.isRefetching}
      />
    );
  }
  if (channel === "sms" && known && (isChanging || (known.phone !== null && !known.isProven))) {
    return (
      <MyPhoneForm
        known={known}
        onCancel={isChanging ? () => setChanging(false) : undefined}
        onProven={() => {
          setChanging(false);
          sending.reset();
        }}
      />
    );
  }
  const to = channel === "email" ? user.email : (known?.phone ?? null);
  return (
    <Stack gap="2">
      <Flex align="center" gap="3" wrap="wrap">
        <Button
          size="xs"
          icon={Send}
          busy={sending.isPending}
          disabled={disabled || (channel === "sms" && !known)}
          onClick={() => (to === null ? setChanging(true) : sending.mutate())}
        >
          {to === null ? "Send to me…" : "Send to me"}
        </Button>
        <Text textStyle="xs" color="fg.muted" flex="1" minW="40" overflowWrap="anywhere">
          {to === null ? "To your telephone, once you have given its number." : `To ${to}, as ${isolated(name)} would get it.`}
        </Text>
        {channel === "sms" && to !== null && (
          <Button size="xs" tone="ghost" onClick={() => setChanging(true)}>
            Change number
          </Button>
        )}
      </Flex>
      {sending.isError && <Notice status="error">{sending.error.message}</Notice>}
      {sending.data && (
        <Notice
          status="success"
          action={
            <Button asChild size="xs">
              <Link to="/inbox" search={{ view: "sent" }}>
                Open Sent messages
              </Link>
            </Button>
          }
        >
          {sending.data.message}
        </Notice>
      )}
    </Stack>
  );
}
