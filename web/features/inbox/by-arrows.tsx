import { Box } from "@chakra-ui/react";
import { type KeyboardEvent, type ReactNode, useRef } from "react";

/** Rows that scroll. The arrow keys go from one to the next and open it; a row is a button with `data-row`. */
export function ByArrows({ children }: { children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const rows = [...(box.current?.querySelectorAll<HTMLButtonElement>("[data-row]") ?? [])];
    const next = rows[Math.max(0, Math.min(rows.length - 1, rows.indexOf(event.target as HTMLButtonElement) + step))];
    next?.focus();
    next?.click();
  };
  return (
    <Box ref={box} flex="1" minH="0" overflowY="auto" onKeyDown={move}>
      {children}
    </Box>
  );
}
