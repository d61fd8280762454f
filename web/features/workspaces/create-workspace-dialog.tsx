import { Stack } from "@chakra-ui/react";
import { useId } from "react";
import { WorkspaceInput } from "#contract/workspace-changes.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { api } from "#web/lib/api.ts";
import { browserCountry } from "#web/lib/countries.ts";
import { FormError } from "#web/lib/form-error.tsx";
import { useForm } from "#web/lib/use-form.ts";
import { browserZone } from "./browser-zone.ts";
import { CountryField } from "./country-field.tsx";
import { TimeZoneField } from "./time-zone-field.tsx";

interface CreateWorkspaceDialogProps {
  open: boolean;
  onClose: () => void;
  onCreated: (workspace: { id: string }) => Promise<void>;
}

export function CreateWorkspaceDialog({ open, onClose, onCreated }: CreateWorkspaceDialogProps) {
  const formId = useId();
  const form = useForm({
    schema: WorkspaceInput.required({ country: true, timeZone: true }),
    initial: { name: "", country: browserCountry(), timeZone: browserZone() },
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
      isDirty={form.isDirty}
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
          <TimeZoneField value={form.values.timeZone} onChange={(zone) => form.set("timeZone", zone)} error={form.problem("timeZone")} />
          <FormError error={form.error} shownAt={["name", "country", "timeZone"]} />
        </Stack>
      </form>
    </Dialog>
  );
}
