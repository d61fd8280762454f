import { Stack, Text } from "@chakra-ui/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { PlannedExecution } from "#contract/contact-plan.ts";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { momentWords, zoneName } from "#ui/format.ts";
import { toast } from "#ui/toaster.tsx";
import { useLastShown } from "#ui/use-last-shown.ts";
import { refreshContactPage } from "#web/entities/contacts/contact-page-queries.ts";
import { momentOfText, tomorrowAtNine } from "#web/entities/schedule/zoned-time.ts";
import { refreshSends } from "#web/entities/sends/send-queries.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { api } from "#web/lib/api.ts";
import { RefusalNotice } from "#web/lib/refusal-notice.tsx";
import { serverNow } from "#web/lib/server-clock.ts";

/** The wait that a person is about to change, as they saw it. */
export interface ChangedWait {
  type: "reschedule" | "skip" | "take_out";
  item: PlannedExecution;
  wait: NonNullable<PlannedExecution["wait"]>;
}

interface WaitDialogProps {
  /** Null: closed. */
  changing: ChangedWait | null;
  contact: { id: string; name: string };
  onClose: () => void;
}

/** Asks before a wait is moved, skipped, or the contact taken out. What somebody else did meanwhile is told, and nothing is overwritten. */
export function WaitDialog({ changing, ...rest }: WaitDialogProps) {
  const { shown, opening } = useLastShown(changing);
  return shown && <Opened key={opening} changing={shown} open={changing !== null} {...rest} />;
}

function Opened({ changing, open, contact, onClose }: WaitDialogProps & { changing: ChangedWait; open: boolean }) {
  const client = useQueryClient();
  const { workspace } = useSession();
  const zone = workspace.timeZone;
  const now = serverNow();
  const [typed, setTyped] = useState(() => tomorrowAtNine(now, zone));
  const { type, item } = changing;
  const { visit, attempt, until } = changing.wait;
  const at = momentOfText(typed, zone);
  const problem =
    type !== "reschedule" ? undefined : at === undefined ? "Enter a day and a time" : at <= now ? "This time has passed" : undefined;
  const change = useMutation({
    mutationFn: () => {
      const params = { id: item.executionId };
      const seen = { visit, attempt, until };
      if (type === "skip") return api("skipWait", { params, body: seen });
      if (type === "take_out") return api("takeOut", { params, body: seen });
      return api("rescheduleWait", { params, body: { ...seen, at: new Date(at ?? 0).toISOString() } });
    },
    onSuccess: () => {
      toast({ status: "success", title: doneWords(changing, contact.name, at, zone) });
      onClose();
    },
    // A person who was refused sees what there is now.
    onSettled: () => Promise.all([refreshContactPage(client, contact.id), refreshSends(client)]),
  });
  const step = item.label ?? "this step";
  const { title, confirm, text } = {
    reschedule: {
      title: `Reschedule “${step}”`,
      confirm: "Reschedule",
      text: `${contact.name} goes on in “${item.flowName}” at the time that you choose. Messages keep to the sending hours all the same.`,
    },
    skip: {
      title: `Skip “${step}”?`,
      confirm: "Skip this step",
      text: `${contact.name} goes on in “${item.flowName}” at once, as if the time were over. The history says who skipped it.`,
    },
    take_out: {
      title: `Take ${contact.name} out of “${item.flowName}”?`,
      confirm: "Take out of flow",
      text: "Nothing more is sent from this flow. What has left cannot be taken back, and the record stays.",
    },
  }[type];
  return (
    <ConfirmDialog
      open={open}
      onClose={onClose}
      onConfirm={() => problem === undefined && change.mutate()}
      title={title}
      confirmLabel={confirm}
      tone={type === "take_out" ? "danger" : "primary"}
      busy={change.isPending}
      disabled={problem !== undefined}
    >
      <Stack gap="3" textStyle="sm">
        <Text>{text}</Text>
        {type === "reschedule" && (
          <TextField
            label={`Goes on at (${zoneName(zone)})`}
            type="datetime-local"
            value={typed}
            onChange={(text) => setTyped(text.slice(0, 16))}
            error={problem}
          />
        )}
        {change.isError && <RefusalNotice error={change.error} onRetry={() => change.mutate()} />}
      </Stack>
    </ConfirmDialog>
  );
}

function doneWords({ type, item }: ChangedWait, name: string, at: number | undefined, zone: string): string {
  if (type === "take_out") return `Took ${name} out of the flow`;
  if (type === "skip") return `Skipped “${item.label ?? "the step"}” for ${name}`;
  return `${name} goes on ${momentWords(new Date(at ?? 0).toISOString(), serverNow(), zone)}`;
}
