import { Flex, Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ConversationThread } from "#contract/conversations.ts";
import { Button } from "#ui/button.tsx";
import { Notice } from "#ui/notice.tsx";
import { toast } from "#ui/toaster.tsx";
import { refreshContacts } from "#web/entities/contacts/contact-queries.ts";
import { refreshConversations } from "#web/entities/conversations/conversation-queries.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { LiftDialog } from "#web/entities/suppressions/lift-dialog.tsx";
import { suppressionsOfContactQuery } from "#web/entities/suppressions/suppression-queries.ts";
import { api } from "#web/lib/api.ts";

const decided: ReadonlySet<string | null> = new Set(["opted_out_sms", "dnc"]);

/**
 * Asks what a contact meant who may have said STOP, where what they wrote can be read. Until somebody has decided, no marketing leaves to
 * the number.
 */
export function StopQuestion({ thread }: { thread: ConversationThread }) {
  const isAsked = thread.messages.some(({ word }) => word === "maybe_stop");
  const isDecided = thread.channels.some(({ channel, closedBy }) => channel === "sms" && decided.has(closedBy));
  return isAsked && !isDecided ? <OpenQuestion contactId={thread.contactId} /> : null;
}

function OpenQuestion({ contactId }: { contactId: string }) {
  const { can } = useSession();
  const client = useQueryClient();
  const [isLifting, setLifting] = useState(false);
  const suppressions = useQuery({ ...suppressionsOfContactQuery(contactId), staleTime: 0 });
  const entry = suppressions.data?.items.find(({ channel, reason }) => channel === "sms" && reason === "maybe_stop");
  const refresh = () => Promise.all([refreshConversations(client), refreshContacts(client), suppressions.refetch()]);
  const optOut = useMutation({
    mutationFn: () => api("updateContact", { params: { id: contactId }, body: { smsOptedOut: true } }),
    onSuccess: async () => {
      toast({ title: "No more text messages are sent to this contact", status: "success" });
      await refresh();
    },
    onError: (error) => toast({ title: "Nothing was changed", description: error.message, status: "error" }),
  });
  if (suppressions.isError)
    return (
      <Notice
        status="error"
        action={
          <Button size="xs" onClick={() => void suppressions.refetch()}>
            Try again
          </Button>
        }
      >
        It could not be read whether this contact has asked for no more messages.
      </Notice>
    );
  if (!entry) return null;
  return (
    <>
      <Notice status="warning" title="Did they ask for no more messages?">
        <Text>Until somebody has decided, no marketing texts leave to {entry.address}. Answers by hand do.</Text>
        {can("editor") && (
          <Flex gap="2" mt="2" wrap="wrap">
            <Button size="xs" tone="primary" onClick={() => optOut.mutate()} busy={optOut.isPending}>
              Yes, send no more texts
            </Button>
            {can("admin") ? (
              <Button size="xs" onClick={() => setLifting(true)}>
                No, they meant something else
              </Button>
            ) : (
              <Text textStyle="xs" color="fg.muted" alignSelf="center">
                If they meant something else, an admin can allow the number again.
              </Text>
            )}
          </Flex>
        )}
      </Notice>
      {isLifting && (
        <LiftDialog
          suppression={entry}
          open
          onClose={() => {
            setLifting(false);
            void refresh();
          }}
        />
      )}
    </>
  );
}
