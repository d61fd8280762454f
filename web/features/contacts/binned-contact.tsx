import { Stack, Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "#ui/button.tsx";
import { formatExact } from "#ui/format.ts";
import { Notice } from "#ui/notice.tsx";
import { useZone } from "#ui/relative-time.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { binnedContactQuery } from "#web/entities/contacts/bin-queries.ts";
import { restoreContacts } from "#web/entities/contacts/restore.ts";

interface BinnedContactProps {
  contactId: string;
  mayRestore: boolean;
  /** Shown where the contact is not in the bin either. */
  otherwise: ReactNode;
}

/** Stands in for the details of a contact that was deleted and can still be restored. */
export function BinnedContact({ contactId, mayRestore, otherwise }: BinnedContactProps) {
  const client = useQueryClient();
  const zone = useZone();
  const binned = useQuery(binnedContactQuery(contactId));
  const restore = useMutation({
    mutationFn: () => restoreContacts(client, { ids: [contactId], name: binned.data?.displayName ?? null }),
  });
  if (binned.isPending) return <SkeletonRows rows={3} columns={["30%", "55%"]} label="Looking in the bin" />;
  if (!binned.data) return otherwise;
  const { displayName, deletedAt, deletedByName, erasedAt } = binned.data;
  return (
    <Notice status="warning" title={`${displayName} is in the bin`}>
      <Stack gap="3" align="flex-start">
        <Text>
          Deleted {formatExact(deletedAt, zone)}
          {deletedByName && ` by ${deletedByName}`}. Nothing is sent to a deleted contact. It is erased {formatExact(erasedAt, zone)} unless
          somebody restores it.
        </Text>
        {mayRestore && (
          <Button icon={RotateCcw} busy={restore.isPending} onClick={() => restore.mutate()}>
            Restore
          </Button>
        )}
      </Stack>
    </Notice>
  );
}
