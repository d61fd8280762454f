import { chakra, Text } from "@chakra-ui/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { UserCheck } from "lucide-react";
import { reasons } from "#contract/reasons.ts";
import type { SendSkip } from "#contract/send-changes.ts";
import type { DataColumn } from "#ui/data-table/columns.ts";
import { DataTable } from "#ui/data-table.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { sendSkipsQuery } from "#web/entities/sends/send-queries.ts";

const Line = chakra("span", { base: { truncate: true, minW: "0" } });
const nameOf = (skip: SendSkip) => skip.contactName ?? "Deleted contact";

const columns: DataColumn<SendSkip>[] = [
  {
    id: "contact",
    header: "Contact",
    width: 180,
    identity: true,
    cell: (skip) => (
      <Line fontWeight="500" color={skip.contactName === null ? "fg.muted" : undefined}>
        {nameOf(skip)}
      </Line>
    ),
  },
  { id: "reason", header: "Why not", width: 260, grow: 2, cell: (skip) => <Line>{reasons[skip.reason].text}</Line> },
];

/** Lists the contacts that were selected and not enrolled, each with the reason. */
export function SkipList({ sendId, notEnrolled }: { sendId: string; notEnrolled: number }) {
  const skips = useInfiniteQuery(sendSkipsQuery(sendId, notEnrolled));
  return (
    <DataTable
      label="Not enrolled"
      columns={columns}
      rows={skips.data?.pages.flatMap((page) => page.items) ?? []}
      rowId={(skip) => skip.contactId}
      rowLabel={nameOf}
      total={notEnrolled}
      loading={skips.isPending ? "first" : null}
      error={
        skips.isError && !skips.data ? (
          <LoadError
            title="The list could not be loaded"
            error={skips.error}
            onRetry={() => void skips.refetch()}
            retrying={skips.isRefetching}
          />
        ) : undefined
      }
      empty={<EmptyState icon={UserCheck} title="Everybody selected was enrolled" />}
      more={{
        has: skips.hasNextPage,
        load: () => {
          if (!skips.isFetching && !skips.isFetchNextPageError) void skips.fetchNextPage();
        },
        error: skips.isFetchNextPageError ? (
          <LoadError title="More could not be loaded" error={skips.error} onRetry={() => void skips.fetchNextPage()} />
        ) : undefined,
      }}
      compactRow={(skip) => (
        <span style={{ minWidth: 0 }}>
          <Line display="block" fontWeight="500">
            {nameOf(skip)}
          </Line>
          <Text as="span" textStyle="xs" color="fg.muted">
            {reasons[skip.reason].text}
          </Text>
        </span>
      )}
    />
  );
}
