import { Flex, Stack, Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Play } from "lucide-react";
import { useState } from "react";
import type { FlowNode } from "#contract/flows.ts";
import { record } from "#nodes/node-panel.tsx";
import { Button } from "#ui/button.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { isolated } from "#ui/format.ts";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { webhookSamplesQuery } from "#web/entities/flows/step-preview-queries.ts";
import { api } from "#web/lib/api.ts";
import { PreviewChooser } from "../message/preview-chooser.tsx";
import type { PreviewContact } from "../message/use-preview-contact.ts";
import { KeptAnswer } from "./kept-answer.tsx";
import { WebhookAnswer } from "./webhook-answer.tsx";

interface WebhookTesterProps {
  flowId: string;
  node: FlowNode;
  chosen: PreviewContact;
  disabled: boolean;
  /** Keeps a value of the answer under a name. Answers the name with which later steps read it. */
  onKeep(path: string): string;
}

/** Makes the call of the step once, after a question, and shows what was sent and what came back. */
export function WebhookTester({ flowId, node, chosen, disabled, onKeep }: WebhookTesterProps) {
  const [asks, setAsks] = useState(false);
  const [values, setValues] = useState<Record<string, string>>({});
  const { id, type, data } = node;
  const config = data.config ?? {};
  const client = useQueryClient();
  const samplesQuery = webhookSamplesQuery(flowId);
  const trial = useMutation({
    mutationFn: () =>
      api("tryWebhook", {
        body: { flowId, node: { id, type, position: { x: 0, y: 0 }, data: { config } }, contactId: chosen.who, values },
      }),
    onSettled: () => {
      setAsks(false);
      void client.invalidateQueries({ queryKey: samplesQuery.queryKey });
    },
  });
  const samples = useQuery({ ...samplesQuery, enabled: !disabled });
  const sample = samples.data?.items.find(({ nodeId }) => nodeId === id);
  const { data: found } = trial;
  const name = chosen.contact ? [chosen.contact.firstname, chosen.contact.lastname].join(" ").trim() : undefined;
  const preview = found ?? (name === undefined ? undefined : { contactName: name });
  const host = hostOf(record(config).url);
  const missing = [...new Set([...(found?.missing ?? []), ...Object.keys(values)])];
  return (
    <Stack as="section" aria-label="Try it" gap="3" borderTopWidth="1px" borderBottomWidth="1px" py="3">
      <PreviewChooser chosen={chosen} preview={preview && { contactName: preview.contactName, newer: null, older: null }} />
      {missing.length > 0 && (
        <Stack gap="2">
          <Text textStyle="sm" color="fg.muted">
            Earlier steps or the contact would give these values. For this call, type some:
          </Text>
          {missing.map((field) => (
            <TextField
              key={field}
              label={field}
              required={false}
              value={values[field] ?? ""}
              onChange={(value) => setValues((before) => ({ ...before, [field]: value }))}
            />
          ))}
        </Stack>
      )}
      {asks ? (
        <Notice
          status="warning"
          title={`This calls ${host ?? "the address"} now${name ? `, with the data of ${isolated(name)}` : ""}.`}
          action={
            <Flex gap="2" wrap="wrap">
              <Button size="xs" tone="primary" autoFocus busy={trial.isPending} onClick={() => trial.mutate()}>
                Call now
              </Button>
              <Button size="xs" disabled={trial.isPending} onClick={() => setAsks(false)}>
                Cancel
              </Button>
            </Flex>
          }
        >
          It is a real call, and the other side acts on it.
        </Notice>
      ) : (
        <Flex>
          <Button size="xs" icon={Play} disabled={disabled} onClick={() => setAsks(true)}>
            Try it…
          </Button>
        </Flex>
      )}
      {trial.error && <LoadError title="It was not called" error={trial.error} />}
      {samples.isError && (
        <LoadError
          title="The last answer could not be loaded"
          error={samples.error}
          onRetry={() => void samples.refetch()}
          retrying={samples.isRefetching}
        />
      )}
      {sample && found?.status == null && <KeptAnswer sample={sample} disabled={disabled} onKeep={onKeep} />}
      {found && <WebhookAnswer trial={found} node={node} disabled={disabled} onKeep={onKeep} />}
    </Stack>
  );
}

/** The host is no merge field, so it is known before anything is filled in. */
function hostOf(url: unknown): string | undefined {
  return typeof url === "string" ? /^https?:\/\/([^\s/?#{}\\@]+)/i.exec(url)?.[1] : undefined;
}
