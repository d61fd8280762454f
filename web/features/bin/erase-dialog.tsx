import { Stack, Text } from "@chakra-ui/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { formatCount, isolated, plural } from "#ui/format.ts";
import { Notice } from "#ui/notice.tsx";
import { toast } from "#ui/toaster.tsx";
import { useLastShown } from "#ui/use-last-shown.ts";
import { refreshBin } from "#web/entities/contacts/bin-queries.ts";
import { api } from "#web/lib/api.ts";

/** Above this number the owner types how many contacts are erased. */
const erasedAtOnce = 10;

export interface EraseTarget {
  ids: readonly string[];
  /** The name where it is one contact. */
  name: string | null;
}

interface EraseDialogProps {
  /** Null: closed. */
  target: EraseTarget | null;
  onClose: () => void;
  onErased: (target: EraseTarget) => void;
}

/** Asks before contacts are erased for good. */
export function EraseDialog({ target, onClose, onErased }: EraseDialogProps) {
  const client = useQueryClient();
  const erase = useMutation({
    mutationFn: ({ ids }: EraseTarget) => api("eraseFromBin", { body: { ids: [...ids] } }),
    onSuccess: async ({ erased }, given) => {
      toast({ status: "success", title: given.name ? `${isolated(given.name)} was erased` : `Erased ${plural(erased, "contact")}` });
      onErased(given);
      onClose();
      await refreshBin(client);
    },
  });
  const { reset } = erase;
  const [typed, setTyped] = useState("");
  useEffect(() => {
    if (target) reset();
    setTyped("");
  }, [target, reset]);
  const { shown } = useLastShown(target);
  const count = shown?.ids.length ?? 0;
  const who = shown?.name ?? plural(count, "contact");
  const mustType = count > erasedAtOnce;
  const isTyped = !mustType || typed.replaceAll(/\D/g, "") === String(count);
  return (
    <ConfirmDialog
      open={target !== null}
      onClose={onClose}
      onConfirm={() => target && isTyped && erase.mutate(target)}
      title={`Erase ${who} for good?`}
      confirmLabel={count > 1 ? `Erase ${plural(count, "contact")}` : "Erase contact"}
      busy={erase.isPending}
      disabled={!isTyped}
    >
      <Stack gap="2" textStyle="sm">
        <Text>{count > 1 ? "They" : "This contact"} cannot be restored afterwards.</Text>
        <Text color="fg.muted">
          The history of what was sent stays, without names, addresses and texts. Addresses that opted out stay blocked.
        </Text>
        {mustType && (
          <TextField
            label={`Type ${formatCount(count)} to erase them`}
            value={typed}
            onChange={setTyped}
            autoComplete="off"
            disabled={erase.isPending}
          />
        )}
        {erase.isError && <Notice status="error">{erase.error.message}</Notice>}
      </Stack>
    </ConfirmDialog>
  );
}
