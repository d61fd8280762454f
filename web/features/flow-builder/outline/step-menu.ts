import { Copy, CornerDownRight, Power, Replace, StickyNote, Trash2 } from "lucide-react";
import type { FlowNode } from "#contract/flows.ts";
import type { MenuEntry } from "#ui/menu-entry.ts";
import type { BuilderActions } from "../actions.ts";
import { rowKeys } from "../keys/builder-keys.ts";
import { shortcutOf } from "../keys/key-signs.tsx";

/** What can be done with a step, and the keys that do it. `ways`: by how many exits it goes on. */
export const stepMenu = ({ id, data }: FlowNode, actions: BuilderActions, ways: number): MenuEntry[] => [
  { label: "Duplicate", icon: Copy, shortcut: shortcutOf(rowKeys.duplicate), onSelect: () => actions.duplicate([id]) },
  { label: "Move to…", icon: CornerDownRight, shortcut: shortcutOf(rowKeys.move), onSelect: () => actions.move([id]) },
  { label: "Replace with…", icon: Replace, shortcut: shortcutOf(rowKeys.replace), onSelect: () => actions.replace(id) },
  {
    label: data.off ? "Switch on" : "Switch off",
    icon: Power,
    shortcut: shortcutOf(rowKeys.switchOff),
    onSelect: () => actions.switchOff([id]),
  },
  ...(ways === 1
    ? [{ label: "Note on the line below…", icon: StickyNote, shortcut: shortcutOf(rowKeys.lineNote), onSelect: () => actions.annotate(id) }]
    : []),
  { label: "Delete", icon: Trash2, tone: "danger", shortcut: shortcutOf(rowKeys.remove), onSelect: () => actions.remove([id]) },
];
