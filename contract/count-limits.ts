/** How many of something a workspace may hold. The check takes them one after the other, so requests that come in together hold them as well. */
export const countLimits = {
  secrets: { most: 100, words: "secrets", free: "Delete one that is not used any more." },
  apiKeys: { most: 200, words: "API keys", free: "Revoke one that is not used any more." },
  invitations: { most: 200, words: "open invitations", free: "Take one back, or wait until it is used or has expired." },
  members: { most: 1_000, words: "members", free: "Somebody must leave first." },
  flows: { most: 2_000, words: "flows", free: "Change one that is not used any more." },
  flowFolders: { most: 500, words: "folders", free: "Delete one that is not used any more." },
  savedLaunches: { most: 1_000, words: "saved launches", free: "Delete one that is not used any more." },
  leadStatuses: { most: 100, words: "lead statuses", free: "Remove one that no contact has." },
} as const;
export type Counted = keyof typeof countLimits;

/** How many workspaces one person may own. */
export const mostWorkspaces = 100;
