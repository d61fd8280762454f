import { Box, Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyRound, LogOut, UserMinus } from "lucide-react";
import { useState } from "react";
import { type Member, type Role, roleCovers, roles } from "#contract/people.ts";
import { Button } from "#ui/button.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { isolated } from "#ui/format.ts";
import { IconButton } from "#ui/icon-button.tsx";
import { RelativeTime } from "#ui/relative-time.tsx";
import { toast } from "#ui/toaster.tsx";
import { refreshInvitations, refreshMembers } from "#web/entities/members/member-queries.ts";
import { roleOptions, roleWords } from "#web/entities/members/role-words.ts";
import { dropWorkspaceData, refreshSession, sessionQuery } from "#web/entities/session/session-query.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { api } from "#web/lib/api.ts";
import { setCurrentWorkspace } from "#web/lib/current-workspace.ts";
import { EndingAccessDialog } from "./ending-access-dialog.tsx";
import { ResetLinkDialog } from "./reset-link-dialog.tsx";
import { Row } from "./section.tsx";

export function MemberRow({ member }: { member: Member }) {
  const { user, workspace, can, role } = useSession();
  const queryClient = useQueryClient();
  const [removing, setRemoving] = useState(false);
  const [resetting, setResetting] = useState(false);
  const session = useQuery(sessionQuery);
  /** The lower role that was chosen and is asked about. */
  const [lowering, setLowering] = useState<Role | null>(null);
  const settle = () => Promise.all([refreshMembers(queryClient), refreshInvitations(queryClient)]);
  const change = useMutation({
    mutationFn: (next: Role) => api("updateMember", { params: { id: member.userId }, body: { role: next } }),
    onSuccess: (changed) => toast({ title: `${changed.name} is now ${roleWords[changed.role].article}`, status: "success" }),
    onError: (error) => toast({ title: "The role was not changed", description: error.message, status: "error" }),
    onSettled: () => {
      setLowering(null);
      return settle();
    },
  });
  const isMe = member.userId === user.id;
  const remove = useMutation({
    mutationFn: () => api("removeMember", { params: { id: member.userId } }),
    onSuccess: async () => {
      toast({ title: isMe ? `You have left ${workspace.name}` : `${member.name} was removed`, status: "success" });
      if (!isMe) return settle();
      setCurrentWorkspace(null);
      dropWorkspaceData(queryClient);
      return refreshSession(queryClient);
    },
    onError: (error) =>
      toast({
        title: isMe ? "You have not left the workspace" : `${member.name} was not removed`,
        description: error.message,
        status: "error",
      }),
    onSettled: () => setRemoving(false),
  });
  // Only an owner may make somebody an owner or change an owner.
  const editable = can("admin") && !isMe && (role === "owner" || member.role !== "owner");
  const mayReset = role === "owner" && !isMe && session.data?.signIn.kind === "password";
  const choose = (next: Role) => {
    if (next === member.role) return;
    if (roleCovers(member.role, next)) setLowering(next);
    else change.mutate(next);
  };
  return (
    <Row
      actions={
        editable ? (
          <>
            <Box width={{ base: "28", md: "32" }}>
              <SelectField
                label={`Role of ${member.name}`}
                hideLabel
                value={lowering ?? (change.isPending ? change.variables : member.role)}
                disabled={change.isPending}
                onChange={choose}
                options={roleOptions(role === "owner" ? roles : roles.filter((one) => one !== "owner"))}
              />
            </Box>
            {mayReset && (
              <IconButton icon={KeyRound} label={`New password for ${member.name}`} tooltip="title" onClick={() => setResetting(true)} />
            )}
            <IconButton icon={UserMinus} label={`Remove ${member.name}`} tooltip="title" onClick={() => setRemoving(true)} />
          </>
        ) : (
          <>
            <Text textStyle="sm" color="fg.muted" flexShrink={0}>
              {roleWords[member.role].label}
            </Text>
            {isMe && (
              <Button size="xs" icon={LogOut} onClick={() => setRemoving(true)}>
                Leave
              </Button>
            )}
          </>
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
      <ResetLinkDialog member={member} open={resetting} onClose={() => setResetting(false)} />
      <EndingAccessDialog
        open={removing}
        onClose={() => setRemoving(false)}
        onConfirm={() => remove.mutate()}
        busy={remove.isPending}
        userId={member.userId}
        roleAfter={undefined}
        title={isMe ? `Leave ${workspace.name}?` : `Remove ${isolated(member.name)}?`}
        confirmLabel={isMe ? "Leave workspace" : `Remove ${member.name}`}
      >
        {isMe
          ? "You lose access to this workspace at once. Only an invitation brings you back."
          : "They lose access to this workspace at once. What they sent stays in the history."}
      </EndingAccessDialog>
      <EndingAccessDialog
        open={lowering !== null}
        onClose={() => setLowering(null)}
        onConfirm={() => lowering && change.mutate(lowering)}
        busy={change.isPending}
        userId={member.userId}
        roleAfter={lowering ?? member.role}
        title={`Make ${isolated(member.name)} ${roleWords[lowering ?? member.role].article}?`}
        confirmLabel={`Make ${roleWords[lowering ?? member.role].article}`}
      >
        {`${roleWords[lowering ?? member.role].may}. It takes effect at once.`}
      </EndingAccessDialog>
    </Row>
  );
}
