import { Bookmark } from "lucide-react";
import { useState } from "react";
import type { SavedTerms } from "#contract/saved-launches.ts";
import { Button } from "#ui/button.tsx";
import { SaveLaunchDialog } from "./save-launch-dialog.tsx";

/** Saves what is set, for who sends the same again. */
export function SaveLaunch({ flowId, terms, disabled }: { flowId: string; terms: SavedTerms; disabled: boolean }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button tone="ghost" size="xs" icon={Bookmark} alignSelf="flex-start" onClick={() => setOpen(true)} disabled={disabled}>
        Save for next time…
      </Button>
      {open && <SaveLaunchDialog flowId={flowId} terms={terms} onClose={() => setOpen(false)} />}
    </>
  );
}
