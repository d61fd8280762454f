import { Stack, Text } from "@chakra-ui/react";
import { fewWords, heldWords } from "#contract/canary-words.ts";
import type { Send } from "#contract/sends.ts";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { plural } from "#ui/format.ts";
import { useLastShown } from "#ui/use-last-shown.ts";

interface OpenCanaryDialogProps {
  /** Null: closed. */
  send: Send | null;
  onClose: () => void;
  onConfirm: () => void;
  busy: boolean;
}

/** Asks whether the rest of a send is to follow its first contacts now, and says what was seen of these. */
export function OpenCanaryDialog({ send, ...rest }: OpenCanaryDialogProps) {
  const { shown } = useLastShown(send, ({ id }) => id);
  const canary = shown?.canary;
  if (!shown || !canary) return null;
  const few = canary.few ?? 0;
  const held = heldWords(canary);
  return (
    <ConfirmDialog
      open={send !== null}
      title={`Go on with “${shown.flowName}”?`}
      confirmLabel={few === 0 ? "Go on with everybody" : `Go on with ${plural(shown.enrolled - few, "other contact")}`}
      tone="primary"
      {...rest}
    >
      <Stack gap="2" textStyle="sm">
        {held.map((sentence) => (
          <Text key={sentence}>{sentence}</Text>
        ))}
        {held.length === 0 && <Text>{few === 0 ? "Nobody has got it yet." : `It is not known yet how ${fewWords(few)} went.`}</Text>}
        <Text>The rest gets what was planned, at the times that were planned.</Text>
      </Stack>
    </ConfirmDialog>
  );
}
