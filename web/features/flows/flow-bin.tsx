import { Flex, Stack, Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { Button } from "#ui/button.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { formatDate, plural } from "#ui/format.ts";
import { LoadError } from "#ui/load-error.tsx";
import { RelativeTime } from "#ui/relative-time.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { toast } from "#ui/toaster.tsx";
import { flowBinQuery, refreshFlows } from "#web/entities/flows/flow-queries.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { api } from "#web/lib/api.ts";

/** Deleted flows, which can be restored for some weeks. What was sent with them stays in the history for good. */
export function FlowBin({ search, canRestore }: { search: string; canRestore: boolean }) {
  const { workspace } = useSession();
  const client = useQueryClient();
  const bin = useQuery(flowBinQuery);
  const restore = useMutation({
    mutationFn: (id: string) => api("restoreFlow", { params: { id } }),
    onSuccess: async ({ name }) => {
      toast({ status: "success", title: `“${name}” was restored` });
      await refreshFlows(client);
    },
    onError: (error) => toast({ status: "error", title: "The flow was not restored", description: error.message }),
  });
  if (bin.isPending) return <SkeletonRows label="Loading deleted flows" />;
  if (bin.isError && !bin.data) {
    return <LoadError title="The deleted flows could not be loaded" error={bin.error} onRetry={() => void bin.refetch()} />;
  }
  const found = (bin.data?.items ?? []).filter(({ name }) => name.toLowerCase().includes(search.trim().toLowerCase()));
  if (found.length === 0) return <EmptyState icon={Trash2} title={search.trim() === "" ? "No deleted flows" : "No deleted flow matches"} />;
  return (
    <Stack as="ul" aria-label="Deleted flows" gap="0" overflowY="auto" flex="1" listStyleType="none">
      {found.map(({ id, name, stepCount, deletedAt, deletedByName, restorableUntil }) => (
        <Flex as="li" key={id} align="center" gap="3" px={{ base: "4", md: "6" }} py="3" borderBottomWidth="1px">
          <Stack gap="0.5" flex="1" minW="0">
            <Text fontWeight="medium" truncate>
              {name}
            </Text>
            <Text textStyle="sm" color="fg.muted">
              {plural(stepCount, "step")} · deleted <RelativeTime at={deletedAt} />
              {deletedByName && ` by ${deletedByName}`} · can be restored until {formatDate(restorableUntil, workspace.timeZone)}
            </Text>
          </Stack>
          {canRestore && (
            <Button
              aria-label={`Restore ${name}`}
              busy={restore.isPending && restore.variables === id}
              disabled={restore.isPending}
              onClick={() => restore.mutate(id)}
            >
              Restore
            </Button>
          )}
        </Flex>
      ))}
    </Stack>
  );
}
