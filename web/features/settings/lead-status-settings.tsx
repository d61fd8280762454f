import { Flex, Stack, Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, Tag } from "lucide-react";
import { useState } from "react";
import { Button } from "#ui/button.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { toast } from "#ui/toaster.tsx";
import { leadStatusesQuery, leadStatusUsesQuery, refreshLeadStatuses } from "#web/entities/lead-statuses/lead-status-queries.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { api } from "#web/lib/api.ts";
import { LeadStatusDialog, type StatusTarget } from "./lead-status-dialog.tsx";
import { LeadStatusRow } from "./lead-status-row.tsx";
import { type Leaving, RemoveStatusDialog } from "./remove-status-dialog.tsx";
import { Rows, Section } from "./section.tsx";
import { UnlistedStatuses } from "./unlisted-statuses.tsx";

/** The list of lead statuses: their order, names, colours and kinds, and the values of contacts that are not in it. */
export function LeadStatusSettings() {
  const client = useQueryClient();
  const mayEdit = useSession().can("admin");
  const list = useQuery(leadStatusesQuery);
  const uses = useQuery(leadStatusUsesQuery);
  const [target, setTarget] = useState<StatusTarget | null>(null);
  const [leaving, setLeaving] = useState<Leaving | null>(null);
  const statuses = list.data?.items ?? [];
  const order = useMutation({
    mutationFn: (ids: string[]) => api("orderLeadStatuses", { body: { ids } }),
    // The rows move at once, so that the next press of the same key meets the new order.
    onMutate: (ids) => {
      const byId = new Map(statuses.map((status) => [status.id, status]));
      client.setQueryData(leadStatusesQuery.queryKey, { items: ids.flatMap((id) => byId.get(id) ?? []) });
    },
    onError: (error) => toast({ status: "error", title: "The order was not saved", description: error.message }),
    onSettled: () => refreshLeadStatuses(client),
  });
  const move = (from: number, to: number) => {
    const ids = statuses.map(({ id }) => id);
    const [moved] = ids.splice(from, 1);
    if (moved === undefined || to < 0 || to > ids.length) return;
    ids.splice(to, 0, moved);
    order.mutate(ids);
  };
  const countOf = (id: string) => (uses.data ? (uses.data.items.find(({ statusId }) => statusId === id)?.contacts ?? 0) : undefined);
  return (
    <Section
      title="Lead statuses"
      lead="Forms, filters and bulk changes offer these statuses in this order."
      action={
        mayEdit && (
          <Button icon={Plus} onClick={() => setTarget("new")}>
            Add status
          </Button>
        )
      }
    >
      {list.isError ? (
        <LoadError error={list.error} title="The lead statuses could not be loaded" onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <SkeletonRows rows={6} columns={["40%", "20%"]} rowHeight="14" label="Loading the lead statuses" />
      ) : statuses.length === 0 ? (
        <EmptyState icon={Tag} title="No lead status yet">
          Contacts can have any status; the ones added here are offered first.
        </EmptyState>
      ) : (
        <Rows label="Lead statuses">
          {statuses.map((status, index) => (
            <LeadStatusRow
              key={status.id}
              status={status}
              contacts={countOf(status.id)}
              {...(mayEdit && {
                onMove: (by: -1 | 1) => move(index, index + by),
                first: index === 0,
                last: index === statuses.length - 1,
                onEdit: () => setTarget(status),
                onRemove: () => setLeaving({ status }),
              })}
            />
          ))}
        </Rows>
      )}
      <Stack mt="6" gap="2">
        {uses.isError && <LoadError error={uses.error} title="The contacts could not be counted" onRetry={() => void uses.refetch()} />}
        {uses.data && (
          <UnlistedStatuses
            uses={uses.data.items}
            mayAdd={mayEdit}
            onAdd={(name) => setTarget({ name })}
            onReplace={(use) => setLeaving({ use })}
          />
        )}
        {!mayEdit && (
          <Flex>
            <Text textStyle="sm" color="fg.muted">
              An admin of the workspace changes this list.
            </Text>
          </Flex>
        )}
      </Stack>
      <LeadStatusDialog target={target} onClose={() => setTarget(null)} />
      <RemoveStatusDialog leaving={leaving} statuses={statuses} onClose={() => setLeaving(null)} />
    </Section>
  );
}
