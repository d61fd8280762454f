import { useState } from "react";
import { keep, recall } from "#ui/browser-memory.ts";

const key = "flows-tree";
/** As wide that the tree and all columns have room beside each other. */
const wide = "(min-width: 96rem)";

/** Whether folders stand as a tree beside the flows, as this person left it; at first where there is room. */
export function useTreeShown(): readonly [boolean, () => void] {
  const [isShown, setShown] = useState(() => (recall(key) ?? (matchMedia(wide).matches ? "shown" : "hidden")) === "shown");
  const turn = () => {
    keep(key, isShown ? "hidden" : "shown");
    setShown(!isShown);
  };
  return [isShown, turn];
}
