import { Fieldset, Stack, Text } from "@chakra-ui/react";
import { useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { z } from "zod";
import { ApiKeyInput, type NewApiKey, type Scope, scopes } from "#contract/people.ts";
import { Button } from "#ui/button.tsx";
import { CodeBlock } from "#ui/code-block.tsx";
import { CopyField } from "#ui/copy-field.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { Checkbox } from "#ui/fields/checkbox.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { Notice } from "#ui/notice.tsx";
import { refreshApiKeys } from "#web/entities/api-keys/api-key-queries.ts";
import { scopeWords } from "#web/entities/api-keys/scope-words.ts";
import { api } from "#web/lib/api.ts";
import { FormError } from "#web/lib/form-error.tsx";
import { useForm } from "#web/lib/use-form.ts";
import { curlExample } from "./curl-example.ts";

const lifetimes = [
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "1 year" },
  { value: "730", label: "2 years" },
] as const;

export function CreateKeyDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  // Mounted anew at each opening, so that a key is shown only once.
  return open ? <OpenDialog onClose={onClose} /> : null;
}

function OpenDialog({ onClose }: { onClose: () => void }) {
  const formId = useId();
  const queryClient = useQueryClient();
  const [made, setMade] = useState<z.output<typeof NewApiKey> | null>(null);
  const form = useForm({
    schema: ApiKeyInput,
    initial: { name: "", scopes: ["contacts:read", "contacts:write", "flows:read", "flows:send"] as Scope[], days: "365" },
    toBody: ({ days, ...rest }) => ({ ...rest, expiresInDays: Number(days) }),
    onSubmit: async (body) => {
      setMade(await api("createApiKey", { body }));
      await refreshApiKeys(queryClient);
    },
  });
  if (made) return <MadeDialog made={made} onClose={onClose} />;
  const toggle = (scope: Scope, on: boolean) =>
    form.set(
      "scopes",
      scopes.filter((one) => (one === scope ? on : form.values.scopes.includes(one))),
    );
  const scopeProblem = form.problem("scopes");
  return (
    <Dialog
      open
      onClose={onClose}
      closeable={!form.busy}
      isDirty={form.isDirty}
      title="Create an API key"
      size="md"
      footer={
        <>
          <Button onClick={onClose} disabled={form.busy}>
            Cancel
          </Button>
          <Button tone="primary" type="submit" form={formId} busy={form.busy}>
            Create API key
          </Button>
        </>
      }
    >
      <form id={formId} ref={form.form} onSubmit={form.submit} noValidate>
        <Stack gap="4">
          <TextField
            label="Name"
            placeholder="Booking system"
            help="Say where it is used, so that you know what stops working when you revoke it."
            value={form.values.name}
            onChange={(name) => form.set("name", name)}
            error={form.problem("name")}
          />
          <Fieldset.Root invalid={scopeProblem !== undefined}>
            <Fieldset.Legend textStyle="sm" fontWeight="medium" color="fg">
              What it may do
            </Fieldset.Legend>
            <Stack gap="2" mt="1.5">
              {scopes.map((scope) => (
                <Checkbox
                  key={scope}
                  label={scopeWords[scope].label}
                  help={scopeWords[scope].help}
                  checked={form.values.scopes.includes(scope)}
                  onChange={(on) => toggle(scope, on)}
                />
              ))}
            </Stack>
            {scopeProblem && <Fieldset.ErrorText>{scopeProblem}</Fieldset.ErrorText>}
          </Fieldset.Root>
          <SelectField
            label="Works for"
            width="10rem"
            value={form.values.days}
            onChange={(days) => form.set("days", days)}
            options={lifetimes}
            error={form.problem("expiresInDays")}
          />
          <FormError error={form.error} shownAt={["name", "scopes", "expiresInDays"]} />
        </Stack>
      </form>
    </Dialog>
  );
}

function MadeDialog({ made, onClose }: { made: z.output<typeof NewApiKey>; onClose: () => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      // The key is never shown again, so only the button closes it.
      closeable={false}
      title={`Key for “${made.apiKey.name}”`}
      size="md"
      footer={
        <Button tone="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <Stack gap="4">
        <Notice status="warning">It is shown only now. Keep it like a password.</Notice>
        <CopyField label="API key" value={made.key} />
        <Stack gap="1">
          <Text textStyle="sm" fontWeight="medium">
            Try it
          </Text>
          <CodeBlock label="Example" code={curlExample(window.location.origin, made)} />
        </Stack>
      </Stack>
    </Dialog>
  );
}
