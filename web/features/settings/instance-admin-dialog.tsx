import { Stack } from "@chakra-ui/react";
import { useQueryClient } from "@tanstack/react-query";
import { useId } from "react";
import { InstanceAdminInput } from "#contract/instance.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { toast } from "#ui/toaster.tsx";
import { instanceSettingsQuery } from "#web/entities/instance/instance-query.ts";
import { api } from "#web/lib/api.ts";
import { FormError } from "#web/lib/form-error.tsx";
import { useForm } from "#web/lib/use-form.ts";

export function InstanceAdminDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const formId = useId();
  const queryClient = useQueryClient();
  const form = useForm({
    schema: InstanceAdminInput,
    initial: { email: "" },
    onSubmit: async (body) => {
      queryClient.setQueryData(instanceSettingsQuery.queryKey, await api("addInstanceAdmin", { body }));
      toast({ title: `${body.email} is an instance admin now`, status: "success" });
      close();
    },
  });
  const close = () => {
    form.reset();
    onClose();
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      closeable={!form.busy}
      isDirty={form.isDirty}
      title="Add an instance admin"
      footer={
        <>
          <Button onClick={close} disabled={form.busy}>
            Cancel
          </Button>
          <Button tone="primary" type="submit" form={formId} busy={form.busy}>
            Add instance admin
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
            help="Somebody who belongs to a workspace of this instance already."
            value={form.values.email}
            onChange={(email) => form.set("email", email)}
            error={form.problem("email")}
          />
          <FormError error={form.error} shownAt={["email"]} />
        </Stack>
      </form>
    </Dialog>
  );
}
