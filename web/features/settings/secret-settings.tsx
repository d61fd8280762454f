import { Code, Flex, Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Lock, Plus } from "lucide-react";
import { useState } from "react";
import type { Secret } from "#contract/secrets.ts";
import { Button } from "#ui/button.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { RelativeTime } from "#ui/relative-time.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { toast } from "#ui/toaster.tsx";
import { refreshSecrets, secretsQuery } from "#web/entities/secrets/secret-queries.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { api } from "#web/lib/api.ts";
import { SecretDialog } from "./secret-dialog.tsx";
import { Row, Rows, Section } from "./section.tsx";

export function SecretSettings() {
  const { can } = useSession();
  if (!can("admin")) {
    return (
      <Section title="Secrets">
        <Notice status="info">Admins and owners store secrets.</Notice>
      </Section>
    );
  }
  return <SecretList />;
}

function SecretList() {
  const secrets = useQuery(secretsQuery);
  const [adding, setAdding] = useState(false);
  const add = (
    <Button tone="primary" icon={Plus} onClick={() => setAdding(true)}>
      Add secret
    </Button>
  );
  const items = secrets.data?.items ?? [];
  return (
    <Section
      title="Secrets"
      lead="Keys of other services, which webhooks send in their headers. Nobody can read them here, and each is sent only to the hosts you name."
      action={items.length > 0 && add}
    >
      {secrets.isError ? (
        <LoadError error={secrets.error} onRetry={() => secrets.refetch()} retrying={secrets.isFetching} />
      ) : !secrets.data ? (
        <SkeletonRows rows={2} columns={["30%", "40%"]} rowHeight="14" />
      ) : items.length === 0 ? (
        <EmptyState icon={Lock} title="No secrets yet" action={add}>
          A webhook that needs a key names a secret in its headers, so that the key does not stand in the flow.
        </EmptyState>
      ) : (
        <Rows label="Secrets">
          {items.map((secret) => (
            <SecretRow key={secret.name} secret={secret} />
          ))}
        </Rows>
      )}
      {adding && <SecretDialog replaced={null} taken={items.map(({ name }) => name)} onClose={() => setAdding(false)} />}
    </Section>
  );
}

function SecretRow({ secret }: { secret: Secret }) {
  const queryClient = useQueryClient();
  const [open, setOpen] = useState<"replace" | "delete" | null>(null);
  const remove = useMutation({
    mutationFn: () => api("deleteSecret", { params: { name: secret.name } }),
    onSuccess: () => toast({ title: `The secret “${secret.name}” is deleted`, status: "success" }),
    onError: (error) => toast({ title: "The secret was not deleted", description: error.message, status: "error" }),
    onSettled: () => {
      setOpen(null);
      return refreshSecrets(queryClient);
    },
  });
  return (
    <Row
      stacked
      actions={
        <Flex gap="2">
          <Button size="xs" onClick={() => setOpen("replace")} aria-label={`Replace ${secret.name}`}>
            Replace
          </Button>
          <Button size="xs" onClick={() => setOpen("delete")} aria-label={`Delete ${secret.name}`}>
            Delete
          </Button>
        </Flex>
      }
    >
      <Code size="sm" bg="bg.muted" color="fg" maxW="full" overflowWrap="anywhere" whiteSpace="normal">
        {`{{ secrets.${secret.name} }}`}
      </Code>
      {secret.hosts.length === 0 ? (
        <Text textStyle="xs" color="fg.error">
          No host is named yet, so webhooks that use it fail. Replace it and name its hosts.
        </Text>
      ) : (
        <Text textStyle="xs" color="fg.muted" overflowWrap="anywhere">
          May go to {secret.hosts.join(", ")}
        </Text>
      )}
      <Text textStyle="xs" color="fg.muted">
        Stored <RelativeTime at={secret.updatedAt} />
      </Text>
      {open === "replace" && <SecretDialog replaced={secret} taken={[]} onClose={() => setOpen(null)} />}
      <ConfirmDialog
        open={open === "delete"}
        onClose={() => setOpen(null)}
        onConfirm={() => remove.mutate()}
        busy={remove.isPending}
        title={`Delete the secret “${secret.name}”?`}
        confirmLabel="Delete secret"
      >
        <Text>Webhooks that name it fail from now on. The value cannot be restored.</Text>
      </ConfirmDialog>
    </Row>
  );
}
