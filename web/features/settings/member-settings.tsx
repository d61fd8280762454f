import { Box, Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { UserMinus } from "lucide-react";
import { useState } from "react";
import { type Member, type Role, roles } from "#contract/people.ts";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { IconButton } from "#ui/icon-button.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { RelativeTime } from "#ui/relative-time.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { toast } from "#ui/toaster.tsx";
import { membersQuery, refreshMembers } from "#web/entities/members/member-queries.ts";
import { roleOptions, roleWords } from "#web/entities/members/role-words.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { api } from "#web/lib/api.ts";
import { InvitationList } from "./invitation-list.tsx";
import { Row, Rows, Section } from "./section.tsx";

export function MemberSettings() {
  const members = useQuery(membersQuery);
  const { can } = useSession();
  return (
    <>
      <Section title="Members" lead="Who works here, and what they may do.">
        {members.isError ? (
          <LoadError error={members.error} onRetry={() => members.refetch()} retrying={members.isFetching} />
        ) : members.data ? (
          <Rows label="Members">
            {members.data.items.map((member) => (
              <MemberRow key={member.userId} member={member} />
            ))}
          </Rows>
        ) : (
          <SkeletonRows rows={3} columns={["35%", "30%"]} rowHeight="14" />
        )}
      </Section>
      {can("admin") && <InvitationList />}
    </>
  );
}

function MemberRow({ member }: { member: Member }) {
  const { user, can, role } = useSession();
  const queryClient = useQueryClient();
  const [removing, setRemoving] = useState(false);
  const settle = () => refreshMembers(queryClient);
  const change = useMutation({
    mutationFn: (next: Role) => api("updateMember", { params: { id: member.userId }, body: { role: next } }),
    onSuccess: (changed) => toast({ title: `${changed.name} is now ${roleWords[changed.role].article}`, status: "success" }),
    onError: (error) => toast({ title: "The role was not changed", description: error.message, status: "error" }),
    onSettled: settle,
  });
  const remove = useMutation({
    mutationFn: () => api("removeMember", { params: { id: member.userId } }),
    onSuccess: () => toast({ title: `${member.name} was removed`, status: "success" }),
    onError: (error) => toast({ title: `${member.name} was not removed`, description: error.message, status: "error" }),
    onSettled: () => {
      setRemoving(false);
      return settle();
    },
  });
  const isMe = member.userId === user.id;
  // Only an owner may make somebody an owner or change an owner.
  const editable = can("admin") && !isMe && (role === "owner" || member.role !== "owner");
  return (
    <Row
      actions={
        editable ? (
          <>
            <Box width={{ base: "28", md: "32" }}>
              <SelectField
                label={`Role of ${member.name}`}
                hideLabel
                value={change.isPending ? change.variables : member.role}
                disabled={change.isPending}
                onChange={(next) => change.mutate(next)}
                options={roleOptions(role === "owner" ? roles : roles.filter((one) => one !== "owner"))}
              />
            </Box>
            <IconButton icon={UserMinus} label={`Remove ${member.name}`} tooltip="title" onClick={() => setRemoving(true)} />
          </>
        ) : (
          <Text textStyle="sm" color="fg.muted" flexShrink={0}>
            {roleWords[member.role].label}
          </Text>
        )
      }
    >
      <Text textStyle="sm" fontWeight="medium" truncate>
        {member.name}
        {isMe && (
          <Text as="span" color="fg.muted" fontWeight="400">
            {" "}
            (you)
          </Text>
        )}
      </Text>
      <Text textStyle="xs" color="fg.muted" truncate>
        {member.email} · joined <RelativeTime at={member.joinedAt} />
      </Text>
      <ConfirmDialog
        open={removing}
        onClose={() => setRemoving(false)}
        onConfirm={() => remove.mutate()}
        busy={remove.isPending}
        title={`Remove ${member.name}?`}
        confirmLabel={`Remove ${member.name}`}
      >
        <Text>They lose access to this workspace at once. What they sent stays in the history.</Text>
      </ConfirmDialog>
    </Row>
  );
}
