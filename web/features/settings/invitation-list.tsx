import { Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { Button } from "#ui/button.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { RelativeTime } from "#ui/relative-time.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { toast } from "#ui/toaster.tsx";
import { invitationsQuery, refreshInvitations } from "#web/entities/members/member-queries.ts";
import { roleWords } from "#web/entities/members/role-words.ts";
import { api } from "#web/lib/api.ts";
import { InviteDialog } from "./invite-dialog.tsx";
import { Row, Rows, Section } from "./section.tsx";

export function InvitationList() {
  const invitations = useQuery(invitationsQuery);
  const queryClient = useQueryClient();
  const [inviting, setInviting] = useState(false);
  const revoke = useMutation({
    mutationFn: (id: string) => api("revokeInvitation", { params: { id } }),
    onSuccess: () => toast({ title: "The invitation was taken back. Its link no longer works.", status: "success" }),
    onError: (error) => toast({ title: "The invitation was not taken back", description: error.message, status: "error" }),
    onSettled: () => refreshInvitations(queryClient),
  });
  return (
    <Section
      title="Invitations"
      lead="Links that were given out and not used yet."
      action={
        <Button tone="primary" icon={UserPlus} onClick={() => setInviting(true)}>
          Invite member
        </Button>
      }
    >
      {invitations.isError ? (
        <LoadError error={invitations.error} onRetry={() => invitations.refetch()} retrying={invitations.isFetching} />
      ) : !invitations.data ? (
        <SkeletonRows rows={1} columns={["40%", "20%"]} rowHeight="14" />
      ) : invitations.data.items.length === 0 ? (
        <Text textStyle="sm" color="fg.muted">
          No open invitations.
        </Text>
      ) : (
        <Rows label="Invitations">
          {invitations.data.items.map((invitation) => (
            <Row
              key={invitation.id}
              actions={
                <Button
                  size="xs"
                  busy={revoke.isPending && revoke.variables === invitation.id}
                  onClick={() => revoke.mutate(invitation.id)}
                  aria-label={`Take back the invitation of ${invitation.email}`}
                >
                  Take back
                </Button>
              }
            >
              <Text textStyle="sm" fontWeight="medium" truncate>
                {invitation.email}
              </Text>
              <Text textStyle="xs" color="fg.muted">
                As {roleWords[invitation.role].article} · link works until <RelativeTime at={invitation.expiresAt} />
              </Text>
            </Row>
          ))}
        </Rows>
      )}
      <InviteDialog open={inviting} onClose={() => setInviting(false)} />
    </Section>
  );
}
