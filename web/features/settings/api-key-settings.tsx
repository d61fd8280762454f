import { Link as ChakraLink, Code, Flex, Stack, Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import type { ApiKey } from "#contract/people.ts";
import { Button } from "#ui/button.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { RelativeTime } from "#ui/relative-time.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { toast } from "#ui/toaster.tsx";
import { apiKeysQuery, refreshApiKeys } from "#web/entities/api-keys/api-key-queries.ts";
import { scopeWords } from "#web/entities/api-keys/scope-words.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { api } from "#web/lib/api.ts";
import { CreateKeyDialog } from "./create-key-dialog.tsx";
import { Row, Rows, Section } from "./section.tsx";

export function ApiKeySettings() {
  const { can } = useSession();
  if (!can("admin")) {
    return (
      <Section title="API keys">
        <Notice status="info">Admins and owners see and make API keys.</Notice>
      </Section>
    );
  }
  return <KeyList />;
}

function KeyList() {
  const keys = useQuery(apiKeysQuery);
  const [creating, setCreating] = useState(false);
  const create = (
    <Button tone="primary" icon={Plus} onClick={() => setCreating(true)}>
      Create API key
    </Button>
  );
  return (
    <Section
      title="API keys"
      lead={
        <>
          For programs that add contacts or send flows. What they can call is described at{" "}
          <ChakraLink href="/api/docs" target="_blank" rel="noreferrer" textDecoration="underline">
            /api/docs
          </ChakraLink>
          .
        </>
      }
      action={keys.data && keys.data.items.length > 0 && create}
    >
      {keys.isError ? (
        <LoadError error={keys.error} onRetry={() => keys.refetch()} retrying={keys.isFetching} />
      ) : !keys.data ? (
        <SkeletonRows rows={2} columns={["30%", "40%"]} rowHeight="14" />
      ) : keys.data.items.length === 0 ? (
        <EmptyState icon={KeyRound} title="No API keys yet" action={create}>
          A key lets a program do what its scopes name, in this workspace and no other.
        </EmptyState>
      ) : (
        <Rows label="API keys">
          {keys.data.items.map((key) => (
            <KeyRow key={key.id} apiKey={key} />
          ))}
        </Rows>
      )}
      <CreateKeyDialog open={creating} onClose={() => setCreating(false)} />
    </Section>
  );
}

function KeyRow({ apiKey }: { apiKey: ApiKey }) {
  const queryClient = useQueryClient();
  const [revoking, setRevoking] = useState(false);
  const revoke = useMutation({
    mutationFn: () => api("revokeApiKey", { params: { id: apiKey.id } }),
    onSuccess: () => toast({ title: `The key “${apiKey.name}” no longer works`, status: "success" }),
    onError: (error) => toast({ title: "The key was not revoked", description: error.message, status: "error" }),
    onSettled: () => {
      setRevoking(false);
      return refreshApiKeys(queryClient);
    },
  });
  const expired = new Date(apiKey.expiresAt).getTime() < Date.now();
  return (
    <Row
      actions={
        <Button size="xs" onClick={() => setRevoking(true)} aria-label={`Revoke ${apiKey.name}`}>
          Revoke
        </Button>
      }
    >
      <Flex align="center" gap="2" minW="0">
        <Text textStyle="sm" fontWeight="medium" truncate>
          {apiKey.name}
        </Text>
        <Code size="sm" bg="bg.muted" color="fg.muted" flexShrink={0}>
          {apiKey.id}
        </Code>
      </Flex>
      <Text textStyle="xs" color="fg.muted">
        {apiKey.scopes.map((scope) => scopeWords[scope].label).join(" · ")}
      </Text>
      <Text textStyle="xs" color={expired ? "fg.error" : "fg.muted"}>
        {apiKey.lastUsedAt ? (
          <>
            Used <RelativeTime at={apiKey.lastUsedAt} />
          </>
        ) : (
          "Never used"
        )}
        {expired ? " · expired " : " · expires "}
        <RelativeTime at={apiKey.expiresAt} />
      </Text>
      <ConfirmDialog
        open={revoking}
        onClose={() => setRevoking(false)}
        onConfirm={() => revoke.mutate()}
        busy={revoke.isPending}
        title={`Revoke “${apiKey.name}”?`}
        confirmLabel="Revoke key"
      >
        <Stack gap="2">
          <Text>Programs that use it are refused from now on. This cannot be taken back.</Text>
        </Stack>
      </ConfirmDialog>
    </Row>
  );
}
