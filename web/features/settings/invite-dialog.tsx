import { Stack } from "@chakra-ui/react";
import { useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { z } from "zod";
import { InvitationInput, invitableRoles, type NewInvitation } from "#contract/people.ts";
import { Button } from "#ui/button.tsx";
import { CopyField } from "#ui/copy-field.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { formatExact } from "#ui/format.ts";
import { Notice } from "#ui/notice.tsx";
import { useZone } from "#ui/relative-time.tsx";
import { refreshInvitations } from "#web/entities/members/member-queries.ts";
import { roleOptions, roleWords } from "#web/entities/members/role-words.ts";
import { api } from "#web/lib/api.ts";
import { FormError } from "#web/lib/form-error.tsx";
import { useForm } from "#web/lib/use-form.ts";

interface InviteDialogProps {
  open: boolean;
  onClose: () => void;
}

export function InviteDialog({ open, onClose }: InviteDialogProps) {
  // Mounted anew at each opening, so that the link of an earlier invitation does not come back.
  return open ? <OpenDialog onClose={onClose} /> : null;
}

function OpenDialog({ onClose }: { onClose: () => void }) {
  const formId = useId();
  const zone = useZone();
  const queryClient = useQueryClient();
  const [made, setMade] = useState<z.output<typeof NewInvitation> | null>(null);
  const form = useForm({
    schema: InvitationInput,
    initial: { email: "", role: "editor" as (typeof invitableRoles)[number] },
    onSubmit: async (body) => {
      setMade(await api("createInvitation", { body }));
      await refreshInvitations(queryClient);
    },
  });
  if (made) {
    return (
      <Dialog
        open
        onClose={onClose}
        // The link is never shown again, so only the button closes it.
        closeable={false}
        title="Give them this link"
        footer={
          <Button tone="primary" onClick={onClose}>
            Done
          </Button>
        }
      >
        <Stack gap="4">
          <Notice status="warning">It is shown only now. If it gets lost, take the invitation back and make another.</Notice>
          <CopyField
            label="Invitation link"
            value={made.link}
            help={`For ${made.invitation.email}, until ${formatExact(made.invitation.expiresAt, zone)}.`}
          />
        </Stack>
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onClose={onClose}
      closeable={!form.busy}
      isDirty={form.isDirty}
      title="Invite a member"
      footer={
        <>
          <Button onClick={onClose} disabled={form.busy}>
            Cancel
          </Button>
          <Button tone="primary" type="submit" form={formId} busy={form.busy}>
            Create invitation link
          </Button>
        </>
      }
    >
      <form id={formId} ref={form.form} onSubmit={form.submit} noValidate>
        <Stack gap="4">
          <TextField
            label="E-mail"
            type="email"
            autoComplete="off"
            help="Only somebody with this address can use the link. No e-mail is sent: you give the link."
            value={form.values.email}
            onChange={(email) => form.set("email", email)}
            error={form.problem("email")}
          />
          <SelectField
            label="Role"
            value={form.values.role}
            onChange={(role) => form.set("role", role)}
            options={roleOptions([...invitableRoles].reverse())}
            help={`${roleWords[form.values.role].may}.`}
            error={form.problem("role")}
          />
          <FormError error={form.error} shownAt={["email", "role"]} />
        </Stack>
      </form>
    </Dialog>
  );
}
