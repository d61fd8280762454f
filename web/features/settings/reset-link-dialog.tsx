import { Stack, Text } from "@chakra-ui/react";
import { useMutation } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Member } from "#contract/people.ts";
import { Button } from "#ui/button.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { CopyField } from "#ui/copy-field.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { formatExact } from "#ui/format.ts";
import { Notice } from "#ui/notice.tsx";
import { useZone } from "#ui/relative-time.tsx";
import { api } from "#web/lib/api.ts";
import { RefusalNotice } from "#web/lib/refusal-notice.tsx";

interface ResetLinkDialogProps {
  member: Member;
  open: boolean;
  onClose: () => void;
}

/** Makes a link by which a member chooses a new password, and shows it once. */
export function ResetLinkDialog({ member, open, onClose }: ResetLinkDialogProps) {
  const zone = useZone();
  const make = useMutation({ mutationFn: () => api("resetMemberPassword", { params: { id: member.userId } }) });
  const { reset, data: made } = make;
  useEffect(() => {
    if (open) reset();
  }, [open, reset]);
  if (made) {
    return (
      <Dialog
        open={open}
        onClose={onClose}
        // The link is never shown again, so only the button closes it.
        closeable={false}
        title={`Give ${member.name} this link`}
        footer={
          <Button tone="primary" onClick={onClose}>
            Done
          </Button>
        }
      >
        <Stack gap="4">
          <Notice status="warning">It is shown only now. Whoever has it can choose the password, so give it to nobody else.</Notice>
          <CopyField label="Password link" value={made.link} help={`Works once, until ${formatExact(made.expiresAt, zone)}.`} />
        </Stack>
      </Dialog>
    );
  }
  return (
    <ConfirmDialog
      open={open}
      onClose={onClose}
      onConfirm={() => make.mutate()}
      tone="primary"
      busy={make.isPending}
      title={`A new password for ${member.name}?`}
      confirmLabel="Make a link"
    >
      <Stack gap="3" textStyle="sm">
        <Text>
          You get a link to give to {member.name}. With it they choose a new password, which you do not see. Their sessions end everywhere,
          and the old password stops working once they have done so.
        </Text>
        {make.isError && <RefusalNotice error={make.error} onRetry={() => make.mutate()} />}
      </Stack>
    </ConfirmDialog>
  );
}
