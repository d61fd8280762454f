import { Checkmark } from "@chakra-ui/react";
import { useEffect, useRef } from "react";
import type { Tick } from "./row-selection.ts";

interface TickBoxProps {
  tick: Tick;
  label: string;
  tabIndex?: number;
  /** `range` when Shift was held. */
  onChange: (selected: boolean, range: boolean) => void;
}

/** A native box stretched over its whole cell, invisible above the drawn mark: the target is 40 px, not 16. */
export function TickBox({ tick, label, tabIndex, onChange }: TickBoxProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (input.current) input.current.indeterminate = tick === "some";
  }, [tick]);
  return (
    <>
      <input
        ref={input}
        type="checkbox"
        className="tick"
        aria-label={label}
        checked={tick === "all"}
        tabIndex={tabIndex}
        onChange={(event) => onChange(event.target.checked, (event.nativeEvent as MouseEvent).shiftKey === true)}
      />
      <Checkmark size="sm" checked={tick === "all"} indeterminate={tick === "some"} aria-hidden />
    </>
  );
}
