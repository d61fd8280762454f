import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Keyboard, Moon, Sun, UserPlus, UserRound, Workflow } from "lucide-react";
import { useState } from "react";
import { useColorMode } from "#ui/color-mode.tsx";
import { CommandDialog, type CommandGroup } from "#ui/command-dialog.tsx";
import { contactMatchesQuery } from "#web/entities/contacts/contact-queries.ts";
import { flowsQuery } from "#web/entities/flows/flow-queries.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { showShortcuts } from "#web/lib/shortcuts-help.ts";
import { useDebounced } from "#web/lib/use-debounced.ts";
import type { Place } from "./place.ts";

interface PaletteProps {
  places: readonly Place[];
  onGo: (to: string) => void;
  onClose: () => void;
}

/** The command palette finds pages, contacts, flows and actions by a few letters. */
export function Palette({ places, onGo, onClose }: PaletteProps) {
  const [query, setQuery] = useState("");
  const navigate = useNavigate();
  const { can } = useSession();
  const { mode, setPreference } = useColorMode();
  const words = query.trim().toLowerCase();
  const asked = useDebounced(words, 200);
  const flows = useQuery({ ...flowsQuery, staleTime: 30_000 });
  const contacts = useQuery({ ...contactMatchesQuery(asked), enabled: asked.length >= 2 });

  const matches = (label: string) => words === "" || words.split(/\s+/).every((word) => label.toLowerCase().includes(word));
  /** Closes the palette before it acts, so that the focus returns to the page before a next dialog takes it. */
  const then = (act: () => void) => () => {
    onClose();
    act();
  };
  const groups: CommandGroup[] = [
    {
      heading: "Go to",
      items: places
        .filter((place) => matches(place.label))
        .map((place) => ({
          id: place.to,
          label: place.label,
          detail: `G ${place.key.toUpperCase()}`,
          icon: place.icon,
          onSelect: then(() => onGo(place.to)),
        })),
    },
    {
      heading: "Contacts",
      items:
        words.length < 2
          ? []
          : (contacts.data?.items ?? []).map((contact) => ({
              id: contact.id,
              label: contact.displayName,
              detail: contact.email ?? contact.phoneE164 ?? contact.phoneNumber ?? undefined,
              icon: UserRound,
              onSelect: then(() => navigate({ to: "/contacts", search: { contact: contact.id } })),
            })),
    },
    {
      heading: "Flows",
      items: (flows.data?.items ?? [])
        .filter((flow) => matches(flow.name))
        .slice(0, 6)
        .map((flow) => ({
          id: flow.id,
          label: flow.name,
          icon: Workflow,
          onSelect: then(() => navigate({ to: "/flows/$flowId", params: { flowId: flow.id } })),
        })),
    },
    {
      heading: "Do",
      items: [
        ...(can("editor")
          ? [
              {
                id: "add-contact",
                label: "Add a contact",
                icon: UserPlus,
                onSelect: then(() => navigate({ to: "/contacts", search: { new: "1" } })),
              },
            ]
          : []),
        mode === "dark"
          ? { id: "light", label: "Switch to light", icon: Sun, onSelect: then(() => setPreference("light")) }
          : { id: "dark", label: "Switch to dark", icon: Moon, onSelect: then(() => setPreference("dark")) },
        { id: "keys", label: "Keyboard shortcuts", detail: "?", icon: Keyboard, onSelect: then(showShortcuts) },
      ].filter((item) => matches(item.label)),
    },
  ];
  return (
    <CommandDialog
      label="Find or do anything"
      placeholder="A contact, a flow, a page…"
      query={query}
      onQueryChange={setQuery}
      groups={groups}
      busy={words.length >= 2 && (words !== asked || contacts.isFetching)}
      onClose={onClose}
    />
  );
}
