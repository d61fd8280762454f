import { Stack } from "@chakra-ui/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useRef, useState } from "react";
import type { SavedLaunch, SavedTerms } from "#contract/saved-launches.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { Checkbox } from "#ui/fields/checkbox.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { Notice } from "#ui/notice.tsx";
import { toast } from "#ui/toaster.tsx";
import { refreshSavedLaunches } from "#web/entities/launches/saved-launch-queries.ts";
import { api } from "#web/lib/api.ts";

type SaveLaunchDialogProps = { onClose: () => void } & (
  | { launch: SavedLaunch; flowId?: undefined; terms?: undefined }
  | { launch?: undefined; flowId: string; terms: SavedTerms }
);

/** Gives what is set in the dialog of a send a name, or a saved one another. */
export function SaveLaunchDialog({ launch, flowId, terms, onClose }: SaveLaunchDialogProps) {
  const client = useQueryClient();
  const form = useId();
  const input = useRef<HTMLInputElement>(null);
  const [name, setName] = useState(launch?.name ?? "");
  const [shared, setShared] = useState(launch?.shared ?? false);
  const save = useMutation({
    mutationFn: () =>
      launch
        ? api("updateSavedLaunch", { params: { id: launch.id }, body: { name, shared } })
        : api("createSavedLaunch", { body: { name, shared, flowId: flowId as string, terms: terms as SavedTerms } }),
    onSuccess: async (saved) => {
      onClose();
      toast({ status: "success", title: `“${saved.name}” is saved`, description: "It stands above the choice of the flow." });
      await refreshSavedLaunches(client);
    },
    onError: () => input.current?.focus(),
  });
  return (
    <Dialog
      open
      onClose={onClose}
      closeable={!save.isPending}
      title={launch ? "Rename or share" : "Save for next time"}
      description={
        launch
          ? undefined
          : "The flow, whom it goes to and leaves out, when, and the values. Who matches is counted anew each time, and nothing is sent by itself."
      }
      initialFocusRef={input}
      footer={
        <>
          <Button tone="ghost" onClick={onClose} disabled={save.isPending}>
            Cancel
          </Button>
          <Button tone="primary" type="submit" form={form} busy={save.isPending} disabled={name.trim() === ""}>
            Save
          </Button>
        </>
      }
    >
      <form
        id={form}
        onSubmit={(event) => {
          event.preventDefault();
          // The dialog stands in that of the send, which must not take this for its own.
          event.stopPropagation();
          save.mutate();
        }}
      >
        <Stack gap="4">
          <TextField ref={input} label="Name" value={name} onChange={setName} maxLength={100} placeholder="Monday offer" />
          <Checkbox
            label="Share it with everybody in this workspace who may send"
            help="They can use it. You and admins can change it."
            checked={shared}
            onChange={setShared}
          />
          {save.error && (
            <Notice status="error" title="It was not saved">
              {save.error.message}
            </Notice>
          )}
        </Stack>
      </form>
    </Dialog>
  );
}
