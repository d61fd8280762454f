import { useEffect, useState } from "react";
import type { ContactFilter } from "#contract/contacts.ts";
import { toast } from "#ui/toaster.tsx";
import { type ContactSelection, nothing, underFilter, withTotal } from "./selection.ts";

/** The selection of the contacts page under what is listed now. */
export function useContactSelection(filter: ContactFilter, total: number | undefined) {
  const [kept, setSelection] = useState<ContactSelection>(nothing);
  const { selection: fitting, reset } = underFilter(kept, filter);
  const selection = total === undefined ? fitting : withTotal(fitting, total);

  useEffect(() => {
    if (!reset) return;
    setSelection(nothing);
    // Toasts render synchronously, which React refuses during a render.
    queueMicrotask(() =>
      toast({
        id: "selection-reset",
        status: "info",
        title: "Selection cleared",
        description: "“All that match” was chosen under the search and filters before. Choose again for these.",
      }),
    );
  }, [reset]);

  return [selection, setSelection] as const;
}
