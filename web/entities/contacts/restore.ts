import type { QueryClient } from "@tanstack/react-query";
import { isolated, plural } from "#ui/format.ts";
import { toast } from "#ui/toaster.tsx";
import { api } from "#web/lib/api.ts";
import { refreshBin } from "./bin-queries.ts";

/** How long the toast with Undo stays. The bin holds the contacts for much longer. */
const undoShown = 10_000;

/** Restores contacts and tells the result in a toast. Resolves to whether it was done. */
export async function restoreContacts(
  client: QueryClient,
  { ids, name }: { ids: readonly string[]; name: string | null },
): Promise<boolean> {
  try {
    const { restored } = await api("restoreFromBin", { body: { ids: [...ids] } });
    toast({
      status: "success",
      title: name ? `${isolated(name)} is restored` : `Restored ${plural(restored, "contact")}`,
      description: "The flows that were ended stay ended.",
    });
    return true;
  } catch (error) {
    toast({ status: "error", title: "The contacts were not restored", description: (error as Error).message });
    return false;
  } finally {
    await refreshBin(client);
  }
}

/** Says that contacts were deleted, and offers to restore them. */
export function offerUndoOfDelete(client: QueryClient, { ids, name }: { ids: readonly string[]; name: string | null }): void {
  toast({
    status: "success",
    title: name ? `Deleted ${isolated(name)}` : `Deleted ${plural(ids.length, "contact")}`,
    duration: undoShown,
    action: { label: "Undo", onClick: () => void restoreContacts(client, { ids, name }) },
  });
}
