import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import type { CreateBulkJob } from "#contract/bulk-jobs.ts";
import { api } from "#web/lib/api.ts";
import { refreshBulkJobs } from "./bulk-job-queries.ts";
import { followJob } from "./followed-jobs.ts";

export type BulkRequest = Pick<CreateBulkJob, "selection" | "action" | "expectedTotal" | "confirm">;

/**
 * Begins bulk jobs. The id of a job is made here, once for each request: another try after the connection broke carries
 * the same id and is the same job to the server.
 */
export function useStartBulkJob({ onStarted }: { onStarted: (request: BulkRequest) => void }) {
  const client = useQueryClient();
  const last = useRef({ request: "", jobId: "" });
  return useMutation({
    mutationFn: (request: BulkRequest) => {
      const text = JSON.stringify(request);
      if (last.current.request !== text) last.current = { request: text, jobId: crypto.randomUUID() };
      return api("createBulkJob", { body: { jobId: last.current.jobId, ...request } });
    },
    onSuccess: async (job, request) => {
      last.current = { request: "", jobId: "" };
      followJob(job);
      onStarted(request);
      await refreshBulkJobs(client);
    },
  });
}
