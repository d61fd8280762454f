import { Copy, CornerDownRight, Power, Trash2 } from "lucide-react";
import type { FlowNode } from "#contract/flows.ts";
import { modKey } from "#ui/kbd.tsx";
import type { MenuEntry } from "#ui/menu-entry.ts";
import type { BuilderActions } from "../actions.ts";

/** What can be done with a step, and the keys that do it. */
export const stepMenu = ({ id, data }: FlowNode, actions: BuilderActions): MenuEntry[] => [
  { label: "Duplicate", icon: Copy, shortcut: `${modKey} D`, onSelect: () => actions.duplicate([id]) },
  { label: "Move to…", icon: CornerDownRight, shortcut: "M", onSelect: () => actions.move([id]) },
  { label: data.off ? "Switch on" : "Switch off", icon: Power, shortcut: "X", onSelect: () => actions.switchOff([id]) },
  { label: "Delete", icon: Trash2, tone: "danger", shortcut: "Del", onSelect: () => actions.remove([id]) },
];
