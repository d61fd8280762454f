import { Flex, Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ConversationThread } from "#contract/conversations.ts";
import { Button } from "#ui/button.tsx";
import { momentWords, zoneName } from "#ui/format.ts";
import { Notice } from "#ui/notice.tsx";
import { useZone } from "#ui/relative-time.tsx";
import { toast } from "#ui/toaster.tsx";
import { refreshContacts } from "#web/entities/contacts/contact-queries.ts";
import { refreshConversations } from "#web/entities/conversations/conversation-queries.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { LiftDialog } from "#web/entities/suppressions/lift-dialog.tsx";
import { suppressionsOfContactQuery } from "#web/entities/suppressions/suppression-queries.ts";
import { api } from "#web/lib/api.ts";

/**
 * Asks what a contact meant who may have said STOP, where what they wrote can be read. Until somebody has decided, no marketing leaves to
 * the number or the address; when nobody has in time, it counts as STOP, which an admin may still take back.
 */
export function StopQuestion({ thread }: { thread: ConversationThread }) {
  const asked = new Set(thread.messages.flatMap(({ channel, word }) => (word === "maybe_stop" ? [channel] : [])));
  // One that is do-not-contact gets nothing whatever they meant.
  const mayBeOpen = thread.channels.some(({ channel, closedBy }) => asked.has(channel) && closedBy !== "dnc");
  return mayBeOpen ? <OpenQuestion contactId={thread.contactId} /> : null;
}

function OpenQuestion({ contactId }: { contactId: string }) {
  const { can } = useSession();
  const client = useQueryClient();
  const [isLifting, setLifting] = useState(false);
  const suppressions = useQuery({ ...suppressionsOfContactQuery(contactId), staleTime: 0 });
  const zone = useZone() ?? "UTC";
  const entry = suppressions.data?.items.find(({ reason, source }) => reason === "maybe_stop" || source === "undecided");
  const isText = entry?.channel === "sms";
  const isCounted = entry?.source === "undecided";
  const refresh = () => Promise.all([refreshConversations(client), refreshContacts(client), suppressions.refetch()]);
  const optOut = useMutation({
    mutationFn: () => api("updateContact", { params: { id: contactId }, body: isText ? { smsOptedOut: true } : { emailOptedOut: true } }),
    onSuccess: async () => {
      toast({ title: `No more ${isText ? "text messages" : "e-mails"} are sent to this contact`, status: "success" });
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
      <Notice status="warning" title={isCounted ? "Nobody decided in time, so it counts as STOP" : "Did they ask for no more messages?"}>
        {entry.detail && (
          <Text overflowWrap="anywhere" fontStyle="italic" lineClamp="2">
            “{entry.detail.trim()}”
          </Text>
        )}
        <Text overflowWrap="anywhere">
          {isCounted
            ? `${isText ? "No text messages leave" : "No marketing e-mails leave"} to ${entry.address} any more.`
            : `Until somebody has decided, no marketing ${isText ? "texts leave" : "e-mails leave"} to ${entry.address}. Answers by hand do.`}
          {entry.decideBy &&
            ` Please decide by ${momentWords(entry.decideBy, Date.now(), zone)} (${zoneName(zone)}): after that it counts as STOP.`}
        </Text>
        {can(isCounted ? "admin" : "editor") && (
          <Flex gap="2" mt="2" wrap="wrap">
            {!isCounted && (
              <Button size="xs" tone="primary" onClick={() => optOut.mutate()} busy={optOut.isPending}>
                Yes, send no more {isText ? "texts" : "e-mails"}
              </Button>
            )}
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
