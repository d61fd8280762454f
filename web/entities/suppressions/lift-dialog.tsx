import { Stack, Text } from "@chakra-ui/react";
import { useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { type Suppression, SuppressionLift, suppressionText } from "#contract/suppressions.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { toast } from "#ui/toaster.tsx";
import { api } from "#web/lib/api.ts";
import { FormError } from "#web/lib/form-error.tsx";
import { useForm } from "#web/lib/use-form.ts";
import { refreshSuppressions } from "./suppression-queries.ts";

interface LiftDialogProps {
  suppression: Suppression;
  open: boolean;
  onClose: () => void;
}

/** Asks an admin why an address is taken off the suppression list, and takes it off. */
export function LiftDialog({ suppression, open, onClose }: LiftDialogProps) {
  const queryClient = useQueryClient();
  const field = useRef<HTMLInputElement>(null);
  const form = useForm({
    schema: SuppressionLift,
    initial: { reason: "" },
    onSubmit: async (body) => {
      await api("liftSuppression", { params: { id: suppression.id }, body });
      onClose();
      toast({ title: `${suppression.address} can be written to again`, status: "success" });
      await refreshSuppressions(queryClient);
    },
  });
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Allow this address again?"
      closeable={!form.busy}
      initialFocusRef={field}
      isDirty={form.isDirty}
      footer={
        <>
          <Button onClick={onClose} disabled={form.busy}>
            Cancel
          </Button>
          <Button tone="primary" onClick={() => void form.submit()} busy={form.busy}>
            Allow again
          </Button>
        </>
      }
    >
      <form ref={form.form} onSubmit={form.submit} noValidate>
        <Stack gap="4">
          <Text overflowWrap="anywhere">
            Flows will write to <strong>{suppression.address}</strong> again. It was closed because: {suppressionText(suppression)}.
            {suppression.reason === "bounced_before" && " If the next message bounces too, it is closed again."}
            {(suppression.reason === "maybe_stop" || suppression.source === "decided" || suppression.source === "undecided") &&
              " Allow it only if they did not mean that you should stop."}
          </Text>
          <TextField
            ref={field}
            label="Why is it allowed again?"
            help="Kept in the audit log with your name."
            value={form.values.reason}
            onChange={(reason) => form.set("reason", reason)}
            error={form.problem("reason")}
            maxLength={300}
            autoComplete="off"
          />
          <FormError error={form.error} shownAt={["reason"]} />
        </Stack>
      </form>
    </Dialog>
  );
}
