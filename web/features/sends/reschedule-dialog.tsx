import { Stack, Text } from "@chakra-ui/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { SendPatch } from "#contract/send-changes.ts";
import type { Send } from "#contract/sends.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { toast } from "#ui/toaster.tsx";
import { useLastShown } from "#ui/use-last-shown.ts";
import { draftOf, readDraft } from "#web/entities/schedule/schedule-draft.ts";
import { ScheduleFields } from "#web/entities/schedule/schedule-fields.tsx";
import { isBeforeStart, scheduleSentence } from "#web/entities/schedule/schedule-words.ts";
import { refreshSends } from "#web/entities/sends/send-queries.ts";
import { api } from "#web/lib/api.ts";
import { RefusalNotice } from "#web/lib/refusal-notice.tsx";
import { serverNow } from "#web/lib/server-clock.ts";

interface RescheduleDialogProps {
  /** Null: closed. */
  send: Send | null;
  onClose: () => void;
  onChanged: (send: Send) => void;
  zone: string;
}

/** Changes the start of a send while no contact has begun, and its pace at any time. */
export function RescheduleDialog({ send, ...rest }: RescheduleDialogProps) {
  const { shown, opening } = useLastShown(send, ({ id }) => id);
  return shown && <OpenDialog key={opening} send={shown} open={send !== null} {...rest} />;
}

function OpenDialog({ send, open, onClose, onChanged, zone }: RescheduleDialogProps & { send: Send; open: boolean }) {
  const client = useQueryClient();
  const now = serverNow();
  const [first] = useState(() => draftOf(send, now, zone));
  const [draft, setDraft] = useState(first);
  const hasBegun = !isBeforeStart(send.start, now, zone);
  const byContact = send.start?.zone === "contact";
  // A start in the past is no mistake here; it is only not asked for again.
  const { schedule, problems } = readDraft(hasBegun ? { ...draft, start: "now" } : draft, now, zone);
  const change = useMutation({
    mutationFn: (patch: SendPatch) => api("updateSend", { params: { id: send.id }, body: patch }),
    onSuccess: (changed) => {
      toast({ status: "success", title: "Schedule changed" });
      onChanged(changed);
      onClose();
    },
    onSettled: () => refreshSends(client),
  });
  const original = readDraft({ ...first, start: "now" }, now, zone).schedule?.drip ?? null;
  const moved = !hasBegun && (draft.start !== first.start || (draft.start === "at" && draft.at !== first.at));
  const paced = JSON.stringify(schedule?.drip) !== JSON.stringify(original);
  /** Only what differs is sent; null when nothing does. */
  const patch: SendPatch | null =
    schedule && (moved || paced) ? { ...(moved && { start: schedule.start }), ...(paced && { drip: schedule.drip }) } : null;
  const left = Math.max(1, send.state === "enrolling" ? send.total : send.active);
  return (
    <Dialog
      open={open}
      onClose={onClose}
      size="md"
      closeable={!change.isPending}
      isDirty={draft !== first}
      title={`Change when “${send.flowName}” is sent`}
      footer={
        <>
          <Button tone="ghost" onClick={onClose} disabled={change.isPending}>
            Cancel
          </Button>
          <Button tone="primary" onClick={() => patch && change.mutate(patch)} disabled={!patch} busy={change.isPending}>
            Change schedule
          </Button>
        </>
      }
    >
      <Stack gap="4">
        <ScheduleFields
          draft={draft}
          onChange={setDraft}
          problems={problems ?? {}}
          zone={zone}
          disabled={change.isPending}
          locked={{
            start: hasBegun ? "It has begun, so its start cannot be changed." : undefined,
            pace: byContact ? "It begins in each contact’s own time zone, so it cannot be sent in batches." : undefined,
            whose: true,
          }}
        />
        <Text role="status" textStyle="sm" px="3" py="2" bg="bg.subtle" borderRadius="l2">
          {schedule
            ? `From now on: ${scheduleSentence(schedule, { total: left, now, zone })}`
            : "Correct the fields marked above to see what will happen."}
        </Text>
        {change.isError && <RefusalNotice error={change.error} onRetry={() => patch && change.mutate(patch)} />}
      </Stack>
    </Dialog>
  );
}
