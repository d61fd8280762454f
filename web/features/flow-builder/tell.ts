import { say } from "#ui/say.tsx";
import { toast } from "#ui/toaster.tsx";

/** The answer to what somebody did, in place of the one before. */
export const tell = (title: string, description?: string): void =>
  toast({ id: "builder-step", status: "info", title, ...(description && { description }), duration: 4_000 });

/** Says aloud what was done, in the words in which an undo tells it. To the eye the flow shows it. */
export const sayDone = (label: string): void => say(`Done: ${label}`);
