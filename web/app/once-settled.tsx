import { useIsFetching } from "@tanstack/react-query";
import { useEffect } from "react";

/** Milliseconds after which a page counts as settled that still waits, for example for a server that cannot be reached. */
const longest = 4000;

/**
 * Tells when the page beside it stands and what it asked the server for is there. It is drawn in the same `Suspense` as
 * the page, so its effect runs when the page's code has come.
 */
export function OnceSettled({ onSettled }: { onSettled: () => void }) {
  const isBusy = useIsFetching() > 0;
  useEffect(() => {
    if (!isBusy) onSettled();
  }, [isBusy, onSettled]);
  useEffect(() => {
    const timer = setTimeout(onSettled, longest);
    return () => clearTimeout(timer);
  }, [onSettled]);
  return null;
}
