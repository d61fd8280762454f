import { Stack } from "@chakra-ui/react";
import { useQueryClient } from "@tanstack/react-query";
import { useId } from "react";
import { mostHosts, type Secret, SecretInput, SecretName } from "#contract/secrets.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { PasswordField } from "#ui/fields/password-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { toast } from "#ui/toaster.tsx";
import { refreshSecrets } from "#web/entities/secrets/secret-queries.ts";
import { api } from "#web/lib/api.ts";
import { FormError } from "#web/lib/form-error.tsx";
import { useForm } from "#web/lib/use-form.ts";

const SecretForm = SecretInput.extend({ name: SecretName });
const hostPaths = Array.from({ length: mostHosts }, (_, index) => `hosts.${index}`);

interface SecretDialogProps {
  /** The secret whose value and hosts are replaced; null adds one. */
  replaced: Secret | null;
  /** Names that are taken: adding one of them would replace it without a word. */
  taken: readonly string[];
  onClose: () => void;
}

export function SecretDialog({ replaced, taken, onClose }: SecretDialogProps) {
  const formId = useId();
  const queryClient = useQueryClient();
  const form = useForm({
    schema: replaced
      ? SecretForm
      : SecretForm.refine(({ name }) => !taken.includes(name), { path: ["name"], message: "This name is taken" }),
    initial: { name: replaced?.name ?? "", value: "", hosts: replaced?.hosts.join(", ") ?? "" },
    toBody: ({ hosts, ...rest }) => ({ ...rest, hosts: hosts.split(/[\s,;]+/).filter((host) => host !== "") }),
    onSubmit: async ({ name, ...body }) => {
      await api("setSecret", { params: { name }, body });
      toast({ title: `The secret “${name}” was saved`, status: "success" });
      onClose();
      await refreshSecrets(queryClient);
    },
  });
  const title = replaced ? `Replace the secret “${replaced.name}”` : "Add a secret";
  const hostProblem = ["hosts", ...hostPaths].map(form.problem).find((problem) => problem !== undefined);
  return (
    <Dialog
      open
      onClose={onClose}
      closeable={!form.busy}
      isDirty={form.isDirty}
      title={title}
      size="md"
      footer={
        <>
          <Button onClick={onClose} disabled={form.busy}>
            Cancel
          </Button>
          <Button tone="primary" type="submit" form={formId} busy={form.busy}>
            {replaced ? "Replace secret" : "Add secret"}
          </Button>
        </>
      }
    >
      <form id={formId} ref={form.form} onSubmit={form.submit} noValidate>
        <Stack gap="4">
          {!replaced && (
            <TextField
              label="Name"
              placeholder="billing_key"
              help="Webhooks use the secret by this name."
              value={form.values.name}
              onChange={(name) => form.set("name", name)}
              error={form.problem("name")}
              autoComplete="off"
              mono
            />
          )}
          <PasswordField
            label="Value"
            help={
              replaced
                ? "The stored value cannot be shown. Type it again to change its hosts."
                : "You cannot see it again once it is saved."
            }
            value={form.values.value}
            onChange={(value) => form.set("value", value)}
            error={form.problem("value")}
            autoComplete="off"
          />
          <TextField
            label="Hosts"
            placeholder="api.example.com"
            help="Only these hosts may receive the secret. Separate several with commas."
            value={form.values.hosts}
            onChange={(hosts) => form.set("hosts", hosts)}
            error={hostProblem}
            autoComplete="off"
            mono
          />
          <FormError error={form.error} shownAt={["name", "value", "hosts", ...hostPaths]} />
        </Stack>
      </form>
    </Dialog>
  );
}
