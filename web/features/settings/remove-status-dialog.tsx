import { Stack, Text } from "@chakra-ui/react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { LeadStatus, LeadStatusUse } from "#contract/lead-statuses.ts";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { plural } from "#ui/format.ts";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { toast } from "#ui/toaster.tsx";
import { useLastShown } from "#ui/use-last-shown.ts";
import { leadStatusUsageQuery } from "#web/entities/lead-statuses/lead-status-queries.ts";
import { api } from "#web/lib/api.ts";
import { FlowsNaming } from "./flows-naming.tsx";
import { useCarriedOver } from "./use-carried-over.ts";

/** A status of the list that is removed, or a value outside it whose contacts get another one. */
export type Leaving = { status: LeadStatus } | { use: LeadStatusUse };

interface RemoveStatusDialogProps {
  /** Null: closed. */
  leaving: Leaving | null;
  statuses: readonly LeadStatus[];
  onClose: () => void;
}

const nameOf = (leaving: Leaving) => ("status" in leaving ? leaving.status.name : leaving.use.value);

/** Asks which status the contacts get instead of one that is removed, with their number, before anything happens. */
export function RemoveStatusDialog({ leaving, statuses, onClose }: RemoveStatusDialogProps) {
  const carried = useCarriedOver();
  const [replacement, setReplacement] = useState("");
  const status = leaving !== null && "status" in leaving ? leaving.status : null;
  const usage = useQuery({ ...leadStatusUsageQuery(status?.id ?? ""), enabled: status !== null });
  const remove = useMutation({
    mutationFn: (which: Leaving) =>
      "status" in which
        ? api("deleteLeadStatus", { params: { id: which.status.id }, query: replacement === "" ? {} : { replacement } })
        : api("mapLeadStatus", { body: { value: which.use.value, replacement } }),
    onSuccess: ({ job }, which) => {
      carried.follow(job);
      if ("status" in which) toast({ status: "success", title: `${which.status.name} was removed` });
      onClose();
    },
    onSettled: carried.refresh,
  });
  const { reset } = remove;
  useEffect(() => {
    if (!leaving) return;
    reset();
    setReplacement("");
  }, [leaving, reset]);
  const { shown } = useLastShown(leaving);
  const counted = status ? usage.data : shown && "use" in shown ? { contacts: shown.use.contacts, inBin: 0, flows: [] } : undefined;
  const { contacts = 0, inBin = 0, flows = [] } = counted ?? {};
  const isUsed = contacts + inBin > 0;
  const isRemoval = shown !== null && shown !== undefined && "status" in shown;
  const name = shown ? nameOf(shown) : "the status";
  const options = [
    ...statuses.filter(({ id }) => id !== status?.id).map(({ id, name: label }) => ({ value: id, label })),
    { value: "none", label: "No status" },
  ];
  const change = `change ${plural(contacts, "contact")}`;
  return (
    <ConfirmDialog
      open={leaving !== null}
      onClose={onClose}
      onConfirm={() => leaving && remove.mutate(leaving)}
      title={isRemoval ? `Remove ${name}?` : `Replace “${name}”?`}
      confirmLabel={!isRemoval ? `C${change.slice(1)}` : isUsed && contacts > 0 ? `Remove and ${change}` : "Remove status"}
      tone={isRemoval ? "danger" : "primary"}
      busy={remove.isPending}
      disabled={!counted || (isUsed && replacement === "")}
    >
      <Stack gap="3" textStyle="sm">
        {status && usage.isError && (
          <LoadError error={usage.error} title="The contacts could not be counted" onRetry={() => void usage.refetch()} />
        )}
        {status && usage.isPending && <Text>Counting the contacts that have it…</Text>}
        {counted && !isUsed && <Text>No contact has this status. It is no longer offered.</Text>}
        {counted && isUsed && (
          <>
            <Text>
              {`${plural(contacts, "contact has", "contacts have")} this status${inBin > 0 ? `, and ${inBin.toLocaleString("en")} in the bin` : ""}. Choose what they get instead. This can be undone for 30 days.`}
            </Text>
            <SelectField
              label="They get"
              value={replacement}
              onChange={setReplacement}
              options={options}
              placeholder="Choose a status"
              required
            />
          </>
        )}
        <FlowsNaming flows={flows} name={name} />
        {remove.isError && <Notice status="error">{remove.error.message}</Notice>}
      </Stack>
    </ConfirmDialog>
  );
}
