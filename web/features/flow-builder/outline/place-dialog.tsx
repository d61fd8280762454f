import { CornerDownRight } from "lucide-react";
import { useState } from "react";
import { CommandDialog } from "#ui/command-dialog.tsx";

interface PlaceDialogProps<Value> {
  label: string;
  choices: readonly { id: string; label: string; detail?: string; value: Value }[];
  onChoose: (value: Value) => void;
  onClose: () => void;
}

/** Chooses one of the places or steps of a flow by searching for it. */
export function PlaceDialog<Value>({ label, choices, onChoose, onClose }: PlaceDialogProps<Value>) {
  const [query, setQuery] = useState("");
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = choices.filter(({ label: name, detail = "" }) => words.every((word) => `${name} ${detail}`.toLowerCase().includes(word)));
  return (
    <CommandDialog
      label={label}
      placeholder="Search the steps"
      query={query}
      onQueryChange={setQuery}
      busy={false}
      onClose={onClose}
      groups={[
        {
          heading: label,
          items: found.map(({ id, label: name, detail, value }) => ({
            id,
            label: name,
            ...(detail !== undefined && { detail }),
            icon: CornerDownRight,
            onSelect: () => onChoose(value),
          })),
        },
      ]}
    />
  );
}
