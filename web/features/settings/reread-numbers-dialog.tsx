import { Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { Checkbox } from "#ui/fields/checkbox.tsx";
import { plural } from "#ui/format.ts";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { api } from "#web/lib/api.ts";

export type Reread = "unreadable" | "all";

interface RereadNumbersDialogProps {
  /** The country that is to be saved; null: closed. */
  country: string | null;
  countryName: string;
  before: string;
  busy: boolean;
  error: string | undefined;
  onClose: () => void;
  onConfirm: (which: Reread) => void;
}

/** Before another country is saved: how many phone numbers it would read in another way. */
export function RereadNumbersDialog({ country, countryName, before, busy, error, onClose, onConfirm }: RereadNumbersDialogProps) {
  const [all, setAll] = useState(false);
  const numbers = useQuery({
    queryKey: ["workspace", "numbers", country],
    queryFn: ({ signal }) => api("countNumbersToReread", { query: { country: country ?? "" }, signal }),
    enabled: country !== null,
    staleTime: 0,
  });
  return (
    <ConfirmDialog
      open={country !== null}
      onClose={onClose}
      onConfirm={() => onConfirm(all ? "all" : "unreadable")}
      title={`Change the country to ${countryName}?`}
      confirmLabel="Change the country"
      tone="primary"
      busy={busy}
      disabled={!numbers.isSuccess}
    >
      {numbers.isError ? (
        <LoadError error={numbers.error} title="The numbers could not be counted" onRetry={() => void numbers.refetch()} />
      ) : numbers.isPending ? (
        <SkeletonRows rows={2} columns={["80%"]} label="Counting the numbers" />
      ) : (
        <Stack gap="3" textStyle="sm">
          <Text>
            {numbers.data.unreadable === 0
              ? "This change makes no more numbers usable."
              : `${plural(numbers.data.unreadable, "number")} without a country code could not be used so far and will be read as of ${countryName}.`}
          </Text>
          {numbers.data.otherwise > 0 && (
            <Checkbox
              label={`Also read ${plural(numbers.data.otherwise, "number")} of ${before} as numbers of ${countryName}`}
              help="Messages to these contacts will go to another number than now. Leave it off if they are right as they are."
              checked={all}
              onChange={setAll}
            />
          )}
          {error !== undefined && <Notice status="error">{error}</Notice>}
        </Stack>
      )}
    </ConfirmDialog>
  );
}
