import type { BulkJob } from "#contract/bulk-jobs.ts";

/*
 * The jobs that this tab began, until their end was told. The tray reads them; whatever begins a job adds it. A job that
 * is over before the tray has looked at it once is therefore told all the same.
 */
let followed: readonly string[] = [];
const listeners = new Set<() => void>();

function set(next: readonly string[]): void {
  followed = next;
  for (const tell of listeners) tell();
}

export const followJob = ({ id }: Pick<BulkJob, "id">): void => {
  if (!followed.includes(id)) set([...followed, id]);
};

export const unfollowJob = (id: string): void => {
  if (followed.includes(id)) set(followed.filter((other) => other !== id));
};

export const followedJobs = (): readonly string[] => followed;

export function onFollowedJobs(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
