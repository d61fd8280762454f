import type { Role } from "#contract/people.ts";

export const roleWords = {
  owner: { label: "Owner", article: "an owner", may: "Everything, owners included" },
  admin: { label: "Admin", article: "an admin", may: "Members, channels, API keys, and all an editor may" },
  editor: { label: "Editor", article: "an editor", may: "Edit contacts and flows, send flows" },
  viewer: { label: "Viewer", article: "a viewer", may: "See everything, change nothing" },
} as const satisfies Record<Role, { label: string; article: string; may: string }>;

export const roleOptions = <R extends Role>(choices: readonly R[]) =>
  [...choices].reverse().map((role) => ({ value: role, label: roleWords[role].label }));
