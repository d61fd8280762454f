import { Stack } from "@chakra-ui/react";
import { useId } from "react";
import { WorkspaceInput } from "#contract/people.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { api } from "#web/lib/api.ts";
import { browserCountry } from "#web/lib/countries.ts";
import { FormError } from "#web/lib/form-error.tsx";
import { useForm } from "#web/lib/use-form.ts";
import { CountryField } from "./country-field.tsx";

interface CreateWorkspaceDialogProps {
  open: boolean;
  onClose: () => void;
  onCreated: (workspace: { id: string }) => Promise<void>;
}

export function CreateWorkspaceDialog({ open, onClose, onCreated }: CreateWorkspaceDialogProps) {
  const formId = useId();
  const form = useForm({
    schema: WorkspaceInput.required({ country: true }),
    initial: { name: "", country: browserCountry() },
    onSubmit: async (body) => {
      const workspace = await api("createWorkspace", { body });
      close();
      await onCreated(workspace);
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
      title="New workspace"
      description="Contacts, flows and history of a workspace are seen only by its members."
      footer={
        <>
          <Button onClick={close} disabled={form.busy}>
            Cancel
          </Button>
          <Button tone="primary" type="submit" form={formId} busy={form.busy}>
            Create workspace
          </Button>
        </>
      }
    >
      <form id={formId} ref={form.form} onSubmit={form.submit} noValidate>
        <Stack gap="4">
          <TextField label="Name" value={form.values.name} onChange={(name) => form.set("name", name)} error={form.problem("name")} />
          <CountryField value={form.values.country} onChange={(country) => form.set("country", country)} error={form.problem("country")} />
          <FormError error={form.error} shownAt={["name", "country"]} />
        </Stack>
      </form>
    </Dialog>
  );
}
