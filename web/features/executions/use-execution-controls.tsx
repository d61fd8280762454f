import { RotateCcw, UserMinus } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "#ui/button.tsx";
import type { RowMenuItem } from "#ui/data-table/row-menu.tsx";
import { isActive } from "#web/entities/executions/execution-state.ts";
import { RetryDialog } from "#web/entities/sends/retry-dialog.tsx";
import { type Controlled, personOf, TakeOutDialog } from "./take-out-dialog.tsx";

const mayRetry = ({ status, contactId }: Controlled) => contactId !== null && (status === "failed" || status === "partial_failure");

/** The actions on one enrollment, wherever it is shown. `dialogs` must be drawn once beside it. */
export function useExecutionControls() {
  const [leaving, setLeaving] = useState<Controlled | null>(null);
  const [retrying, setRetrying] = useState<Controlled | null>(null);
  const items = (execution: Controlled): RowMenuItem[] => [
    ...(mayRetry(execution) ? [{ label: "Retry from the failed step…", icon: RotateCcw, onSelect: () => setRetrying(execution) }] : []),
    ...(isActive(execution.status)
      ? [{ label: "Take out of flow…", icon: UserMinus, tone: "danger" as const, onSelect: () => setLeaving(execution) }]
      : []),
  ];
  const buttons = (execution: Controlled): ReactNode => (
    <>
      {mayRetry(execution) && (
        <Button icon={RotateCcw} onClick={() => setRetrying(execution)}>
          Retry
        </Button>
      )}
      {isActive(execution.status) && (
        <Button icon={UserMinus} color="red.fg" onClick={() => setLeaving(execution)}>
          Take out of flow
        </Button>
      )}
    </>
  );
  const dialogs: ReactNode = (
    <>
      <TakeOutDialog execution={leaving} onClose={() => setLeaving(null)} />
      <RetryDialog
        target={retrying && { kind: "execution", id: retrying.id, name: personOf(retrying) }}
        onClose={() => setRetrying(null)}
      />
    </>
  );
  return { items, buttons, dialogs };
}
