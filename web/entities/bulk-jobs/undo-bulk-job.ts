import type { QueryClient } from "@tanstack/react-query";
import { toast } from "#ui/toaster.tsx";
import { api } from "#web/lib/api.ts";
import { isApiError } from "#web/lib/api-error.ts";
import { refreshBulkJobs } from "./bulk-job-queries.ts";
import { followJob } from "./followed-jobs.ts";

/** Begins the job that takes another one back. The tray shows it, and tells its end. */
export async function undoBulkJob(client: QueryClient, id: string): Promise<void> {
  try {
    followJob(await api("undoBulkJob", { params: { id } }));
  } catch (error) {
    const code = isApiError(error) ? ` (${error.code})` : "";
    const said = error instanceof Error ? error.message : "Something went wrong.";
    toast({ id: `bulk-undo-${id}`, status: "error", title: "The change was not undone", description: `${said}${code}` });
  } finally {
    await refreshBulkJobs(client);
  }
}
