import { Flex, Stack, Text } from "@chakra-ui/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Send } from "lucide-react";
import type { DraftMessage, PreviewedContact } from "#contract/message-previews.ts";
import { Button } from "#ui/button.tsx";
import { Notice } from "#ui/notice.tsx";
import { refreshMessages } from "#web/entities/messages/message-queries.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { api } from "#web/lib/api.ts";

interface SendToMeProps {
  message: DraftMessage;
  who: PreviewedContact;
  name: string;
  /** It cannot leave as it is; the preview says why. */
  disabled: boolean;
}

/** Sends the message of the preview to who looks at it, and to nobody else. */
export function SendToMe({ message, who, name, disabled }: SendToMeProps) {
  const { user, can } = useSession();
  const queryClient = useQueryClient();
  const sending = useMutation({
    mutationFn: () => api("sendToMe", { body: { ...message, contactId: who } }),
    onSuccess: () => void refreshMessages(queryClient),
  });
  if (!can("editor")) return null;
  return (
    <Stack gap="2">
      <Flex align="center" gap="3" wrap="wrap">
        <Button size="xs" icon={Send} busy={sending.isPending} disabled={disabled} onClick={() => sending.mutate()}>
          Send to me
        </Button>
        <Text textStyle="xs" color="fg.muted" flex="1" minW="40" overflowWrap="anywhere">
          To {user.email}, as {name} would get it.
        </Text>
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
