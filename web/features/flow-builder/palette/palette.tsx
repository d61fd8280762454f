import { useState } from "react";
import type { NodeDefinition } from "#contract/node-definition.ts";
import { nodeIcon } from "#nodes/describe-node.tsx";
import { CommandDialog } from "#ui/command-dialog.tsx";
import { searchTypes } from "./search-types.ts";

const headings: Record<NodeDefinition["category"], string> = {
  entry: "Start",
  message: "Messages",
  timing: "Waiting",
  contact: "The contact",
  data: "Data",
  logic: "Ways",
  end: "End",
};

interface PaletteProps {
  /** What is asked; "Add a step" unless told. */
  label?: string;
  /** Whether a type may be chosen here. */
  may?: (type: string) => boolean;
  onChoose: (type: string) => void;
  onClose: () => void;
}

/** Chooses the type of a step that is added or replaced. Names and descriptions are searched. */
export function Palette({ label: title = "Add a step", may, onChoose, onClose }: PaletteProps) {
  const [query, setQuery] = useState("");
  const sorted = searchTypes(query).filter(({ type }) => may?.(type) !== false);
  const categories = [...new Set(sorted.map(({ category }) => category))];
  return (
    <CommandDialog
      label={title}
      placeholder="SMS, wait, condition …"
      query={query}
      onQueryChange={setQuery}
      busy={false}
      onClose={onClose}
      groups={categories.map((category) => ({
        heading: headings[category],
        items: sorted
          .filter((one) => one.category === category)
          .map(({ type, label, description }) => ({
            id: type,
            label,
            detail: description,
            icon: nodeIcon(type),
            onSelect: () => onChoose(type),
          })),
      }))}
    />
  );
}
