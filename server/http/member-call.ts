import { createHash } from "node:crypto";
import type { Request, Response } from "express";
import type { Route, RouteAuth } from "#contract/route.ts";
import { unstorablePart } from "#contract/storable.ts";
import { asMember, CallerGone, type Tx } from "#db/client.ts";
import { insertAuditEntry } from "#db/queries/audit-log.ts";
import type { IdempotencyPlace } from "#db/queries/idempotency-keys.ts";
import { signalOf } from "./client-gone.ts";
import { ApiError, notFound } from "./errors.ts";
import type { Principal } from "./handler.ts";
import { heavyKindOf } from "./heavy-kind.ts";
import type { HeavyKind } from "./heavy-statements.ts";
import { type Answer, readIdempotencyKey } from "./idempotency.ts";
import { readJsonBody } from "./json-body.ts";
import type { MountedRoute } from "./mounted-route.ts";
import { parseRequest } from "./parse-request.ts";
import { actorNameOf, isStillAllowed, personBehind, requireMembership, requirePrincipal } from "./principal.ts";
import { checkResponse } from "./response-check.ts";
import { recordRefusal } from "./security-events.ts";
import { readUpload } from "./upload.ts";

interface Note {
  /** The command has written the entry itself, in the transaction of its change. */
  isWritten?: boolean;
  subjectId?: string;
  /** Only for what was deleted a moment ago; the database finds the others by their id. */
  subjectName?: string;
  details?: Record<string, unknown>;
  /** The contact whom the answer tells about, where it does not name them itself. A kept answer goes with them. */
  contactId?: string;
}

/**
 * Answers one request of a member. It identifies the caller, then the workspace, then checks the request, in this
 * order. Then the handler runs in one transaction under row level security.
 */
export async function answerMember(mounted: MountedRoute, req: Request, res: Response): Promise<void> {
  const { route, resources } = mounted;
  const principal = await requirePrincipal(resources, req, res);
  try {
    await answerPrincipal(mounted, principal, req, res);
  } catch (error) {
    const { requestId, workspaceId } = res.locals;
    // A workspace that is not the caller's is answered as one that does not exist, so there is nowhere to record it.
    if (workspaceId !== undefined) recordRefusal(resources, { error, principal, workspaceId, route, requestId });
    throw error;
  }
}

async function answerPrincipal(mounted: MountedRoute, principal: Principal, req: Request, res: Response): Promise<void> {
  const { id, route, handler, resources, idempotency, streams, streamAccess, uploads } = mounted;
  const auth = route.auth as Extract<RouteAuth, { kind: "member" }>;
  const { workspaceId, role } = await requireMembership(resources, principal, auth, workspaceAskedFor(route, req), (found) => {
    res.locals.workspaceId = found;
  });
  const caller = principal.kind === "key" ? principal.keyId : principal.userId;
  await mounted.rates?.count(res, route.rate, { caller, workspaceId, address: res.locals.clientAddress });
  const isRead = route.method === "GET" || route.changesNothing;

  if (route.kind === "upload") uploads.add({ workspaceId, person: personBehind(principal) }, req, res);
  const upload = route.kind === "upload" ? await readUpload(req, res, route.bodyLimit) : undefined;
  const readBody = () => mounted.callerPlace.without(() => readJsonBody(req, res, route.bodyLimit));
  const rawBody = upload ? upload.settings : route.method === "GET" ? undefined : await readBody();
  const parsed = parseRequest(route, req, rawBody);
  checkWorkspaceInBody(parsed.body, workspaceId);

  // What changes nothing may be asked again as it is.
  const key = isRead ? undefined : readIdempotencyKey(req);
  const place = key === undefined ? undefined : { workspaceId, principalId: principal.userId, route: id, key };
  const signal = signalOf(res);
  const heavyKind = heavyKindOf(route, parsed);
  // A read that nobody waits for is ended. A change that was asked for is made, also where the person leaves the page.
  const access = { userId: principal.userId, write: !isRead, isHeavy: heavyKind !== undefined, ...(isRead ? { signal } : {}) };
  const note: Note = {};
  let status = route.status;
  // The same settings with another file are another request.
  const asked = upload ? { ...parsed, file: createHash("sha256").update(upload.file).digest("base64url") } : parsed;
  const call = {
    ...parsed,
    file: upload?.file ?? new Uint8Array(),
    resources,
    req,
    res,
    signal,
    principal,
    workspaceId,
    role,
    inTransaction: <T>(fn: (db: Tx) => Promise<T>) => inItsTurn(() => asMember(resources.apiDb, access, fn)),
    idempotencyKey: key,
    repeatableId: place && idempotency.repeatableIdFor(place),
    accepted: () => {
      status = 202;
    },
    note: (entry: Note) => void Object.assign(note, entry),
    audit: async (db: Tx) => {
      await audit(db, undefined);
      note.isWritten = true;
    },
  };
  const audit = (db: Tx, body: unknown) => writeAudit(db, { route, principal, workspaceId, note, body, params: parsed.params });

  const takePlace = (kind: HeavyKind) =>
    mounted.heavy.enter({ workspaceId, person: personBehind(principal), kind, isChange: !isRead }, signal);
  // A request that waits for a heavy turn uses no processor, so it holds no other request of its caller up.
  if (heavyKind) mounted.callerPlace.leave();
  const leave = heavyKind && (await takePlace(heavyKind));
  try {
    await run();
  } finally {
    leave?.();
  }

  /** A file that is read slowly keeps its place in the workspace, and takes one among all only while a page of it is read. */
  async function inItsTurn<T>(work: () => Promise<T>): Promise<T> {
    if (heavyKind !== "long" || !(route.kind === "csv" || route.kind === "zip")) return work();
    const leavePage = await takePlace("page").catch((error: unknown) => {
      throw signal.aborted ? new CallerGone() : error;
    });
    return work().finally(leavePage);
  }

  async function run(): Promise<void> {
    if (route.kind === "sse") streams.add({ userId: principal.userId, route: id }, res);
    const isFile = route.kind === "csv" || route.kind === "zip";
    if (route.kind === "sse" || isFile) {
      const isAllowed = () => isStillAllowed(resources, { principal, auth, workspaceId }, req, res);
      // A stream ends as it always may. A file is cut off, so that half of it is not taken for the whole.
      const end = () => (route.kind === "sse" ? res.end() : res.destroy());
      streamAccess.watch({ workspaceId, userId: principal.userId, isAllowed, end }, res);
    }
    if (isFile) {
      // A caller who goes away in the middle has taken what was written, so that is recorded as well.
      try {
        await handler(withoutTransaction(call));
      } finally {
        if (res.headersSent) await asMember(resources.apiDb, { userId: principal.userId, write: true }, (db) => audit(db, undefined));
      }
      res.end();
      return;
    }
    if (route.kind === "sse") {
      const body = await handler(withoutTransaction(call));
      if (route.audit) await call.inTransaction((db) => audit(db, body));
      return;
    }

    const answer = route.waitsOutside || route.kind === "upload" ? await answerFromOutside() : await answerInTransaction();
    if (route.endsAccess) await streamAccess.recheck({ workspaceId });
    // The answer leaves after the commit, so that everything it reports has really happened.
    send(res, answer);
  }

  /** The effect, the line of the audit log and the stored answer stand or fall together. */
  function answerInTransaction(): Promise<Answer> {
    return call.inTransaction(async (db) => {
      const work = async () => conclude(db, await handler({ ...call, db }));
      return place ? idempotency.once(db, place, asked, work) : { ...(await work()), replayed: false };
    });
  }

  /**
   * What is asked for is done between two transactions. The first takes the key, so that the same request at the same moment
   * is not done beside it.
   */
  async function answerFromOutside(): Promise<Answer> {
    const before = place && (await call.inTransaction((db) => idempotency.begin(db, place, asked)));
    if (before) return before;
    let body: unknown;
    try {
      body = await handler(withoutTransaction(call));
    } catch (error) {
      if (place) await release(place);
      throw error;
    }
    if (!route.audit && !place) return { status, body, replayed: false };
    return call.inTransaction(async (db) => {
      const answer = await conclude(db, body);
      if (place) await idempotency.finish(db, place, answer);
      return { status: answer.status, body: answer.body, replayed: false };
    });
  }

  /** Where this fails, the key is free again after some minutes. */
  async function release(of: IdempotencyPlace): Promise<void> {
    await call
      .inTransaction((db) => idempotency.release(db, of))
      .catch((err: unknown) => resources.log.warn({ err, route: route.path }, "the key of a refused request could not be given back"));
  }

  async function conclude(db: Tx, body: unknown): Promise<{ status: number; body: unknown; contactId: string | undefined }> {
    if (mounted.checkResponses) checkResponse(route, body);
    await audit(db, body);
    return { status, body, contactId: note.contactId };
  }
}

