import { lazy, Suspense, useEffect, useRef } from "react";
import { useSession } from "#web/entities/session/use-session.ts";
import { hideShortcuts, showShortcuts, useShortcutsShown } from "#web/lib/shortcuts-help.ts";
import { closePalette, togglePalette, usePaletteOpen } from "./palette-state.ts";
import type { Place } from "./place.ts";

// Both are loaded when they are first opened, so that they do not delay the first page.
const Palette = lazy(async () => ({ default: (await import("./palette.tsx")).Palette }));
const ShortcutsDialog = lazy(async () => ({ default: (await import("./shortcuts-dialog.tsx")).ShortcutsDialog }));

interface KeyboardShortcutsProps {
  places: readonly Place[];
  onGo: (to: string) => void;
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
const isInDialog = () => document.querySelector("[role=dialog][data-state=open], [role=alertdialog][data-state=open]") !== null;
/** How many milliseconds after `g` the second key may come. */
const chordMilliseconds = 1200;

/** The keys of the whole app: Cmd/Ctrl-K, `?`, `/`, and `g` followed by a place's key. */
export function KeyboardShortcuts({ places, onGo }: KeyboardShortcutsProps) {
  const { workspace } = useSession();
  const paletteOpen = usePaletteOpen();
  const helpOpen = useShortcutsShown();
  const chord = useRef(0);

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        if (usable()) togglePalette();
        return;
      }
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target) || isInDialog()) return;
      if (event.key === "?") {
        event.preventDefault();
        showShortcuts();
      } else if (event.key === "/") {
        const search = document.querySelector<HTMLInputElement>("[data-search-shortcut]");
        if (!search) return;
        event.preventDefault();
        search.focus();
        search.select();
      } else if (event.key === "g") {
        chord.current = event.timeStamp;
      } else if (event.timeStamp - chord.current < chordMilliseconds) {
        chord.current = 0;
        const place = places.find((one) => one.key === event.key);
        if (place) {
          event.preventDefault();
          onGo(place.to);
        }
      }
    };
    // The palette does not open over another dialog, but its own key may close it.
    const usable = () => !isInDialog() || document.querySelector("[data-palette]") !== null;
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [places, onGo]);

  return (
    <Suspense fallback={null}>
      {paletteOpen && <Palette key={workspace.id} places={places} onGo={onGo} onClose={closePalette} />}
      {helpOpen && <ShortcutsDialog places={places} onClose={hideShortcuts} />}
    </Suspense>
  );
}
