import { Box } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useSyncExternalStore } from "react";
import { keepsClear } from "#ui/keeps-clear.ts";
import { activeBulkJobsQuery } from "#web/entities/bulk-jobs/bulk-job-queries.ts";
import { followedJobs, onFollowedJobs } from "#web/entities/bulk-jobs/followed-jobs.ts";
import { useJobEnd } from "./use-job-end.ts";

/** Most pages are looked at while no change of many contacts is under way. */
const TrayRow = lazy(async () => ({ default: (await import("./tray-row.tsx")).TrayRow }));

/** The bulk jobs that run, at the foot of every page, also those of other people and of tabs that were closed. */
export function BulkTray({ onDetails }: { onDetails: (jobId: string) => void }) {
  const active = useQuery(activeBulkJobsQuery);
  const followed = useSyncExternalStore(onFollowedJobs, followedJobs);
  const jobs = active.data ?? [];
  return (
    <>
      {followed.map((id) => (
        <FollowedJob key={id} id={id} onDetails={onDetails} />
      ))}
      {jobs.length > 0 && (
        <Box
          as="section"
          aria-label="Bulk changes that run"
          flexShrink={0}
          maxHeight="40dvh"
          overflowY="auto"
          bg="bg.panel"
          borderTopWidth="1px"
          px={{ base: "4", md: "6" }}
          css={{ "& > * + *": { borderTopWidth: "1px" } }}
          {...keepsClear}
        >
          {jobs.map((job) => (
            <Suspense key={job.id}>
              <TrayRow job={job} />
            </Suspense>
          ))}
        </Box>
      )}
    </>
  );
}

/** Watches a job of this tab until its end was told. */
function FollowedJob({ id, onDetails }: { id: string; onDetails: (jobId: string) => void }) {
  useJobEnd(id, onDetails);
  return null;
}
