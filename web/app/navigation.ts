import { Inbox, Layers, type LucideIcon, Send, Settings, Users, Workflow } from "lucide-react";

/**
 * The six pages of the navigation, in the order of the work. The rail, the bottom bar and the palette show them.
 */
export const places = [
  { to: "/contacts", label: "Contacts", icon: Users, key: "c" },
  { to: "/flows", label: "Flows", icon: Workflow, key: "f" },
  { to: "/sends", label: "Sends", icon: Send, key: "s" },
  { to: "/queue", label: "Queue", icon: Layers, key: "q" },
  { to: "/inbox", label: "Inbox", icon: Inbox, key: "i" },
  { to: "/settings", label: "Settings", icon: Settings, key: "," },
] as const satisfies { to: string; label: string; icon: LucideIcon; key: string }[];
