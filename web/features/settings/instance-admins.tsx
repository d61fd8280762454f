import { Text } from "@chakra-ui/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { UserMinus, UserPlus } from "lucide-react";
import { useState } from "react";
import type { InstanceAdmin } from "#contract/instance.ts";
import { Button } from "#ui/button.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { IconButton } from "#ui/icon-button.tsx";
import { RelativeTime } from "#ui/relative-time.tsx";
import { toast } from "#ui/toaster.tsx";
import { instanceSettingsQuery } from "#web/entities/instance/instance-query.ts";
import { refreshSession } from "#web/entities/session/session-query.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { api } from "#web/lib/api.ts";
import { InstanceAdminDialog } from "./instance-admin-dialog.tsx";
import { Row, Rows, Section } from "./section.tsx";

export function InstanceAdmins({ admins }: { admins: InstanceAdmin[] }) {
  const [adding, setAdding] = useState(false);
  return (
    <Section
      title="Instance admins"
      lead="They can let a restored copy send messages and decide who may create workspaces. They cannot open a workspace unless they are a member of it."
      action={
        <Button tone="primary" icon={UserPlus} onClick={() => setAdding(true)}>
          Add instance admin
        </Button>
      }
    >
      <Rows label="Instance admins">
        {admins.map((admin) => (
          <AdminRow key={admin.userId} admin={admin} isLast={admins.length === 1} />
        ))}
      </Rows>
      <InstanceAdminDialog open={adding} onClose={() => setAdding(false)} />
    </Section>
  );
}

function AdminRow({ admin, isLast }: { admin: InstanceAdmin; isLast: boolean }) {
  const { user } = useSession();
  const queryClient = useQueryClient();
  const [removing, setRemoving] = useState(false);
  const isMe = admin.userId === user.id;
  const name = admin.name || admin.email || "this account";
  const remove = useMutation({
    mutationFn: () => api("removeInstanceAdmin", { params: { id: admin.userId } }),
    onSuccess: async (now) => {
      toast({ title: isMe ? "You are no longer an instance admin" : `${name} is no longer an instance admin`, status: "success" });
      if (isMe) await refreshSession(queryClient);
      else queryClient.setQueryData(instanceSettingsQuery.queryKey, now);
    },
    onError: (error) => toast({ title: `${name} was not removed`, description: error.message, status: "error" }),
    onSettled: () => setRemoving(false),
  });
  return (
    <Row
      actions={
        isLast ? (
          <Text textStyle="xs" color="fg.muted" flexShrink={0}>
            The last one stays
          </Text>
        ) : (
          <IconButton
            icon={UserMinus}
            label={isMe ? "Stop being an instance admin" : `Remove ${name} as instance admin`}
            tooltip="title"
            onClick={() => setRemoving(true)}
          />
        )
      }
    >
      <Text textStyle="sm" fontWeight="medium" truncate>
        {admin.name || "No name"}
        {isMe && (
          <Text as="span" color="fg.muted" fontWeight="400">
            {" "}
            (you)
          </Text>
        )}
      </Text>
      <Text textStyle="xs" color="fg.muted" truncate>
        {admin.email || "This account signs in another way"} · since <RelativeTime at={admin.since} />
      </Text>
      <ConfirmDialog
        open={removing}
        onClose={() => setRemoving(false)}
        onConfirm={() => remove.mutate()}
        busy={remove.isPending}
        title={isMe ? "Stop being an instance admin?" : `Remove ${name} as instance admin?`}
        confirmLabel={isMe ? "Stop being one" : `Remove ${name}`}
      >
        <Text>
          {isMe ? "Only another instance admin can make you one again." : "They can no longer change this instance."} Roles in workspaces
          stay as they are.
        </Text>
      </ConfirmDialog>
    </Row>
  );
}
