import { securityEvents } from "#contract/audit.ts";
import type { Route } from "#contract/route.ts";
import { countAuditEntry, countAuditEntryAbout } from "#db/queries/audit-log.ts";
import { findUserByEmail } from "#db/queries/people.ts";
import { listWorkspacesOf } from "#db/queries/workspaces.ts";
import type { Resources } from "../compose/resources.ts";
import { ApiError } from "./errors.ts";
import type { Principal } from "./handler.ts";
import { actorNameOf } from "./principal.ts";

type Parts = Pick<Resources, "ownerDb" | "log">;

/**
 * Records what somebody tried and was refused, for the admins of the workspace: one entry an hour for each caller and
 * route, which counts. Nobody waits for it, and the answer is the same if it fails. The log of the process names the caller
 * by id, at the first time within the hour.
 */
export function recordRefusal(
  { ownerDb, log }: Parts,
  { error, principal, workspaceId, route, requestId }: Refusal & { workspaceId: string | undefined },
): void {
  if (!(error instanceof ApiError) || error.status !== 403) return;
  const place = `${route.method} ${route.path}`;
  const entry = {
    actorId: principal.userId,
    actorName: actorNameOf(principal),
    action: securityEvents.refused,
    subjectId: place,
    subjectName: route.summary,
    details: { code: error.code },
  };
  inBackground(log, async () => {
    const workspaces = workspaceId === undefined ? (await listWorkspacesOf(ownerDb, principal.userId)).map(({ id }) => id) : [workspaceId];
    const counts = await Promise.all(workspaces.map((id) => countAuditEntry(ownerDb, { ...entry, workspaceId: id })));
    if (counts.includes(1))
      log.warn({ requestId, route: place, code: error.code, caller: callerOf(principal), workspaceId }, "A caller was refused");
  });
}

interface Refusal {
  error: unknown;
  principal: Principal;
  route: Pick<Route, "method" | "path" | "summary">;
  requestId: string | undefined;
}

/**
 * Records a wrong password, or one too many, in every workspace of the person whose account it was tried with: one entry an
 * hour, which counts. It runs beside the answer, so that its time does not tell whether the account exists.
 */
export function recordFailedSignIn({ ownerDb, log }: Parts, { error, email }: { error: unknown; email: string }): void {
  if (!isGuess(error)) return;
  inBackground(log, async () => {
    const person = await findUserByEmail(ownerDb, email);
    const times = person ? await countAuditEntryAbout(ownerDb, { userId: person.id, action: securityEvents.signInFailed }) : 0;
    if (times <= 1) log.warn({ userId: person?.id ?? null, code: (error as ApiError).code }, "A sign-in failed");
  });
}

/**
 * Records a token that names a person and was not made by those who sign people in: one entry an hour in every workspace of the
 * person, which counts. It costs a stranger nothing to send them, so a person's is written one at a time and a few are at once; those
 * that come meanwhile are not counted.
 */
export function createForgeryRecord({ ownerDb, log }: Parts): (userId: string) => void {
  const writing = new Set<string>();
  return (userId) => {
    if (writing.has(userId) || writing.size >= 20) return;
    writing.add(userId);
    inBackground(log, async () => {
      try {
        const times = await countAuditEntryAbout(ownerDb, { userId, action: securityEvents.tokenForged });
        if (times === 1) log.warn({ userId }, "An access token was forged");
      } finally {
        writing.delete(userId);
      }
    });
  };
}

/** Records that whoever has a session of this person did not know the password. */
export function recordFailedPassword({ ownerDb, log }: Parts, { error, userId }: { error: unknown; userId: string }): void {
  if (!isGuess(error)) return;
  inBackground(log, async () => {
    const times = await countAuditEntryAbout(ownerDb, { userId, action: securityEvents.passwordFailed });
    if (times <= 1) log.warn({ userId, code: (error as ApiError).code }, "A change of a password failed");
  });
}

const isGuess = (error: unknown): boolean =>
  error instanceof ApiError && (error.code === "wrong_credentials" || error.code === "too_many_requests");

const callerOf = (principal: Principal) => (principal.kind === "key" ? `key:${principal.keyId}` : `user:${principal.userId}`);

function inBackground(log: Resources["log"], work: () => Promise<void>): void {
  work().catch((err: unknown) => log.error({ err }, "A security event could not be recorded"));
}
