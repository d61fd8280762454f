import { z } from "zod";
import { GivenTimestamp } from "./date-bounds.ts";
import { PageQuery, Timestamp, Uuid } from "./pagination.ts";

/** One event of the workspace: who did what, to what, and when. */
export const AuditEntry = z.object({
  id: Uuid,
  at: Timestamp,
  /** The action of the route, such as "contact.create". */
  action: z.string(),
  actorId: Uuid.nullable(),
  /** As it was called then; an API key begins with "API key". Null: nobody was signed in. */
  actorName: z.string().nullable(),
  subjectType: z.string().nullable(),
  subjectId: z.string().nullable(),
  /** As it was called then. A contact has the name it has now, and none once it is deleted. */
  subjectName: z.string().nullable(),
  /** Events that may happen often share one entry an hour, which counts them. */
  times: z.number().int(),
  /** When it happened last, where it happened more than once. */
  lastAt: Timestamp.nullable(),
  details: z.record(z.string(), z.unknown()),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

export const AuditQuery = z.strictObject({
  ...PageQuery.shape,
  /** The kind of what was changed: "contact", "send". */
  subjectType: z
    .string()
    .regex(/^[a-z_]{1,40}$/)
    .optional(),
  /** The person who did it, or the one whose account or membership it is about. */
  actorId: Uuid.optional(),
  /** From this moment on. */
  from: GivenTimestamp.optional(),
  /** Before this moment. */
  until: GivenTimestamp.optional(),
});
export type AuditQuery = z.infer<typeof AuditQuery>;

/** Events that no route names as its own: what people tried, and what the engine finished. */
export const securityEvents = {
  signInFailed: "session.sign_in_failed",
  tokenForged: "session.token_forged",
  passwordFailed: "account.password_failed",
  refused: "access.refused",
} as const;
export const furtherAuditActions = [
  ...Object.values(securityEvents),
  "contacts.bulk_end",
  "member.leave",
  "send.ask",
  "send.return",
  "send.withdraw",
  "send.canary_held",
  "send.canary_passed",
] as const;
