import type { Request, Response } from "express";
import type { z } from "zod";
import type { Role, Scope } from "#contract/people.ts";
import type { Route } from "#contract/route.ts";
import type { RouteId, Routes } from "#contract/routes.ts";
import type { Tx } from "#db/client.ts";
import type { Resources } from "../compose/resources.ts";
import type { Caller } from "./identity.ts";

/** Who calls: a signed-in person or an API key. `userId` is what row level security sees as auth.uid(). */
export type Principal =
  | { kind: "user"; userId: string; name: string; email: string; sessionId: string }
  | { kind: "key"; userId: string; name: string; keyId: string; workspaceId: string; scopes: readonly Scope[] };

interface Call<R extends Route> {
  params: z.output<R["params"]>;
  query: z.output<R["query"]>;
  body: z.output<R["body"]>;
  resources: Resources;
  req: Request;
  res: Response;
  /** Aborts when the client went away. */
  signal: AbortSignal;
}

/** A member's call. The workspace is already checked; there is no other way to learn it. */
export interface MemberCall<R extends Route> extends Call<R> {
  principal: Principal;
  workspaceId: string;
  role: Role;
  /**
   * `json` routes: one transaction of the caller under row level security, read-only for GET, committed when the
   * handler returns. Streaming routes (sse, csv, upload) must not hold a transaction open and use `inTransaction`.
   */
  db: Tx;
  inTransaction<T>(fn: (db: Tx) => Promise<T>): Promise<T>;
  /** The Idempotency-Key of the request, if one was sent. Repetitions are answered before the handler is asked. */
  idempotencyKey: string | undefined;
  /**
   * An id for what this request creates: the same one whenever the same caller repeats the request with the same
   * Idempotency-Key, undefined without one. For effects that are committed outside of `db`, which the stored answer
   * cannot protect when we die in between.
   */
  repeatableId: string | undefined;
  /** Says more in the audit log than the route's word: on what, and what changed. Never personal data or secrets. */
  note(entry: { subjectId?: string; details?: Record<string, unknown> }): void;
}

export interface UserCall<R extends Route> extends Call<R> {
  principal: Extract<Principal, { kind: "user" }>;
  caller: Caller;
}

export interface PublicCall<R extends Route> extends Call<R> {
  /** Who calls, if that can be known; asked for only where it matters, so that a health check needs no database. */
  findPrincipal(): Promise<Principal | undefined>;
  caller: Caller;
}

type CallOf<R extends Route> = R["auth"] extends { kind: "public" }
  ? PublicCall<R>
  : R["auth"] extends { kind: "user" }
    ? UserCall<R>
    : MemberCall<R>;

/** `json` and `upload` handlers return the answer; `sse`, `csv` and `page` handlers write to `res` themselves. */
export type Handler<R extends Route> = (call: CallOf<R>) => Promise<z.input<R["response"]> | undefined>;

/** One handler per route of the table: a forgotten one does not compile. */
export type Handlers = { [Id in RouteId]: Handler<Routes[Id]> };