function send(res: Response, { status, body, replayed }: Answer): void {
  if (replayed) res.set("Idempotent-Replayed", "true");
  res.status(status).json(body);
}

/** The workspace is named by the header, or by the query where the browser cannot set a header (streams, downloads). */
function workspaceAskedFor(route: Route, req: Request): string | undefined {
  const header = req.get("x-workspace-id");
  if (header !== undefined) return header;
  const shape = (route.query as { shape?: Record<string, unknown> }).shape;
  const fromQuery = shape && "workspaceId" in shape ? req.query.workspaceId : undefined;
  if (typeof fromQuery !== "string") return undefined;
  // It is looked up before the rest of the request is judged, and the database takes no such text.
  if (unstorablePart(fromQuery) !== undefined) throw notFound();
  return fromQuery;
}

/**
 * Old clients name the workspace in the body. The body never chooses the workspace. Another one than the caller's is
 * refused and not ignored.
 */
function checkWorkspaceInBody(body: unknown, workspaceId: string): void {
  const named = (body as { workspaceId?: unknown } | undefined)?.workspaceId;
  if (named === undefined || named === workspaceId) return;
  throw new ApiError("workspace_mismatch", "The workspaceId in the body is not the workspace you are working in.");
}

async function writeAudit(
  db: Tx,
  given: { route: Route; principal: Principal; workspaceId: string; note: Note; body: unknown; params: unknown },
): Promise<void> {
  const { route, principal, workspaceId, note } = given;
  if (!route.audit || note.isWritten) return;
  await insertAuditEntry(db, {
    workspaceId,
    actorId: principal.userId,
    actorName: actorNameOf(principal),
    action: route.audit,
    subjectId: note.subjectId ?? idIn(given.params) ?? idIn(given.body),
    subjectName: note.subjectName,
    details: note.details,
  });
}

function idIn(value: unknown): string | undefined {
  const id = (value as { id?: unknown } | undefined)?.id;
  return typeof id === "string" ? id : undefined;
}

/** A stream may last for hours. A transaction held for as long would keep Postgres from vacuuming dead rows. */
function withoutTransaction<T extends object>(call: T): T {
  return Object.defineProperty({ ...call }, "db", {
    get() {
      throw new Error("Streaming routes have no transaction of their own: use inTransaction.");
    },
  });
}
