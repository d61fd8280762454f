import { useState } from "react";
import type { NodeDefinition } from "#contract/node-definition.ts";
import { nodeIcon } from "#nodes/describe-node.tsx";
import { CommandDialog } from "#ui/command-dialog.tsx";
import { addableTypes } from "./addable-types.ts";

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
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = addableTypes().filter(
    ({ type, label, description }) =>
      may?.(type) !== false && words.every((word) => `${label} ${type} ${description}`.toLowerCase().includes(word)),
  );
  // A step whose name is searched comes before those that only speak of it.
  const isNamed = ({ label, type }: NodeDefinition) => words.some((word) => `${label} ${type}`.toLowerCase().includes(word));
  const sorted = [...found.filter(isNamed), ...found.filter((one) => !isNamed(one))];
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
