import { Flex } from "@chakra-ui/react";
import { RotateCcw } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { Execution } from "#contract/executions.ts";
import { Button } from "#ui/button.tsx";
import { RetryDialog, type RetryTarget } from "#web/entities/sends/retry-dialog.tsx";
import { useSession } from "#web/entities/session/use-session.ts";
import { HistoryFilterBar, type HistoryFilters } from "./history-filters.tsx";
import { HistoryList } from "./history-list.tsx";

export interface EnrollmentHistoryProps {
  flowId?: string;
  /** The history is limited to this send, which the page has named already. */
  sendId?: string;
  filters: HistoryFilters;
  onFilters: (filters: HistoryFilters) => void;
  onOpen: (execution: Execution) => void;
  /** The zone of the workspace. */
  zone: string;
  /** Shown when nobody has ever been enrolled. */
  whenEmpty?: ReactNode;
}

/** Lists everybody who was sent through a flow, newest first, and keeps the rows up to date while they are read. */
export function EnrollmentHistory({ flowId, sendId, filters, onFilters, onOpen, zone, whenEmpty }: EnrollmentHistoryProps) {
  const scope = { flowId, sendId: sendId ?? filters.sendId, status: filters.status, search: filters.search, missed: filters.missed };
  const filtered = filters.search !== "" || filters.status.length > 0 || filters.sendId !== undefined || filters.missed !== undefined;
  const { can } = useSession();
  const [retrying, setRetrying] = useState<RetryTarget | null>(null);
  return (
    <Flex direction="column" flex="1" minH="0" minW="0">
      <Flex gap="2" wrap="wrap" px={{ base: "4", md: "6" }} py="2" borderBottomWidth="1px">
        <HistoryFilterBar value={filters} onChange={onFilters} flowId={sendId ? undefined : flowId} zone={zone} />
        {filters.sendId && can("editor") && (
          <Button icon={RotateCcw} onClick={() => setRetrying({ kind: "send", id: filters.sendId ?? "", name: "this send" })}>
            Retry failed
          </Button>
        )}
      </Flex>
      <HistoryList
        key={JSON.stringify(scope)}
        scope={scope}
        onOpen={onOpen}
        zone={zone}
        whenEmpty={filtered ? undefined : whenEmpty}
        clearFilters={filtered ? () => onFilters({ status: [], search: "", sendId: undefined, missed: undefined }) : undefined}
      />
      <RetryDialog target={retrying} onClose={() => setRetrying(null)} />
    </Flex>
  );
}
