import { toast } from "#ui/toaster.tsx";

/** The answer to what somebody did, in place of the one before. */
export const tell = (title: string, description?: string): void =>
  toast({ id: "builder-step", status: "info", title, ...(description && { description }), duration: 4_000 });
