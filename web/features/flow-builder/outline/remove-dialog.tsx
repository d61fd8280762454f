import { Stack, Text } from "@chakra-ui/react";
import { useRef, useState } from "react";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { Checkbox } from "#ui/fields/checkbox.tsx";
import { plural } from "#ui/format.ts";

interface RemoveDialogProps {
  /** What is taken away: “Condition”, or "3 steps". */
  names: string;
  /** Where contacts may go on; null: nowhere. `left`: the steps that then nothing leads to any more. */
  choices: readonly { label: string; keep: string | null; left: number }[];
  onChoose: (keep: string | null, withBranches: boolean) => void;
  onClose: () => void;
}

/** Asks where those go on who come to steps that are taken away, where their ways lead to different steps. */
export function RemoveDialog({ names, choices, onChoose, onClose }: RemoveDialogProps) {
  const cancel = useRef<HTMLButtonElement>(null);
  const [withBranches, setWithBranches] = useState(false);
  const fate = (left: number) => (left === 0 ? "" : ` · ${plural(left, "step")} ${withBranches ? "deleted too" : "left unconnected"}`);
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Delete ${names}`}
      description="The ways out lead to different steps. Choose where contacts go on."
      initialFocusRef={cancel}
      footer={
        <Button ref={cancel} onClick={onClose}>
          Cancel
        </Button>
      }
    >
      <Stack gap="2">
        {choices.map(({ label, keep, left }) => (
          <Button
            key={keep ?? ""}
            justifyContent="start"
            textAlign="start"
            whiteSpace="normal"
            h="auto"
            minH="9"
            py="1.5"
            onClick={() => onChoose(keep, withBranches)}
          >
            <Text as="span" overflowWrap="anywhere">
              {label}
              <Text as="span" color="fg.muted">
                {fate(left)}
              </Text>
            </Text>
          </Button>
        ))}
        {choices.some(({ left }) => left > 0) && (
          <Checkbox label="Also delete the steps that nothing leads to then" checked={withBranches} onChange={setWithBranches} />
        )}
      </Stack>
    </Dialog>
  );
}
