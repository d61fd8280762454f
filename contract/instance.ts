import { z } from "zod";
import { Timestamp, Uuid } from "./pagination.ts";

/** The state of the instance that concerns all its workspaces. */
export const Instance = z.object({
  /** Set if this is a restored copy of data that was at another place. It sends nothing until an instance admin allows it. */
  sendingHeldSince: Timestamp.nullable(),
});
export type Instance = z.infer<typeof Instance>;

/** A person who may act on the whole instance. Their roles in workspaces are another matter. */
export const InstanceAdmin = z.object({ userId: Uuid, name: z.string(), email: z.string(), since: Timestamp });
export type InstanceAdmin = z.infer<typeof InstanceAdmin>;

/** One act on the instance. */
export const InstanceEvent = z.object({
  id: Uuid,
  action: z.string(),
  actorName: z.string().nullable(),
  /** The name of the person it was done to, if it was done to one. */
  subjectName: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
  at: Timestamp,
});
export type InstanceEvent = z.infer<typeof InstanceEvent>;

export const InstanceSettings = z.object({
  /** If not set, only instance admins create workspaces. */
  membersMayCreateWorkspaces: z.boolean(),
  admins: z.array(InstanceAdmin),
  /** The last 50 acts on the instance, newest first. */
  events: z.array(InstanceEvent),
});
export type InstanceSettings = z.infer<typeof InstanceSettings>;

export const InstanceSettingsPatch = z.strictObject({ membersMayCreateWorkspaces: z.boolean() });
/** The address of an account that belongs to a workspace of this instance. */
export const InstanceAdminInput = z.strictObject({ email: z.email("Not an e-mail address").max(254) });
