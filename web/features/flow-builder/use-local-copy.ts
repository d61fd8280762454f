import { useEffect, useState } from "react";
import type { CopyShelf, LocalCopy } from "./draft/copy-shelf.ts";
import type { DraftStore } from "./draft/draft-store.ts";
import { keepLocalCopies } from "./draft/local-copy.ts";

/** Milliseconds. Another page that is still open may save what it has. */
const lookAgain = 3_000;

/** Keeps what is not saved in this browser, and finds what an earlier page has left. */
export function useLocalCopy(store: DraftStore, shelf: CopyShelf) {
  const [copies] = useState(() => keepLocalCopies(store, shelf));
  const [found, setFound] = useState<LocalCopy | null>(null);
  const isFound = found !== null;
  useEffect(() => {
    let isOver = false;
    const look = () => void copies.find().then((copy) => !isOver && setFound(copy ?? null));
    if (!isFound) look();
    const timer = isFound ? setInterval(look, lookAgain) : undefined;
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [copies, isFound]);
  return {
    found,
    bringBack: () => {
      if (found && copies.bringBack(found)) setFound(null);
    },
    throwAway: () => {
      copies.throwAway();
      setFound(null);
    },
  };
}
